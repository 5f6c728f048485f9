import type { Row, SourceDataset } from '../../../../shared/fake-source/dataset.ts';

/** Added to every id, so that no id of one company is an id of the other. */
export const ID_OFFSET = 10_000_000;
const ID_FIELD = /^(id|__project)$|_id$/;
const NAME_FIELDS = new Set(['name', 'first_name', 'last_name', 'display_name', 'task_name', 'biller']);

function otherValue(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => otherValue(name, item));
  if (typeof value === 'object' && value !== null) return otherRow(value as Row);
  // Employee numbers are text and differ by their first digit; ids of work classes, stages and types move like all others.
  if (name === 'employee_id') return typeof value === 'string' ? `2${value.slice(1)}` : value;
  if (typeof value === 'number') return ID_FIELD.test(name) ? value + ID_OFFSET : value;
  if (typeof value !== 'string') return value;
  if (name === 'login' || name === 'email_address') return `second.${value}`;
  return NAME_FIELDS.has(name) ? `${value} II` : value;
}

function otherRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, otherValue(name, value)]));
}

/**
 * Another company with the same history, for a second tenant: every id is moved so that the two never share one, and people and places
 * have other names. Dates, hours and money stay.
 */
export function secondTenantDataset(dataset: SourceDataset): SourceDataset {
  return {
    ...dataset,
    _about: { ...dataset._about, company: `${dataset._about.company} II` },
    defaults: Object.fromEntries(Object.entries(dataset.defaults ?? {}).map(([path, row]) => [path, otherRow(row)])),
    endpoints: Object.fromEntries(Object.entries(dataset.endpoints).map(([path, rows]) => [path, rows.map(otherRow)])),
    changes: dataset.changes.map((change) => ({
      ...change,
      key: Number(change.key) + ID_OFFSET,
      row: change.row === null ? null : otherRow(change.row),
    })),
  };
}
