import { readFileSync } from 'node:fs';
import type { EntitySpec, SourceDataset } from '../../../../shared/fake-source/dataset.ts';

/** Every list the fake keeps rows of; their rows all have an id and the stamp of their last change. */
export const LISTS: readonly EntitySpec[] = [
  'customfielditems',
  'customfields',
  'estimate_items',
  'estimates',
  'groups',
  'jobcode_assignments',
  'jobcodes',
  'locations',
  'projects',
  'schedule_calendars',
  'schedule_events',
  'timesheets',
  'timesheets_deleted',
  'users',
].map((name) => ({ name, path: name, key: ['id'], stamp: 'last_modified' }));

/** The recorded company in the wire form of the REST API v1; every list holds its rows alone, without their keys. Synthetic. */
export function readQuickBooksTimeDataset(): SourceDataset {
  return JSON.parse(readFileSync(new URL('./dataset.json', import.meta.url), 'utf8')) as SourceDataset;
}

/** Added to every id, so that no id of one company is an id of the other. */
export const ID_OFFSET = 50_000_000;

/**
 * Another company with the same history under other ids, names and another web address. It numbers its people and jobs as the second company of
 * Procore does, so that one tenant may connect both.
 */
export function secondCompany(dataset: SourceDataset): SourceDataset {
  return {
    ...dataset,
    _about: { ...dataset._about, company: `Other ${dataset._about.company}` },
    endpoints: Object.fromEntries(
      Object.entries(dataset.endpoints).map(([list, rows]) => [list, rows.map((row) => moved(row) as typeof row)]),
    ),
    changes: dataset.changes.map((change) => ({
      ...change,
      key: Number(change.key) + ID_OFFSET,
      row: change.row === null ? null : (moved(change.row) as typeof change.row),
    })),
  };
}

function moved(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([field, value]) => [field, movedField(field, value)]));
}

function movedField(field: string, value: unknown): unknown {
  if (field === 'customfields' && typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([id, text]) => [String(Number(id) + ID_OFFSET), text]));
  if (field === 'short_code' && typeof value === 'string') return value.replace(/^J(\d\d)$/, '26-0$1');
  if (field === 'employee_number' && typeof value === 'number') return value === 0 ? 0 : value + 1_000;
  if (field === 'client_url') return `other-${String(value)}`;
  if (/^(name|last_name|display_name|company_name)$/.test(field) && typeof value === 'string' && value !== '')
    return `Other ${value}`;
  const isId = field === 'id' || /_ids?$/.test(field);
  if (!isId || field === 'payroll_id') return value;
  if (Array.isArray(value)) return value.map((one) => movedField(field, one));
  if (typeof value === 'number') return value === 0 ? 0 : value + ID_OFFSET;
  return typeof value === 'string' && /^\d+$/.test(value) ? String(Number(value) + ID_OFFSET) : value;
}
