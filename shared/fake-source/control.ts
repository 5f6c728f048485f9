import { type DatasetChange, type EntitySpec, entityKey, type Row } from './dataset.ts';
import type { SwitchOrder } from './switches.ts';

/** An order given at the control door. */
export type ControlOrder =
  | { readonly kind: 'fault'; readonly name: string; readonly order: SwitchOrder }
  | { readonly kind: 'put'; readonly rows: Readonly<Record<string, readonly Row[]>> }
  | { readonly kind: 'delete'; readonly ids: Readonly<Record<string, readonly (string | number)[]>> }
  | { readonly kind: 'step'; readonly name: string }
  | { readonly kind: 'live'; readonly on: boolean }
  | { readonly kind: 'reset' };

/** A control body as read: the order and the tenant it names, or what is wrong with it. */
export type ControlRead = { readonly order: ControlOrder; readonly tenant: string | null } | { readonly wrong: string };

const ACTIONS = ['fault', 'put', 'delete', 'step', 'live', 'reset'] as const;
const FAULT_FIELDS = ['on', 'entity', 'times', 'value'];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the body of `POST /__control`; every mistake is told in words. */
export function readControl(text: string): ControlRead {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { wrong: `the body is no JSON: ${error.message}` };
    throw error;
  }
  if (!isRecord(body)) return { wrong: 'the body must be a JSON object' };
  const actions = ACTIONS.filter((action) => action in body);
  const action = actions[0];
  if (action === undefined || actions.length > 1) return { wrong: `the body must hold exactly one of ${ACTIONS.join(', ')}` };
  const known = [action, 'tenant', ...(action === 'fault' ? FAULT_FIELDS : [])];
  const strange = Object.keys(body).filter((field) => !known.includes(field));
  if (strange.length > 0)
    return { wrong: `unknown field ${strange.join(', ')}; beside "${action}" stand ${known.slice(1).join(', ')}` };
  const { tenant } = body;
  if (tenant !== undefined && typeof tenant !== 'string') return { wrong: '"tenant" must be a tenant id' };
  const order = readAction(action, body);
  return typeof order === 'string' ? { wrong: order } : { order, tenant: tenant ?? null };
}

function readAction(action: (typeof ACTIONS)[number], body: Record<string, unknown>): ControlOrder | string {
  switch (action) {
    case 'fault':
      return readFault(body);
    case 'put': {
      const rows = body.put;
      const good = isRecord(rows) && Object.values(rows).every((list) => Array.isArray(list) && list.every(isRecord));
      return good ? { kind: 'put', rows: rows as Record<string, Row[]> } : '"put" must be {ENTITY:[rows]}';
    }
    case 'delete': {
      const ids = body.delete;
      const isId = (id: unknown): boolean => typeof id === 'string' || typeof id === 'number';
      const good = isRecord(ids) && Object.values(ids).every((list) => Array.isArray(list) && list.every(isId));
      return good ? { kind: 'delete', ids: ids as Record<string, (string | number)[]> } : '"delete" must be {ENTITY:[ids]}';
    }
    case 'step':
      return typeof body.step === 'string' ? { kind: 'step', name: body.step } : '"step" must be the name of a change step';
    case 'live':
      return typeof body.live === 'boolean' ? { kind: 'live', on: body.live } : '"live" must be true or false';
    case 'reset':
      return body.reset === true ? { kind: 'reset' } : '"reset" must be true';
  }
}

function readFault(body: Record<string, unknown>): ControlOrder | string {
  const { fault, on, entity, times, value } = body;
  if (typeof fault !== 'string') return '"fault" must be the name of a switch';
  if (typeof on !== 'boolean') return '"on" must be true or false';
  if (entity !== undefined && typeof entity !== 'string') return '"entity" must be the name of a list';
  if (times !== undefined && !(typeof times === 'number' && Number.isInteger(times) && times >= 1)) {
    return '"times" must be a whole number from 1';
  }
  return {
    kind: 'fault',
    name: fault,
    order: {
      on,
      ...(entity === undefined ? {} : { entity }),
      ...(times === undefined ? {} : { times }),
      ...(value === undefined ? {} : { value }),
    },
  };
}

/** What the control door tells about the lists and the change steps of a source. */
export function describeData(
  entities: readonly EntitySpec[],
  changes: readonly DatasetChange[],
  count: (spec: EntitySpec) => number,
): { entities: Record<string, unknown>; steps: Record<string, unknown[]> } {
  const nameOf = (path: string): string => entities.find((spec) => entityKey(spec.path) === entityKey(path))?.name ?? path;
  const steps: Record<string, unknown[]> = {};
  for (const change of changes) {
    const told = steps[change.step] ?? [];
    told.push({ at: change.at, entity: nameOf(change.path), op: change.op, key: change.key });
    steps[change.step] = told;
  }
  return {
    entities: Object.fromEntries(entities.map((spec) => [spec.name, { key: spec.key, stamp: spec.stamp, rows: count(spec) }])),
    steps,
  };
}
