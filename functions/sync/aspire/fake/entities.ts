import { readFileSync } from 'node:fs';
import type { EntitySpec, SourceDataset } from '../../../../shared/fake-source/dataset.ts';

/** How a field is compared in a filter; nested objects and lists cannot be. */
export type FieldType = 'number' | 'text' | 'date' | 'boolean' | 'nested';

/** A list of the API: its address, identity, stamp and the fields a filter may name. */
export type AspireList = EntitySpec & { readonly fields: ReadonlyMap<string, FieldType> };

/** Fields that hold the modification stamp, in order of preference; lists without one of them have none. */
const STAMPS = ['LastModifiedDateTime', 'ModifiedDateTime', 'ModifiedDate', 'LastModifiedOn'];

/** Lists whose rows one field alone does not identify. */
const KEYS: Readonly<Record<string, readonly string[]>> = { '/PropertyContacts': ['PropertyID', 'ContactID'] };

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

function fieldType(declared: string): FieldType {
  const plain = declared.replace(/\?$/, '');
  if (plain.startsWith('integer') || plain.startsWith('number')) return 'number';
  if (plain === 'string:date-time') return 'date';
  if (plain === 'string') return 'text';
  return plain === 'boolean' ? 'boolean' : 'nested';
}

function listOf(path: string, schema: Readonly<Record<string, string>>): AspireList {
  const names = Object.keys(schema);
  // Every schema begins with the row's own id.
  const key = KEYS[path] ?? [names[0]!];
  return {
    name: path.slice(1),
    path,
    key,
    stamp: STAMPS.find((name) => names.includes(name)) ?? null,
    fields: new Map(Object.entries(schema).map(([name, declared]) => [name, fieldType(declared)])),
  };
}

/** Every list the API offers, also those the recorded company has no rows for. */
export const ASPIRE_LISTS: readonly AspireList[] = Object.entries(
  readJson('./schema.json') as Record<string, Record<string, string>>,
).map(([path, schema]) => listOf(path, schema));

/** The recorded company in Aspire's wire form. Synthetic. */
export function readAspireDataset(): SourceDataset {
  return readJson('./dataset.json') as SourceDataset;
}
