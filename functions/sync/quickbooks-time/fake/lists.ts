import { parseInstant } from '#kernel/instant.ts';
import type { EntitySpec, Row } from '../../../../shared/fake-source/dataset.ts';
import type { FakeReply, ListReply } from '../../../../shared/fake-source/exchange.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';

/** Thrown where the API refuses a request; answered in its error form. */
export class Refusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const MOST_ROWS = 200;
const DAY_MS = 86_400_000;
/** Lists that leave archived rows out unless they are asked for. */
const ARCHIVING = new Set([
  'users',
  'groups',
  'jobcodes',
  'projects',
  'estimates',
  'estimate_items',
  'customfielditems',
  'locations',
]);

/** What keeps pages of one reading together: rows that were moved to its front, and rows a shortened page still owes. */
export interface Readings {
  readonly front: Map<string, string[]>;
  readonly owed: Map<string, readonly Row[]>;
}

/** The answer to a request for a list. Throws a `Refusal`. */
export function listReply(list: EntitySpec, query: URLSearchParams, tenant: string, shell: Shell, readings: Readings): ListReply {
  const { page, limit } = pageOf(query);
  checkFilters(list.name, query);
  const board = shell.switches(tenant);
  const drift = board.take('scalarDrift', list.name) !== null;
  const times = board.take('manualHasTimes', list.name) !== null;
  const shuffle = board.take('pageShuffle', list.name) !== null;
  const emptyAs = board.take('emptyAs', list.name);
  const floorMs = shell.spec.now() - Number(board.peek('deletedFloorDays', 'timesheets_deleted') ?? 180) * DAY_MS;
  const unpaged = new URLSearchParams(query);
  unpaged.delete('page');
  unpaged.delete('limit');
  const reading = `${tenant} ${list.name} ${unpaged.toString()}`;
  let more = false;
  let served: readonly Row[] = [];
  return {
    entity: list.name,
    key: list.key,
    first: page === 1,
    page: (data, bend) => {
      const all = data.rows(list).filter((row) => isAsked(list.name, row, query, floorMs));
      const ordered = inOrder(all, readings.front.get(reading) ?? [], shuffle && page % 2 === 0);
      const rows = bend.duplicate && ordered.length > 0 ? [ordered[0]!, ...ordered] : ordered;
      const from = bend.loop ? 0 : (page - 1) * limit;
      more = rows.length > from + limit;
      if (page === 1) readings.owed.delete(reading);
      if (page === 1 && more) moveWhilePaging(list, rows[limit]!, data, shell, readings, reading);
      served = [...(readings.owed.get(reading) ?? []), ...rows.slice(from, from + limit)];
      return served.map((row) => wireRow(list.name, row, { drift, times }));
    },
    encode: (rows, shortened) => {
      readings.owed.set(reading, shortened ? served.slice(rows.length) : []);
      return encode(list.name, rows, { more: more || shortened, drift, emptyAs });
    },
  };
}

/** Whoever is logged in: the account's first person. */
export function currentUserReply(users: EntitySpec): ListReply {
  return {
    entity: 'current_user',
    key: users.key,
    first: true,
    page: (data) => data.rows(users).slice(0, 1),
    encode: (rows) => encode('users', rows, { more: false, drift: false, emptyAs: 'array' }),
  };
}

/** When each list was changed last. */
export function lastModified(
  lists: readonly EntitySpec[],
  query: URLSearchParams,
  data: TenantData,
  edited: ReadonlyMap<string, string>,
): FakeReply {
  const asked = query.get('endpoints')?.split(',') ?? lists.map(({ name }) => name);
  const stamps = lists
    .filter(({ name }) => asked.includes(name))
    .map((list) => {
      const stamps = [...data.rows(list).map((row) => row.last_modified), edited.get(`${data.id} ${list.name}`)];
      const latest = Math.max(0, ...stamps.map((stamp) => Date.parse(String(stamp))).filter((ms) => !Number.isNaN(ms)));
      return [list.name, new Date(latest).toISOString().replace(/\.\d+Z$/, '+00:00')];
    });
  return { status: 200, body: { results: { last_modified_timestamps: Object.fromEntries(stamps) } } };
}

function pageOf(query: URLSearchParams): { page: number; limit: number } {
  const page = Number(query.get('page') ?? 1);
  const limit = Number(query.get('limit') ?? query.get('per_page') ?? MOST_ROWS);
  if (!Number.isInteger(page) || page < 1) throw new Refusal(417, 'Expectation Failed: page must be 1 or more.');
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS)
    throw new Refusal(417, 'Expectation Failed: limit must be between 1 and 200.');
  return { page, limit };
}

