import { ianaZone } from '#kernel/windows-zones.ts';
import type { Row } from '../../../../shared/fake-source/dataset.ts';
import type { FakeReply, FakeRequest, ListReply } from '../../../../shared/fake-source/exchange.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import type { AspireList } from './entities.ts';
import { type ListQuery, parseListQuery, pickFields, selectRows } from './odata-query.ts';

/** Page size a fault-free request is held to when the `pageCap` switch is at its default. */
const DEFAULT_CAP = 500;

/** Thrown where the API answers a list request with an error status. */
export class ListRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The answer to a list request of a tenant whose token has been accepted. Throws `ODataError` for a wrong query and `ListRefusal`
 * where a switch makes the API refuse a right one.
 */
export function listReply(request: FakeRequest, list: AspireList, tenant: string, shell: Shell): ListReply {
  const board = shell.switches(tenant);
  const query = parseListQuery(request.query, list);
  if (query.select !== null && board.take('selectBreaks', list.name) !== null) {
    throw new ListRefusal(400, `The query specified in the URI is not valid: $select is not supported on '${list.name}'.`);
  }
  const slow = board.peek('slowFilter', list.name);
  if (typeof slow === 'string' && query.filter?.fields.has(slow)) {
    board.take('slowFilter', list.name);
    throw new ListRefusal(504, 'Gateway Timeout');
  }
  const cap = Number(board.take('pageCap', list.name) ?? DEFAULT_CAP);
  const numbered = query.pageNumber !== null && board.take('pageNumberWorks', list.name) !== null;
  const size = Math.min(cap, numbered ? (query.limit ?? cap) : (query.top ?? cap));
  const skip = numbered ? (Math.max(query.pageNumber ?? 1, 1) - 1) * size : query.skip;
  const zoneForm = String(board.take('timeZoneForm', list.name) ?? 'windows');
  const envelope = board.take('envelope', list.name);
  return {
    entity: list.name,
    key: list.key,
    first: skip === 0,
    page: (data, bend) => {
      const rows = selectRows(wireRows(data, list), query);
      const all = bend.duplicate && rows.length > 0 ? [rows[0]!, ...rows] : rows;
      const page = all.slice(bend.loop ? 0 : skip, (bend.loop ? 0 : skip) + size);
      if (skip === 0 && all.length > size && data === shell.data(tenant)) moveWhilePaging(data, list, rows, shell);
      return page.map((row) => pickFields(inZoneForm(row, zoneForm), query.select));
    },
    encode: (rows) => encode(rows, request, list, query, envelope),
  };
}

function encode(
  rows: readonly unknown[],
  request: FakeRequest,
  list: AspireList,
  query: ListQuery,
  envelope: unknown,
): FakeReply {
  const asked = request.headers.accept?.includes('odata.metadata') === true;
  if (envelope !== 'always' && !(envelope === 'accept' && asked)) return { status: 200, body: rows };
  const fields = query.select === null ? '' : `(${query.select.join(',')})`;
  return { status: 200, body: { '@odata.context': `$metadata#${list.name}${fields}`, value: rows } };
}

/** The rows of a list with every field of its schema. */
function wireRows(data: TenantData, list: AspireList): Row[] {
  const nothing = Object.fromEntries([...list.fields.keys()].map((field) => [field, null]));
  return data.rows(list).map((row) => ({ ...nothing, ...row }));
}

function inZoneForm(row: Row, form: string): Row {
  if (form === 'windows') return row;
  const changed: Row = { ...row };
  for (const field of ['TimeZone', 'BranchTimeZone']) {
    const held = changed[field];
    if (typeof held === 'string') changed[field] = form === 'none' ? null : (ianaZone(held) ?? held);
  }
  return changed;
}

/** Lets a row appear before, or one already read disappear from, a listing that goes on after its first page. */
function moveWhilePaging(data: TenantData, list: AspireList, rows: readonly Row[], shell: Shell): void {
  const board = shell.switches(data.id);
  const [first] = rows;
  const [field] = list.key;
  if (first === undefined || field === undefined) return;
  if (board.take('removeWhilePaging', list.name) !== null) {
    shell.delete(data, list, String(first[field]));
  }
  if (board.peek('insertWhilePaging', list.name) !== null) {
    const lowest = Math.min(...data.rows(list).map((row) => Number(row[field])));
    // Ids start at 1; where the list begins there, no lower row can appear.
    if (lowest <= 1) return;
    board.take('insertWhilePaging', list.name);
    const { [list.stamp ?? '']: _, ...copy } = first;
    shell.put(data, list, { ...copy, [field]: lowest - 1 });
  }
}
