import type { Key } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Item, Table } from '#store/table.ts';
import { openCursor, sealCursor } from './cursor.ts';
import type { ApiRequest } from './route.ts';

/** One contiguous part of a list. A list is a sequence of disjoint ranges in a fixed order. */
export interface Range {
  /** Tells the ranges of one list apart in its cursors. Ascending, so that a range that is gone is passed over. */
  readonly name?: string;
  /** Absent: the table itself, whose Query gives whole items. */
  readonly index?: 'by' | 'id';
  readonly partition: string;
  readonly prefix?: string;
  readonly from?: string;
  readonly to?: string;
  readonly descending?: boolean;
  /** Keys of the index that belong to the list; a worker's time range holds drive time as well. */
  readonly accept?: (key: Key) => boolean;
}

export interface Page {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The parts of a request that a page needs. */
export type PageRequest = Pick<ApiRequest, 'scope' | 'cursorKey' | 'route' | 'path'> & {
  readonly ports: { readonly table: Table };
  readonly query: Readonly<Record<string, unknown>> & { readonly limit: number; readonly cursor?: string | undefined };
};

/** Where a page begins: the range's name, and the key after which it goes on. The partition is not repeated, the range knows it. */
type Position = readonly [range: string, key: Readonly<Record<string, string>> | null];

/** Queries that one page may take to fill itself over range borders; the cursor goes on from there. */
const MAX_QUERIES = 12;

/**
 * Reads one page of a list: a Query of the present range and, over an index, one BatchGet of what it found, so rows show current values.
 * Nothing is read and thrown away inside a range. A page that meets the end of a range goes on with the next one until it is full.
 * `alsoGet` are keys read in the same BatchGet; their items come back in `also`.
 */
export async function readPage(
  request: PageRequest,
  ranges: readonly Range[],
  alsoGet: readonly Key[] = [],
): Promise<Page & { readonly also: readonly (Item | null)[] }> {
  const { scope, ports, query } = request;
  const binding = bindingOf(request);
  let { range, key } = startOf(ranges, query.cursor === undefined ? null : (openCursor(binding, query.cursor) as Position));
  const items: Item[] = [];
  const wanted: Key[] = [];
  for (let queries = 0; range < ranges.length && queries < MAX_QUERIES; queries++) {
    const room = query.limit - items.length - wanted.length;
    if (room <= 0) break;
    const at = ranges[range]!;
    const page = await queryRange(ports.table, scope, at, key, room);
    for (const found of page.items) {
      if (at.accept && !at.accept(found)) continue;
      if (at.index === undefined) items.push(found);
      else wanted.push({ pk: found.pk, sk: found.sk });
    }
    key = page.after === null ? null : positionKey(page.after);
    if (key === null) range++;
  }
  const rows = await ports.table.batchGet(scope, [...wanted, ...alsoGet], { consistent: false });
  // A row may vanish between Query and BatchGet: a shorter page, never a null.
  for (const row of rows.slice(0, wanted.length)) if (row !== null) items.push(row);
  return {
    items,
    also: rows.slice(wanted.length),
    nextCursor: range < ranges.length ? sealCursor(binding, [ranges[range]!.name ?? '', key] satisfies Position) : null,
  };
}

/** The range to begin with: the cursor's own, or the next one where that is gone since, such as a branch that was removed. */
function startOf(ranges: readonly Range[], position: Position | null): { range: number; key: Position[1] } {
  if (position === null) return { range: 0, key: null };
  const [name, key] = position;
  const exact = ranges.findIndex((range) => (range.name ?? '') === name);
  if (exact >= 0) return { range: exact, key };
  const next = ranges.findIndex((range) => (range.name ?? '') > name);
  return { range: next < 0 ? ranges.length : next, key: null };
}

/** What the cursors of a request are bound to: everything of the query but the paging itself. */
export function bindingOf(request: PageRequest) {
  const { limit: _limit, cursor: _cursor, ...filters } = request.query;
  return { scope: request.scope, cursorKey: request.cursorKey, route: request.route, path: request.path, filters };
}

function queryRange(table: Table, scope: TenantScope, range: Range, key: Position[1], limit: number) {
  const { accept: _accept, name: _name, ...request } = range;
  const partitionName = range.index === 'by' ? 'bp' : range.index === 'id' ? 'ip' : 'pk';
  const after = key === null ? null : { ...key, [partitionName]: range.partition };
  return table.query(scope, { ...request, limit, after });
}

/** The store's continuation key without the partition of the range itself, which the range gives back. */
function positionKey(after: Readonly<Record<string, unknown>>): Record<string, string> {
  const { bp: _bp, ip: _ip, ...rest } = after as Record<string, string>;
  return rest;
}
