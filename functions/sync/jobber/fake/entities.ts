import { readFileSync } from 'node:fs';
import type { EntitySpec, SourceDataset } from '../../../../shared/fake-source/dataset.ts';

function list(path: string, stamp: string | null): EntitySpec {
  return { name: path, path, key: ['id'], stamp };
}

/** The lists of the API, each also a root field; the account is one row. */
export const JOBBER_LISTS: readonly EntitySpec[] = [
  list('account', null),
  list('clients', 'updatedAt'),
  list('properties', null),
  list('users', null),
  list('jobs', 'updatedAt'),
  list('visits', null),
  list('timeSheetEntries', 'updatedAt'),
];

/** The list that holds the records of a type of the schema. */
export const LIST_OF_TYPE: Readonly<Record<string, string>> = {
  Account: 'account',
  Client: 'clients',
  Property: 'properties',
  User: 'users',
  Job: 'jobs',
  Visit: 'visits',
  TimeSheetEntry: 'timeSheetEntries',
};

/** The recorded company in Jobber's wire form. Synthetic. */
export function readJobberDataset(): SourceDataset {
  return JSON.parse(readFileSync(new URL('./dataset.json', import.meta.url), 'utf8')) as SourceDataset;
}

/** The schema subset the fake answers by. */
export function readJobberSchema(): string {
  return readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8');
}
