import type { Instant } from '#kernel/instant.ts';
import { batchKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { PlainTable } from './plain-table.ts';
import { StoreError } from './store-error.ts';
import type { FailedAction, Item, WriteAction } from './write-action.ts';

/** A batch: the one record that says for all records it holds whether they have changed. */
export interface BatchRecord {
  readonly id: string;
  readonly state: 'open' | 'committed' | 'aborted';
  /** From then on whoever meets the open batch may abort it. */
  readonly until: Instant;
  /** Nothing is held any more. */
  readonly closed: boolean;
}

/** What a batch leaves on a record until it is over, in the attribute `pend`. */
interface Hold {
  /** The batch. */
  readonly b: string;
  /** The record as it will be. */
  readonly to: Item;
  /** The record is new: until the batch is committed there is nothing but the hold. */
  readonly n?: true;
}

/** A held record while its batch is open: what was there stays, what will be waits in the hold. */
export function holdOf(batchId: string, to: Item, isNew: boolean): { readonly pend: Hold } {
  return { pend: { b: batchId, to, ...(isNew ? { n: true as const } : {}) } };
}

/** The batch that holds an item; null where none does. */
export function batchOf(item: Item | null): string | null {
  return (item?.pend as Hold | undefined)?.b ?? null;
}

/** The batches that a lost write has met. */
export function batchesMet(failed: readonly FailedAction[]): readonly Item[] {
  return failed.flatMap(({ current }) => (current !== null && batchOf(current) !== null ? [current] : []));
}

/** A record without its hold: as it was before the batch; null for one that is new. */
export function beforeHold(item: Item): Item | null {
  const { pend, ...before } = item as Item & { readonly pend?: Hold };
  return pend?.n ? null : before;
}

/** Ends the hold of a batch that is over: the record becomes what the batch made of it, or again what it was. */
export function endOfHold(item: Item, committed: boolean): WriteAction {
  const { b, to, n } = item.pend as Hold;
  const condition = { expression: 'pend.b = :batch', values: { ':batch': b } };
  if (committed) return { kind: 'put', item: to, condition };
  const key = { pk: item.pk, sk: item.sk };
  if (n) return { kind: 'delete', key, condition };
  return { kind: 'update', key, update: { expression: 'REMOVE pend' }, condition };
}

/** A batch by its id, strongly. Throws where there is none: a hold without its batch says nothing about the record. */
export async function readBatch(plain: PlainTable, scope: TenantScope, id: string): Promise<BatchRecord> {
  const item = await plain.get(scope, batchKey(scope, id));
  if (item === null) throw new StoreError('store-refused', `the batch ${id} is gone before its records`);
  return { id, state: item.state as BatchRecord['state'], until: item.until as Instant, closed: item.bp === undefined };
}

/**
 * Items as readers are to see them, in their places: what a committed batch holds is what the batch made of it, what an open or aborted
 * one holds is what it was. Each batch is read once; where no item is held, nothing is.
 */
export async function resolveHolds(
  plain: PlainTable,
  scope: TenantScope,
  items: readonly (Item | null)[],
): Promise<readonly (Item | null)[]> {
  const ids = [...new Set(items.flatMap((item) => batchOf(item) ?? []))];
  if (ids.length === 0) return items;
  const batches = await Promise.all(ids.map((id) => readBatch(plain, scope, id)));
  const committed = new Set(batches.filter(({ state }) => state === 'committed').map(({ id }) => id));
  return items.map((item) => {
    const id = batchOf(item);
    if (item === null || id === null) return item;
    return committed.has(id) ? (item.pend as Hold).to : beforeHold(item);
  });
}
