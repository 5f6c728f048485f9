import { type ControlOrder, describeData, readControl } from './control.ts';
import { type DatasetChange, type EntitySpec, entityKey, type Row } from './dataset.ts';
import type { FakeReply, FakeRequest } from './exchange.ts';
import { GENERAL_SWITCHES } from './faults.ts';
import type { Shell } from './source.ts';
import type { SwitchSpec } from './switches.ts';
import type { TenantData } from './tenant-data.ts';

/** Answers the control door. */
export function controlAnswer(shell: Shell, request: FakeRequest): FakeReply {
  const path = request.path.replace(/\/$/, '');
  if (request.method === 'GET' && path === '/__control/requests') return { status: 200, body: shell.log.list() };
  if (request.method === 'GET' && path === '/__control') return { status: 200, body: describe(shell) };
  if (request.method === 'POST' && path === '/__control') return orderAnswer(shell, request.body);
  return { status: 404, body: { error: 'the control door has GET /__control, GET /__control/requests and POST /__control' } };
}

/** Carries out a control body, given as JSON text; answers 400 with the reason when it cannot. */
export function orderAnswer(shell: Shell, text: string): FakeReply {
  const read = readControl(text);
  if ('wrong' in read) return { status: 400, body: { error: read.wrong } };
  const tenant = read.tenant ?? shell.tenants()[0]!;
  if (!shell.tenants().includes(tenant)) {
    return { status: 400, body: { error: `unknown tenant "${tenant}"; known: ${shell.tenants().join(', ')}` } };
  }
  const done = shell.together(() => carryOut(shell, read.order, tenant, read.tenant !== null));
  return typeof done === 'string' ? { status: 400, body: { error: done } } : { status: 200, body: { ok: true, ...done } };
}

function carryOut(shell: Shell, order: ControlOrder, tenant: string, named: boolean): Record<string, unknown> | string {
  const data = shell.data(tenant);
  switch (order.kind) {
    case 'fault': {
      const { entity } = order.order;
      const known = [...shell.spec.entities.map((spec) => spec.name), ...shell.spec.doors];
      if (entity !== undefined && !known.some((name) => entityKey(name) === entityKey(entity))) return noEntity(shell, entity);
      return shell.switches(tenant).set(order.name, order.order) ?? { tenant, fault: order.name, ...order.order };
    }
    case 'put':
      return putAll(shell, data, order.rows) ?? { tenant, put: mapValues(order.rows, (rows) => rows.length) };
    case 'delete': {
      const strange = Object.keys(order.ids).find((name) => data.entity(name) === null);
      if (strange !== undefined) return noEntity(shell, strange);
      const deleted = mapValues(order.ids, (ids, name) => ids.filter((id) => shell.delete(data, data.entity(name)!, id)).length);
      return { tenant, deleted };
    }
    case 'step': {
      const changes = data.dataset.changes.filter((change) => change.step === order.name);
      const steps = [...new Set(data.dataset.changes.map((change) => change.step))];
      if (changes.length === 0) return `unknown step "${order.name}"; known: ${steps.join(', ')}`;
      for (const change of changes) applyChange(shell, data, change);
      return { tenant, step: order.name, changes: changes.length };
    }
    case 'live':
      for (const id of named ? [tenant] : shell.tenants()) shell.setLive(id, order.on);
      return { live: order.on };
    case 'reset': {
      // Without a tenant everything goes back: a check that starts afresh must not inherit another tenant's faults.
      const ids = named ? [tenant] : shell.tenants();
      for (const id of ids) shell.reset(id);
      return { reset: ids };
    }
  }
}

function putAll(shell: Shell, data: TenantData, lists: Readonly<Record<string, readonly Row[]>>): string | null {
  const edits: [EntitySpec, Row][] = [];
  for (const [name, rows] of Object.entries(lists)) {
    const spec = data.entity(name);
    if (spec === null) return noEntity(shell, name);
    for (const row of rows) {
      if (spec.key.some((field) => row[field] === undefined || row[field] === null)) {
        return `every row of ${spec.name} needs ${spec.key.join(' and ')}`;
      }
      edits.push([spec, row]);
    }
  }
  for (const [spec, row] of edits) shell.put(data, spec, row);
  return null;
}

/**
 * A recorded change keeps its own stamp while that is not older than anything the list holds; else the change would lie before
 * what a reader has already seen, which no source does, so it is stamped now. A stamp ahead of the clock is cut to it likewise.
 */
function applyChange(shell: Shell, data: TenantData, change: DatasetChange): void {
  const spec = data.entityAt(change.path);
  if (spec === null) throw new Error(`step ${change.step} names the unknown list ${change.path}`);
  const now = shell.spec.now();
  if (change.op === 'remove' || change.row === null) {
    shell.delete(data, spec, change.key, Date.parse(change.at) <= now ? change.at : shell.instant());
    return;
  }
  const { stamp } = spec;
  if (stamp === null) {
    shell.spec.afterEdit?.(data.merge(spec, change.row), Date.parse(change.at) <= now ? change.at : shell.instant(), data, shell);
    return;
  }
  const newest = Math.max(...data.rows(spec).map((row) => Date.parse(String(row[stamp])) || 0));
  const given = Date.parse(String(change.row[stamp]));
  shell.put(data, spec, given >= newest && given <= now ? change.row : { ...change.row, [stamp]: shell.instant() });
}

function noEntity(shell: Shell, name: string): string {
  return `unknown entity "${name}"; known: ${[...shell.spec.entities.map((spec) => spec.name), ...shell.spec.doors].join(', ')}`;
}

function describe(shell: Shell): Record<string, unknown> {
  const first = shell.data(shell.tenants()[0]!);
  const specs = [...GENERAL_SWITCHES, ...shell.spec.switches];
  const { entities, steps } = describeData(shell.spec.entities, first.dataset.changes, (spec) => first.count(spec));
  return {
    source: shell.spec.source,
    now: shell.instant(),
    tenants: shell.tenants(),
    switches: specs.map((spec) => spec.name),
    entities: Object.keys(entities),
    steps: Object.keys(steps),
    live: Object.fromEntries(shell.tenants().map((id) => [id, shell.isLive(id)])),
    details: {
      switches: Object.fromEntries(specs.map((spec) => [spec.name, describeSwitch(shell, spec)])),
      entities,
      steps,
    },
    counters: shell.log.counters(),
  };
}

function describeSwitch(shell: Shell, spec: SwitchSpec): Record<string, unknown> {
  const armed = shell.tenants().flatMap((tenant) =>
    shell
      .switches(tenant)
      .list(spec.name)
      .map((order) => ({ tenant, ...order })),
  );
  return { effect: spec.effect, default: spec.default, armed };
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, change: (value: V, name: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
