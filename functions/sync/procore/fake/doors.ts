import type { Switchboard } from '../../../../shared/fake-source/switches.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { wireRow } from './entities.ts';
import { keptRows, projectRows, projectTimecardRows, type RowQuery, rowsOfProject, timecardRows, timesheetRows } from './rows.ts';

type Extra = { readonly projectId: string | null; readonly board: Switchboard };

/** A list of the API as its address names it. */
export interface Door {
  readonly entity: string;
  readonly companyId: string | null;
  readonly projectId: string | null;
  /** The project stands in the query. */
  readonly asksProject: boolean;
  readonly most: (parameters: URLSearchParams) => number;
  readonly rows: (data: TenantData, query: RowQuery, extra: Extra) => readonly unknown[];
}

type Pattern = {
  readonly path: RegExp;
  readonly entity: string;
  readonly asksProject?: true;
  readonly most?: Door['most'];
  readonly rows?: Door['rows'];
};

const MOST = 2_000;
const swapped = (extra: Extra): boolean => extra.board.peek('moneyAs', 'projects') !== null;
const ofProject =
  (name: string): Door['rows'] =>
  (data, query, { projectId }) =>
    rowsOfProject(data, name, query, projectId ?? '');

const PATTERNS: readonly Pattern[] = [
  { path: /^\/rest\/v1\.0\/companies$/, entity: 'companies' },
  { path: /^\/rest\/v1\.0\/offices$/, entity: 'offices' },
  {
    path: /^\/rest\/v1\.0\/departments$/,
    entity: 'departments',
    rows: (data, query, { board }) => {
      const rows = keptRows(data, 'departments', query.hidden).map(wireRow);
      return board.peek('deptWithoutId', 'departments') === null ? rows : rows.map(({ id: _id, ...row }) => row);
    },
  },
  { path: /^\/rest\/v1\.0\/companies\/(?<company>\d+)\/project_regions$/, entity: 'project_regions' },
  { path: /^\/rest\/v1\.0\/companies\/(?<company>\d+)\/project_stages$/, entity: 'project_stages' },
  { path: /^\/rest\/v1\.0\/companies\/(?<company>\d+)\/timecard_time_types$/, entity: 'timecard_time_types' },
  { path: /^\/rest\/v1\.[0-3]\/companies\/(?<company>\d+)\/users$/, entity: 'users' },
  { path: /^\/rest\/v1\.0\/companies\/(?<company>\d+)\/users\/inactive$/, entity: 'users_inactive' },
  { path: /^\/rest\/v1\.0\/companies\/(?<company>\d+)\/people$/, entity: 'people' },
  { path: /^\/rest\/v1\.0\/companies\/(?<company>\d+)\/people\/inactive$/, entity: 'people_inactive' },
  {
    path: /^\/rest\/v1\.0\/projects$/,
    entity: 'projects',
    rows: (data, query, extra) => projectRows(data, query, '1.0', swapped(extra)),
  },
  {
    path: /^\/rest\/v1\.1\/projects$/,
    entity: 'projects',
    most: (parameters) => (parameters.get('view') === 'ids' ? 200_000 : 300),
    rows: (data, query, extra) => projectRows(data, query, '1.1', swapped(extra)),
  },
  { path: /^\/rest\/v1\.0\/projects\/(?<project>\d+)\/crews$/, entity: 'crews', rows: ofProject('crews') },
  {
    path: /^\/rest\/v1\.0\/projects\/(?<project>\d+)\/crews\/ids$/,
    entity: 'crews',
    rows: (data, query, { projectId }) =>
      rowsOfProject(data, 'crews', query, projectId ?? '').map((row) => (row as { id: unknown }).id),
  },
  {
    path: /^\/rest\/v1\.0\/projects\/(?<project>\d+)\/budgeted_production_quantities$/,
    entity: 'budgeted_production_quantities',
    rows: ofProject('budgeted_production_quantities'),
  },
  { path: /^\/rest\/v1\.0\/cost_codes$/, entity: 'cost_codes', asksProject: true, rows: ofProject('cost_codes') },
  { path: /^\/rest\/v1\.0\/tasks$/, entity: 'tasks', asksProject: true, rows: ofProject('tasks') },
  {
    path: /^\/rest\/v1\.0\/companies\/(?<company>\d+)\/timecard_entries$/,
    entity: 'timecard_entries',
    rows: (data, query) => timecardRows(data, query),
  },
  {
    path: /^\/rest\/v1\.0\/projects\/(?<project>\d+)\/timecard_entries$/,
    entity: 'project_timecard_entries',
    rows: (data, query, { projectId }) => projectTimecardRows(data, query, projectId ?? ''),
  },
  {
    path: /^\/rest\/v1\.0\/companies\/(?<company>\d+)\/timesheets$/,
    entity: 'timesheets',
    rows: (data, query) => timesheetRows(data, query),
  },
];

/** The list at a path; null where the API has none. */
export function doorOf(path: string): Door | null {
  for (const { path: pattern, entity, asksProject, most, rows } of PATTERNS) {
    const match = pattern.exec(path.replace(/\/$/, ''));
    if (match === null) continue;
    return {
      entity,
      companyId: match.groups?.company ?? null,
      projectId: match.groups?.project ?? null,
      asksProject: asksProject === true,
      most: most ?? (() => MOST),
      rows: rows ?? ((data, query) => keptRows(data, entity, query.hidden).map(wireRow)),
    };
  }
  return null;
}
