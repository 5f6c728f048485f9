// What a request costs, by the rules of the service. dynalite leaves indexes and transactions out of its write figures.
import { type IndexDescription, library, type TableDescription } from './dynalite.ts';
import type { Change } from './storage.ts';
import type { Body, Item } from './wire.ts';

/** Units of one request on one table, indexes apart. */
export type Units = {
  readonly tableName: string;
  table: number;
  readonly global: Record<string, number>;
  readonly local: Record<string, number>;
};

/** Write units of the table for one item: 1 per started KB of the larger image, at least 1. */
export function itemWriteUnits(before: Item | undefined, after: Item | undefined): number {
  return Math.max(1, kilobytes(before), kilobytes(after));
}

/** Read units of one item read strongly: 1 per started 4 KB, at least 1. Halve it for an eventual read. */
export function itemReadUnits(item: Item | undefined): number {
  return item === undefined ? 1 : Math.max(1, Math.ceil(library.itemSize(item) / 4096));
}

/**
 * Write units of a set of changes on one table, index entries included. `factor` is 2 in a transaction: the table is
 * written in two phases, the indexes follow as after any other write.
 */
export function writeUnits(table: TableDescription, changes: readonly Change[], factor: 1 | 2): Units {
  const units: Units = { tableName: table.TableName, table: 0, global: {}, local: {} };
  for (const { before, after } of changes) {
    units.table += factor * itemWriteUnits(before, after);
    for (const index of table.GlobalSecondaryIndexes ?? [])
      add(units.global, index, entryWriteUnits(table, index, before, after));
    for (const index of table.LocalSecondaryIndexes ?? []) add(units.local, index, entryWriteUnits(table, index, before, after));
  }
  return units;
}

/** All units of a request on one table. */
export function totalUnits(units: Units): number {
  const sum = (parts: Record<string, number>) => Object.values(parts).reduce((total, part) => total + part, 0);
  return units.table + sum(units.global) + sum(units.local);
}

/**
 * The ConsumedCapacity of an answer, or undefined when the request did not ask for it. Transactions also name the kind
 * of the units, once more under `kind`.
 */
export function consumedCapacity(
  wanted: unknown,
  units: Units,
  kind?: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): Body | undefined {
  if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return undefined;
  const figure = (count: number) => ({ CapacityUnits: count, ...(kind === undefined ? {} : { [kind]: count }) });
  const total = { TableName: units.tableName, ...figure(totalUnits(units)) };
  if (wanted === 'TOTAL') return total;
  const parts = (of: Record<string, number>) =>
    Object.fromEntries(Object.entries(of).map(([name, part]) => [name, figure(part)]));
  return {
    ...total,
    Table: figure(units.table),
    ...(Object.keys(units.global).length > 0 ? { GlobalSecondaryIndexes: parts(units.global) } : {}),
    ...(Object.keys(units.local).length > 0 ? { LocalSecondaryIndexes: parts(units.local) } : {}),
  };
}

function kilobytes(item: Item | undefined): number {
  return item === undefined ? 0 : Math.ceil(library.itemSize(item) / 1024);
}

function add(units: Record<string, number>, index: IndexDescription, more: number): void {
  if (more > 0) units[index.IndexName] = (units[index.IndexName] ?? 0) + more;
}

// A moved entry is one delete and one put; an entry whose projected attributes stay the same costs nothing.
function entryWriteUnits(
  table: TableDescription,
  index: IndexDescription,
  before: Item | undefined,
  after: Item | undefined,
): number {
  const old = projected(table, index, before);
  const next = projected(table, index, after);
  if (old === undefined || next === undefined) return old === next ? 0 : itemWriteUnits(old, next);
  const moved = index.KeySchema.some(({ AttributeName }) => !sameValue(old[AttributeName], next[AttributeName]));
  if (moved) return itemWriteUnits(old, undefined) + itemWriteUnits(undefined, next);
  return sameItem(old, next) ? 0 : itemWriteUnits(old, next);
}

function projected(table: TableDescription, index: IndexDescription, item: Item | undefined): Item | undefined {
  if (item === undefined || index.KeySchema.some(({ AttributeName }) => item[AttributeName] === undefined)) return undefined;
  if (index.Projection.ProjectionType === 'ALL') return item;
  const names = [...table.KeySchema, ...index.KeySchema]
    .map((key) => key.AttributeName)
    .concat(index.Projection.NonKeyAttributes ?? []);
  return Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
}

/** Whether two items hold the same values; the order of attributes and of set members does not count. */
export function sameItem(a: Item | undefined, b: Item | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameValue({ M: a }, { M: b });
}

function sameValue(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (Array.isArray(part)) return key === 'SS' || key === 'NS' || key === 'BS' ? [...part].sort() : part;
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).sort(([x], [y]) => (x < y ? -1 : 1)));
  });
}