function checkFilters(list: string, query: URLSearchParams): void {
  for (const name of ['modified_since', 'modified_before']) {
    const value = query.get(name);
    if (value !== null && parseInstant(value) === null)
      throw new Refusal(417, `Expectation Failed: ${name} must be an ISO 8601 date with an offset.`);
  }
  const needed = ['ids', 'start_date', 'modified_since', 'modified_before'];
  if ((list === 'timesheets' || list === 'timesheets_deleted') && !needed.some((name) => query.has(name)))
    throw new Refusal(417, `Expectation Failed: at least one of ${needed.join(', ')} is required.`);
  if (list === 'schedule_events' && !query.has('schedule_calendar_ids'))
    throw new Refusal(417, 'Expectation Failed: schedule_calendar_ids is required.');
}

function isAsked(list: string, row: Row, query: URLSearchParams, deletedFloorMs: number): boolean {
  const changed = Date.parse(String(row.last_modified ?? ''));
  const since = query.get('modified_since');
  const before = query.get('modified_before');
  // Projects know no filter by change.
  if (list !== 'projects' && since !== null && changed < Date.parse(since)) return false;
  if (list !== 'projects' && before !== null && changed > Date.parse(before)) return false;
  if (list === 'timesheets_deleted' && changed < deletedFloorMs) return false;
  return isAmong(row, query) && isInState(list, row, query) && isInDays(row, query);
}

const FILTERS: Readonly<Record<string, string>> = {
  ids: 'id',
  parent_ids: 'parent_id',
  user_ids: 'user_id',
  group_ids: 'group_id',
  jobcode_ids: 'jobcode_id',
  customfield_id: 'customfield_id',
};

function isAmong(row: Row, query: URLSearchParams): boolean {
  return Object.entries(FILTERS).every(([parameter, field]) => {
    const wanted = query.get(parameter);
    return wanted === null || wanted.split(',').includes(String(row[field]));
  });
}

function isInState(list: string, row: Row, query: URLSearchParams): boolean {
  if (ARCHIVING.has(list)) {
    const active = query.get('active') ?? 'yes';
    if (active !== 'both' && (row.active !== false) !== (active === 'yes')) return false;
  }
  if (list === 'jobcodes') {
    const type = query.get('type') ?? 'regular';
    if (type !== 'all' && row.type !== type) return false;
  }
  if (list === 'timesheets') {
    const wanted = query.get('on_the_clock') ?? 'no';
    if (wanted !== 'both' && (row.on_the_clock === true) !== (wanted === 'yes')) return false;
  }
  return true;
}

function isInDays(row: Row, query: URLSearchParams): boolean {
  const date = String(row.date ?? '');
  const from = query.get('start_date');
  const to = query.get('end_date');
  return (from === null || date >= from) && (to === null || date <= to);
}

function inOrder(rows: readonly Row[], front: readonly string[], backwards: boolean): Row[] {
  const place = new Map(front.map((id, at) => [id, at]));
  const placeOf = (row: Row): number => place.get(String(row.id)) ?? front.length;
  const ordered = [...rows].sort((a, b) => placeOf(a) - placeOf(b));
  return backwards ? ordered.reverse() : ordered;
}

/** A row of the second page is edited, and so comes to stand on the first, which has been read already. */
function moveWhilePaging(list: EntitySpec, row: Row, data: TenantData, shell: Shell, readings: Readings, reading: string): void {
  if (data !== shell.data(data.id) || shell.switches(data.id).take('editDuringPaging', list.name) === null) return;
  readings.front.set(reading, [String(row.id), ...(readings.front.get(reading) ?? [])]);
  shell.put(data, list, { id: row.id });
}

function wireRow(list: string, row: Row, form: { drift: boolean; times: boolean }): Row {
  const manual =
    form.times && list === 'timesheets' && row.type === 'manual'
      ? { ...row, start: `${row.date}T00:00:00+00:00`, end: `${row.date}T01:00:00+00:00` }
      : row;
  if (!form.drift) return manual;
  return Object.fromEntries(
    Object.entries(manual).map(([field, value]) => {
      if (typeof value === 'number' && (field === 'id' || field.endsWith('_id'))) return [field, String(value)];
      if (typeof value === 'string') return [field, value.replace(/([+-]\d\d):(\d\d)$/, '$1$2')];
      return [field, value];
    }),
  );
}

function encode(
  list: string,
  rows: readonly unknown[],
  form: { readonly more: boolean; readonly drift: boolean; readonly emptyAs: unknown },
): FakeReply {
  const keyed = rows.map((row, at): [string, unknown] => {
    const id = typeof row === 'object' && row !== null ? (row as Row).id : null;
    // A row that stands twice would vanish in a map by id; the vendor's examples hold keys that are no ids as well.
    return [`${String(id ?? at)}`, row];
  });
  const twice = new Set(keyed.map(([key]) => key)).size < keyed.length;
  const map = Object.fromEntries(twice ? keyed.map(([key, row], at) => [`${key}-${at}`, row]) : keyed);
  const held = rows.length === 0 && form.emptyAs !== 'object' ? [] : map;
  const more = form.drift && !form.more ? {} : { more: form.more };
  return { status: 200, body: { results: { [list]: held }, ...more, supplemental_data: {} } };
}
