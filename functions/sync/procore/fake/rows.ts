import { addDays, instantFromMs, isoWeek, weekStart } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { EntitySpec, Row } from '../../../../shared/fake-source/dataset.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { PROCORE_LISTS, projectOf, wireRow } from './entities.ts';

/** What a list request may select by. */
export interface RowQuery {
  readonly parameters: URLSearchParams;
  readonly nowMs: number;
  readonly hidden: ReadonlySet<string>;
  readonly deletedAt: 'works' | 'ignored';
}

const UNSENT = new Set([
  'departments',
  'office',
  'program',
  'project_type',
  'tz_name',
  'warranty_start_date',
  'warranty_end_date',
]);

/** The kept rows of a list, those of hidden projects left out. */
export function keptRows(data: TenantData, name: string, hidden: ReadonlySet<string>): Row[] {
  const spec = PROCORE_LISTS.find((one) => one.name === name) as EntitySpec;
  return data.rows(spec).filter((row) => !hidden.has(name === 'projects' ? String(row.id) : (projectOf(row) ?? '')));
}

/** Projects of a version, as the filters select them: active ones only unless asked for others. */
export function projectRows(data: TenantData, query: RowQuery, version: '1.0' | '1.1', swapped: boolean): unknown[] {
  const { parameters } = query;
  const status = parameters.get('filters[by_status]') ?? 'Active';
  const rows = keptRows(data, 'projects', query.hidden)
    .filter((row) => status === 'All' || (row.active === true) === (status === 'Active'))
    .filter((row) => inRange(row.updated_at, parameters.get('filters[updated_at]')))
    .filter((row) => hasId(row, parameters));
  if (parameters.get('view') === 'ids') return rows.map((row) => row.id);
  const asText = (version === '1.0') !== swapped;
  return rows.map((row) => {
    const money = (value: unknown) =>
      typeof value !== 'number' && typeof value !== 'string' ? value : asText ? Number(value).toFixed(2) : Number(value);
    const sent = { ...wireRow(row), total_value: money(row.total_value), estimated_value: money(row.estimated_value) };
    if (version === '1.1') return sent;
    const stage = (row.project_stage as { name?: unknown } | null)?.name ?? null;
    return { ...Object.fromEntries(Object.entries(sent).filter(([field]) => !UNSENT.has(field))), stage };
  });
}

/** Company timecards: within the dates, without deleted ones unless asked for them alone, without running ones unless asked for. */
export function timecardRows(data: TenantData, query: RowQuery): unknown[] {
  const { parameters } = query;
  const deleted = parameters.get('filters[deleted_at]');
  const onlyDeleted = deleted !== null && query.deletedAt === 'works';
  const running = parameters.get('filters[in_progress_only]') === 'true';
  const withRunning = running || parameters.get('filters[include_in_progress]') === 'true';
  return keptRows(data, 'timecard_entries', query.hidden)
    .filter((row) => (onlyDeleted ? inRange(row.deleted_at, deleted) && row.deleted_at !== null : row.deleted_at === null))
    .filter((row) => onlyDeleted || (running ? row.in_progress === true : withRunning || row.in_progress !== true))
    .filter((row) => inRange(row.updated_at, parameters.get('filters[updated_at]')))
    .filter((row) => inDates(row, parameters.get('start_date'), parameters.get('end_date')))
    .filter((row) => hasId(row, parameters))
    .map((row) => (parameters.get('serializer_view') === 'ids_only' ? row.id : wireRow(row)));
}

/** Timecards of one project, in the project's own form; without a date only those of today. */
export function projectTimecardRows(data: TenantData, query: RowQuery, projectId: string): unknown[] {
  const today = todayOf(data, query.nowMs);
  const [from, to] = datesOf(query.parameters, today, today);
  return keptRows(data, 'timecard_entries', query.hidden)
    .filter((row) => projectOf(row) === projectId && row.deleted_at === null && row.in_progress !== true)
    .filter((row) => inDates(row, from, to))
    .map((row) => ({ ...wireRow(row), lunch_time: Number(row.lunch_time), timesheet_status: row.approval_status }));
}

/** Timesheets of the company, grouped by person; without dates those of the current work week. */
export function timesheetRows(data: TenantData, query: RowQuery): unknown[] {
  const today = todayOf(data, query.nowMs);
  const monday = weekStart(isoWeek(today));
  const [from, to] = datesOf(query.parameters, monday, addDays(monday, 6));
  const byParty = new Map<string, { party: unknown; other_hours: unknown[]; timecard_entries: Row[] }>();
  for (const row of keptRows(data, 'timecard_entries', query.hidden)) {
    if (row.deleted_at !== null || row.in_progress === true || !inDates(row, from, to)) continue;
    const key = String((row.party as { id?: unknown } | null)?.id);
    const group = byParty.get(key) ?? { party: row.party, other_hours: [], timecard_entries: [] };
    group.timecard_entries.push(wireRow(row));
    byParty.set(key, group);
  }
  return [...byParty.values()];
}

/** Rows of a list that belongs to one project. */
export function rowsOfProject(data: TenantData, name: string, query: RowQuery, projectId: string): unknown[] {
  return keptRows(data, name, query.hidden)
    .filter((row) => projectOf(row) === projectId && inRange(row.updated_at, query.parameters.get('filters[updated_at]')))
    .map(wireRow);
}

function todayOf(data: TenantData, nowMs: number): string {
  return localDateOf(instantFromMs(nowMs), data.dataset._about.timeZone);
}

function datesOf(parameters: URLSearchParams, from: string, to: string): [string, string] {
  const day = parameters.get('log_date');
  return [parameters.get('start_date') ?? day ?? from, parameters.get('end_date') ?? day ?? to];
}

function inDates(row: Row, from: string | null, to: string | null): boolean {
  const date = String(row.date);
  return (from === null || date >= from) && (to === null || date <= to);
}

/** Whether a stamp lies in `A...B`, with or without the quotes of the vendor's examples. */
function inRange(stamp: unknown, range: string | null): boolean {
  if (range === null) return true;
  const [from = '', to = ''] = range.replace(/^"|"$/g, '').split('...');
  const at = Date.parse(String(stamp));
  return at >= Date.parse(from) && at <= Date.parse(to);
}

function hasId(row: Row, parameters: URLSearchParams): boolean {
  const ids = [...parameters.getAll('filters[id][]'), ...parameters.getAll('filters[id]')].flatMap((text) => text.split(','));
  return ids.length === 0 || ids.includes(String(row.id));
}
