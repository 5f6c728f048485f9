import type { EntityName } from '#model/entities.ts';
import { byNumber, type ListName, listPartition } from '#model/keys.ts';
import { decodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { listMarkers } from '#store/connection-repository.ts';
import type { QueryPage } from '#store/table.ts';
import type { Gathering, Supplier } from './gather.ts';

/** Rows and markers looked through for a name: enough for a company, bounded for everybody else. */
const MOST_ROWS = 5_000;
const PAGE = 200;
const LISTS: Readonly<Partial<Record<EntityName, ListName>>> = { job: 'JOB', milestone: 'MS', worker: 'WORKER' };

/** What a user calls a record when they do not know its id at the source. */
export type Called = { readonly by: 'number' | 'name'; readonly text: string };

/** The source id of the record that is called so; null when nothing mirrored or skipped is. */
export async function findSourceId(
  gathering: Gathering,
  entity: EntityName,
  suppliers: readonly Supplier[],
  called: Called,
): Promise<string | null> {
  const record = (await byIndex(gathering, entity, called)) ?? (await byList(gathering, entity, called));
  if (record !== null) return record.sourceId;
  for (const supplier of suppliers) {
    const marked = await byMarker(gathering, supplier, entity, called);
    if (marked !== null) return marked;
  }
  return null;
}

/** Jobs and people are found by their numbers through the index. */
async function byIndex({ table, scope }: Gathering, entity: EntityName, called: Called): Promise<MirrorRecord | null> {
  if (called.by !== 'number') return null;
  const keys = await table.query(scope, { index: 'id', partition: byNumber(scope, called.text.slice(0, 200)), limit: PAGE });
  const items = await table.batchGet(scope, keys.items);
  return match(items, entity, called);
}

/** Names stand in no key that a Query could ask for, so the list is looked through, page by page. */
async function byList({ table, scope }: Gathering, entity: EntityName, called: Called): Promise<MirrorRecord | null> {
  const name = LISTS[entity];
  if (name === undefined) return null;
  let after: QueryPage['after'] = null;
  for (let rows = 0; rows < MOST_ROWS; rows += PAGE) {
    const keys: QueryPage = await table.query(scope, { index: 'by', partition: listPartition(scope, name), limit: PAGE, after });
    const found = match(await table.batchGet(scope, keys.items, { consistent: false }), entity, called);
    if (found !== null || keys.after === null) return found;
    after = keys.after;
  }
  return null;
}

function match(
  items: readonly (Parameters<typeof decodeMirrorRecord>[0] | null)[],
  entity: EntityName,
  called: Called,
): MirrorRecord | null {
  for (const item of items) {
    if (item === null || !isMirrorItem(item)) continue;
    const record = decodeMirrorRecord(item);
    if (record.entity === entity && textsOf(record, called.by).some((text) => same(text, called.text))) return record;
  }
  return null;
}

function textsOf(record: MirrorRecord, by: Called['by']): readonly (string | null | undefined)[] {
  const fields = record.fields as { name?: string; displayName?: string; number?: string | null; employeeNumber?: string | null };
  return by === 'number' ? [fields.number, fields.employeeNumber] : [fields.name, fields.displayName];
}

async function byMarker(
  { table, scope }: Gathering,
  { connection }: Supplier,
  entity: EntityName,
  called: Called,
): Promise<string | null> {
  let after: QueryPage['after'] = null;
  for (let rows = 0; rows < MOST_ROWS; rows += PAGE) {
    const page: Awaited<ReturnType<typeof listMarkers>> = await listMarkers(table, scope, connection.n, { limit: PAGE, after });
    const marker = page.items.find(
      (one) => one.entity === entity && same(called.by === 'number' ? one.number : one.name, called.text),
    );
    if (marker || page.after === null) return marker?.sourceId ?? null;
    after = page.after;
  }
  return null;
}

function same(text: string | null | undefined, asked: string): boolean {
  return typeof text === 'string' && text.trim().toLowerCase() === asked.trim().toLowerCase();
}
