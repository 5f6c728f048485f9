import { setTimeout as sleep } from 'node:timers/promises';
import { type Body, cancelled, isBody, type WireAnswer, WireError } from './wire.ts';

/** Which requests a fault meets: all of them, or those of an operation, of a table, or with a certain body. */
export type FaultMatch = { readonly operation?: string; readonly table?: string; readonly where?: (body: Body) => boolean };

/**
 * What happens to a request, `times` times (once unless told).
 * - throttle: ProvisionedThroughputExceededException, nothing applied.
 * - conflict: TransactionConflict; `action` is the position of the blamed action of a transaction.
 * - error: 500 InternalServerError, nothing applied.
 * - unknown: the write is applied, and then the caller sees a 500 or, `as: 'disconnect'`, a cut connection.
 * - partial: only the first `keep` (half unless told, at least 1) entries of a batch are done, the rest comes back.
 * - latency: the request waits before it starts.
 */
export type Fault = FaultMatch & { readonly times?: number } & (
    | { readonly kind: 'throttle' | 'error' }
    | { readonly kind: 'conflict'; readonly action?: number }
    | { readonly kind: 'unknown'; readonly as?: 'error' | 'disconnect' }
    | { readonly kind: 'partial'; readonly keep?: number }
    | { readonly kind: 'latency'; readonly waitMs: number }
  );
export type FaultKind = Fault['kind'];

/** The switchboard that tests and the local host hold. */
export type FaultControl = {
  inject(fault: Fault): void;
  /** Takes all waiting faults back and sets the index lag to 0. */
  clear(): void;
  /** How often faults of a kind fired. */
  fired(kind: FaultKind): number;
  /** Queries on global indexes answer as of this many milliseconds ago. 0: at once. */
  indexLagMs: number;
};

export type Faults = FaultControl & {
  /** For the engine: runs a request under the faults that meet it. */
  around(operation: string, body: Body, run: (body: Body) => Promise<WireAnswer>): Promise<WireAnswer>;
};

/** Starts without any fault. */
export function createFaults(): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  const counts = new Map<FaultKind, number>();

  const take = <K extends FaultKind>(kind: K, operation: string, body: Body): Extract<Fault, { kind: K }> | undefined => {
    const found = waiting.find(({ fault }) => fault.kind === kind && meets(fault, operation, body));
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) waiting = waiting.filter((one) => one !== found);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return found.fault as Extract<Fault, { kind: K }>;
  };

  const faults: Faults = {
    indexLagMs: 0,
    inject: (fault) => {
      waiting.push({ fault, left: fault.times ?? 1 });
    },
    clear: () => {
      waiting = [];
      faults.indexLagMs = 0;
    },
    fired: (kind) => counts.get(kind) ?? 0,
    around: async (operation, body, run) => {
      if (waiting.length === 0) return run(body);
      const latency = take('latency', operation, body);
      if (latency !== undefined) await sleep(latency.waitMs);
      if (take('throttle', operation, body)) throw throttled();
      if (take('error', operation, body)) throw failed();
      const conflict = WRITES.has(operation) ? take('conflict', operation, body) : undefined;
      if (conflict !== undefined) throw conflicted(operation, body, conflict.action ?? 0);
      const partial = operation.startsWith('Batch') ? take('partial', operation, body) : undefined;
      const unknown = take('unknown', operation, body);
      const answer = partial === undefined ? await run(body) : await runPart(operation, body, partial.keep, run);
      if (unknown === undefined) return answer;
      if (unknown.as === 'disconnect') return { status: 0, body: null };
      throw failed();
    },
  };
  return faults;
}

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems', 'TransactGetItems']);

function meets({ operation, table, where }: FaultMatch, actual: string, body: Body): boolean {
  if (operation !== undefined && operation !== actual) return false;
  if (table !== undefined && !tablesOf(body).includes(table)) return false;
  return where === undefined || where(body);
}

/** The tables that a request names. */
export function tablesOf(body: Body): string[] {
  if (typeof body.TableName === 'string') return [body.TableName];
  if (isBody(body.RequestItems)) return Object.keys(body.RequestItems);
  if (!Array.isArray(body.TransactItems)) return [];
  const actions: unknown[] = body.TransactItems.flatMap((entry: unknown) => (isBody(entry) ? Object.values(entry) : []));
  return [
    ...new Set(actions.flatMap((action) => (isBody(action) && typeof action.TableName === 'string' ? [action.TableName] : []))),
  ];
}

// A batch read lists its keys under `Keys`, a batch write its requests directly.
async function runPart(
  operation: string,
  body: Body,
  keep: number | undefined,
  run: (body: Body) => Promise<WireAnswer>,
): Promise<WireAnswer> {
  const tables = Object.entries(isBody(body.RequestItems) ? body.RequestItems : {});
  const listOf = (request: unknown): unknown[] =>
    Array.isArray(request) ? request : isBody(request) && Array.isArray(request.Keys) ? request.Keys : [];
  const withList = (request: unknown, list: unknown[]) => (isBody(request) ? { ...request, Keys: list } : list);
  const count = tables.reduce((sum, [, request]) => sum + listOf(request).length, 0);
  let left = Math.max(1, keep ?? Math.floor(count / 2));
  const done: Body = {};
  const unprocessed: Body = {};
  for (const [table, request] of tables) {
    const list = listOf(request);
    if (left > 0) done[table] = withList(request, list.slice(0, left));
    if (list.length > left) unprocessed[table] = withList(request, list.slice(left));
    left = Math.max(0, left - list.length);
  }
  const answer = await run({ ...body, RequestItems: done });
  if (!isBody(answer.body)) return answer;
  const member = operation === 'BatchWriteItem' ? 'UnprocessedItems' : 'UnprocessedKeys';
  const own = isBody(answer.body[member]) ? answer.body[member] : {};
  for (const [table, request] of Object.entries(own)) {
    unprocessed[table] = withList(request, [...listOf(request), ...listOf(unprocessed[table])]);
  }
  return { ...answer, body: { ...answer.body, [member]: unprocessed } };
}

function throttled(): WireError {
  return new WireError(
    'ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput for the table was exceeded',
  );
}

function failed(): WireError {
  return new WireError('InternalServerError', 'The request processing has failed because of an unknown error', {}, 500);
}

function conflicted(operation: string, body: Body, position: number): WireError {
  const message = 'Transaction is ongoing for the item';
  if (!operation.startsWith('Transact')) return new WireError('TransactionConflictException', message);
  const count = Array.isArray(body.TransactItems) ? body.TransactItems.length : 0;
  return cancelled(
    Array.from({ length: count }, (_, index) =>
      index === position ? { Code: 'TransactionConflict', Message: message } : { Code: 'None' },
    ),
  );
}
