import type { TenantScope } from '#model/scope.ts';
import { batchesMet, resolveHolds } from './batch-hold.ts';
import { type BatchOptions, type BatchWrite, busy, openBatches } from './batches.ts';
import { backOffMs, openPlainTable, type PlainTable, type PlainTableOptions } from './plain-table.ts';
import type { Item, WriteAction, WriteOutcome } from './write-action.ts';

export type { BatchWrite } from './batches.ts';
export { type QueryPage, type QueryRequest, TRANSACTION_LIMIT } from './plain-table.ts';
export type { Condition, FailedAction, Item, StagedWrite, WriteAction, WriteOutcome } from './write-action.ts';

/**
 * The single table behind a narrow port: get, query, batch get, write. Every key is checked against the tenant scope before anything
 * is sent (I18). There is no Scan, here or anywhere. Reads are strongly consistent unless said otherwise; an index is always eventual.
 * Records that a batch holds are read as the batch's state has them, and a write that meets one waits like for a transaction.
 */
export interface Table extends PlainTable {
  /** Writes more records than one transaction holds: seen whole or not at all, whenever the process dies (decision 009). */
  writeBatch(scope: TenantScope, write: BatchWrite): Promise<WriteOutcome>;
  /** Ends a batch that is over, or open past its time; leaves one that is under way alone. */
  endBatch(scope: TenantScope, id: string): Promise<void>;
}

export interface TableOptions extends PlainTableOptions, BatchOptions {}

/** Opens the table over a document client. */
export function openTable(options: TableOptions): Table {
  return withBatches(openPlainTable(options), options);
}

const MAX_ATTEMPTS = 8;

/** A plain table with batches: the one place where holds are resolved for readers and waited for by writers. */
export function withBatches(plain: PlainTable, options: BatchOptions): Table {
  const batches = openBatches(plain, options);
  const present = async (scope: TenantScope, items: readonly Item[]): Promise<readonly Item[]> =>
    (await resolveHolds(plain, scope, items)).filter((item) => item !== null);

  async function write(scope: TenantScope, actions: readonly WriteAction[], token?: string): Promise<WriteOutcome> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await plain.write(scope, actions, token);
      if (outcome.applied) return outcome;
      const met = batchesMet(outcome.failed);
      if (met.length === 0) return outcome;
      const free = await batches.free(scope, met, null);
      if (met.length < outcome.failed.length) return outcome;
      if (attempt + 1 >= MAX_ATTEMPTS) throw busy();
      if (!free) await options.sleep(backOffMs(attempt, options.random));
    }
  }

  return {
    get: async (scope, key, reading) => {
      const [item] = await resolveHolds(plain, scope, [await plain.get(scope, key, reading)]);
      return item ?? null;
    },
    query: async (scope, request) => {
      const { items, after } = await plain.query(scope, request);
      return { items: await present(scope, items), after };
    },
    queryAll: async (scope, request) => present(scope, await plain.queryAll(scope, request)),
    batchGet: async (scope, keys, reading) => resolveHolds(plain, scope, await plain.batchGet(scope, keys, reading)),
    write,
    writeBatch: (scope, batch) => batches.write(scope, batch),
    endBatch: (scope, id) => batches.end(scope, id),
  };
}
