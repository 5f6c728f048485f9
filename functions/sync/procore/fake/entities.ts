import { readFileSync } from 'node:fs';
import type { EntitySpec, Row, SourceDataset } from '../../../../shared/fake-source/dataset.ts';

function list(name: string, stamp: string | null = null): EntitySpec {
  return { name, path: name, key: ['id'], stamp };
}

/**
 * The lists as they are kept, by name. What belongs to one project holds its id in `__project`, which is never sent; lists that the API
 * serves in several shapes (version 1.0 of projects, time by project, timesheets) are made of these.
 */
export const PROCORE_LISTS: readonly EntitySpec[] = [
  list('companies'),
  list('offices'),
  list('departments'),
  list('project_regions'),
  list('project_stages'),
  list('timecard_time_types'),
  list('projects', 'updated_at'),
  list('users', 'updated_at'),
  list('users_inactive', 'updated_at'),
  list('people'),
  list('people_inactive'),
  list('crews', 'updated_at'),
  list('tasks', 'updated_at'),
  list('cost_codes', 'updated_at'),
  list('budgeted_production_quantities', 'updated_at'),
  list('timecard_entries', 'updated_at'),
];

/** Field of a kept row that names its project. */
export const PROJECT_FIELD = '__project';

/** The recorded company. Synthetic; fields that most rows share stand in `defaults`. */
export function readProcoreDataset(): SourceDataset {
  return JSON.parse(readFileSync(new URL('./dataset.json', import.meta.url), 'utf8')) as SourceDataset;
}

/** A kept row as it is sent. */
export function wireRow(row: Row): Row {
  const { [PROJECT_FIELD]: _project, ...sent } = row;
  return sent;
}

/** The project a row belongs to: its own mark, else the project it names. */
export function projectOf(row: Row): string | null {
  const project = row[PROJECT_FIELD] ?? (row.project as { id?: unknown } | null | undefined)?.id;
  return project === undefined || project === null ? null : String(project);
}
