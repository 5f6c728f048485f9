// The engine below us. dynalite has no types and starts a server of its own; this file is the only one that knows its
// inner modules: the request validations, the actions and the LevelDB store they run on.
import { createRequire } from 'node:module';
import type { Body, Item } from './wire.ts';

export type KeySchema = { readonly AttributeName: string; readonly KeyType: string }[];
export type IndexDescription = {
  readonly IndexName: string;
  readonly KeySchema: KeySchema;
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: string[] };
  IndexStatus?: string;
  [more: string]: unknown;
};
export type TableDescription = {
  readonly TableName: string;
  readonly TableArn: string;
  readonly KeySchema: KeySchema;
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  GlobalSecondaryIndexes?: IndexDescription[];
  LocalSecondaryIndexes?: IndexDescription[];
  TableStatus: string;
  [more: string]: unknown;
};

export type Range = { gt?: string; gte?: string; lt?: string; lte?: string; reverse?: boolean; limit?: number };
export type Operation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };
export type Cursor<T> = { nextv(size: number): Promise<T[]>; close(): Promise<void> };
/** The part of LevelDB in use. A batch is one record of its log: after a kill it is there whole or not at all. */
export type LevelDb = {
  open(): Promise<void>;
  close(): Promise<void>;
  getSync(key: string): unknown;
  batch(operations: Operation[]): Promise<void>;
  iterator(range: Range): Cursor<[string, unknown]>;
  values(range: Range): Cursor<unknown>;
};

/** What dynalite's actions expect of a store; `storage.ts` implements it over a unit of work. */
export type ActionStore = { readonly options: { readonly maxItemSize: number } } & Readonly<Record<string, unknown>>;

type Callback = (error: Error | null, answer: Body) => void;
type Action = (store: ActionStore, data: Body, callback: Callback) => void;
type Validation = { types: Body; custom?: unknown };
type Library = {
  create(options: { path?: string; createTableMs: number; updateTableMs: number }): {
    db: LevelDb;
    options: { maxItemSize: number };
  };
  createKey(item: Item, table: TableDescription): string;
  createIndexKey(item: Item, table: TableDescription, keySchema: KeySchema): string;
  itemSize(item: Item): number;
  validateKey(key: Item, table: TableDescription): Error | null | undefined;
  checkConditional(data: Body, item: Item | undefined): Error | null | undefined;
  getIndexActions(
    indexes: IndexDescription[],
    before: Item | undefined,
    after: Item | undefined,
    table: TableDescription,
  ): { puts: { index: string; key: string; item: Item }[]; deletes: { index: string; key: string }[] };
};

const require = createRequire(import.meta.url);
const validations: {
  checkTypes(body: Body, types: Body): Body;
  checkValidations(data: Body, types: Body, custom: unknown, store: ActionStore): void;
} = require('dynalite/validations');
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** dynalite's store and item functions. */
export const library: Library = require('dynalite/db');

/**
 * Checks a request and parses its expressions as the service does; throws the service's error.
 * Consumes `body` (unknown members are dropped from it) and returns what an action takes.
 */
export function validateRequest(store: ActionStore, operation: string, body: Body): Body {
  const { types, custom }: Validation = require(`dynalite/validations/${lowerFirst(operation)}`);
  const data = validations.checkTypes(body, types);
  validations.checkValidations(data, types, custom, store);
  return data;
}

/** Runs one of dynalite's actions on a store; rejects with the service's error. */
export function runAction(store: ActionStore, operation: string, data: Body): Promise<Body> {
  const action: Action = require(`dynalite/actions/${lowerFirst(operation)}`);
  return new Promise((resolve, reject) => {
    action(store, data, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}
