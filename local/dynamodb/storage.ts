// One LevelDB holds everything: items, index entries, table descriptions, stream records and idempotency tokens. A write
// runs dynalite's action on a unit of work that only collects, and then commits all of it in one LevelDB batch. That
// batch is the write-ahead journal: after a kill the items, their index entries and their stream records are there
// together or not at all, for a single put as for a transaction of a hundred.
import { mkdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { type ActionStore, type LevelDb, library, type Operation, type Range, type TableDescription } from './dynalite.ts';
import { type Item, WireError } from './wire.ts';

/** One item changed by a unit of work; no `before` when created, no `after` when removed. */
export type Change = { readonly table: TableDescription; readonly before?: Item; after?: Item };

export type Storage = {
  readonly db: LevelDb;
  readonly maxItemSize: number;
  readonly region: string;
  readonly accountId: string;
  /** Table descriptions by name; the cache of what stands under `table~`. */
  readonly tables: Map<string, TableDescription>;
  /** Runs work alone: every write, and the reads that must see one state. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
};

/** A unit of work: what an action read and wants to write, not yet visible to anybody else. */
export type Unit = {
  readonly store: ActionStore;
  /** Changed items in the order of their first change. */
  readonly changes: Map<string, Change>;
  /** All keys to write, those of items and indexes among them. */
  readonly operations: () => Operation[];
};

/** Opens (and creates) the database in a directory, or one in memory without a path. */
export async function openStorage({
  path,
  region,
  accountId,
}: {
  path?: string | undefined;
  region: string;
  accountId: string;
}): Promise<Storage> {
  if (path !== undefined) mkdirSync(path, { recursive: true });
  const { db, options } = library.create({ ...(path === undefined ? {} : { path }), createTableMs: 0, updateTableMs: 0 });
  await db.open();
  const tables = new Map<string, TableDescription>();
  for await (const [, value] of entries(db, prefixed('table~'))) {
    const table = value as TableDescription;
    tables.set(table.TableName, table);
  }
  let last: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  };
  return { db, maxItemSize: options.maxItemSize, region, accountId, tables, exclusively };
}

/** The range of all keys with a prefix. */
export function prefixed(prefix: string): Range {
  return { gte: prefix, lt: `${prefix}\xff` };
}

/** All entries of a range, in key order, as of the moment of the call. */
export async function* entries(db: LevelDb, range: Range): AsyncGenerator<[string, unknown]> {
  const cursor = db.iterator(range);
  try {
    for (let chunk = await cursor.nextv(256); chunk.length > 0; chunk = await cursor.nextv(256)) yield* chunk;
  } finally {
    await cursor.close();
  }
}

/** The database key of an item, from the item or from its key. */
export function itemKey(table: TableDescription, itemOrKey: Item): string {
  return `item-${table.TableName}~${library.createKey(itemOrKey, table)}`;
}

/** The committed item under a database key. */
export function readItem(storage: Storage, key: string): Item | undefined {
  return storage.db.getSync(key) as Item | undefined;
}

/** The description of a table; throws ResourceNotFoundException. */
export function tableOf(storage: Storage, name: unknown): TableDescription {
  const table = storage.tables.get(String(name));
  if (table === undefined) throw new WireError('ResourceNotFoundException', 'Requested resource not found');
  return table;
}

type Reply = (error: Error | null, value?: unknown) => void;

/** Starts a unit of work on the committed state. Also serves reads, which then simply write nothing. */
export function openUnit(storage: Storage): Unit {
  const written = new Map<string, unknown>();
  const changes = new Map<string, Change>();
  const read = (key: string) => (written.has(key) ? written.get(key) : storage.db.getSync(key));

  const part = (prefix: string, table?: TableDescription) => {
    const write = (key: string, value: unknown) => {
      if (table !== undefined) {
        const change = changes.get(key) ?? { table, before: read(key) as Item | undefined };
        changes.set(key, { ...change, after: value as Item | undefined });
      }
      written.set(key, value);
    };
    return {
      // Writers already wait for each other in `exclusively`.
      lock: (_key: string, work: (release: (reply: Reply) => Reply) => void) => work((reply) => reply),
      get: (key: string, reply: Reply) => reply(null, read(prefix + key)),
      put: (key: string, value: unknown, reply: Reply) => {
        write(prefix + key, value);
        reply(null);
      },
      del: (key: string, reply: Reply) => {
        write(prefix + key, undefined);
        reply(null);
      },
      createValueStream: (range: Range) => Readable.from(valuesOf(storage.db, within(prefix, range)), { highWaterMark: 256 }),
    };
  };
  const getTable = (name: string, checkOrReply: boolean | Reply, reply?: Reply) => {
    const answer = typeof checkOrReply === 'function' ? checkOrReply : reply!;
    let table: TableDescription;
    try {
      table = tableOf(storage, name);
    } catch (error) {
      return answer(error as Error);
    }
    return answer(null, table);
  };
  const store: ActionStore = {
    options: { maxItemSize: storage.maxItemSize },
    tableDb: { ...part('table~'), awsRegion: storage.region, awsAccountId: storage.accountId },
    getTable,
    getItemDb: (name: string) => part(`item-${name}~`, tableOf(storage, name)),
    getIndexDb: (kind: string, name: string, index: string) => part(`index-${kind.toLowerCase()}~${name}~${index}~`),
  };
  const operations = () =>
    [...written].map(([key, value]): Operation => (value === undefined ? { type: 'del', key } : { type: 'put', key, value }));
  return { store, changes, operations };
}

function within(prefix: string, { gt, gte, lt, lte, reverse, limit }: Range): Range {
  return {
    ...(gte !== undefined ? { gte: prefix + gte } : gt !== undefined ? { gt: prefix + gt } : { gte: prefix }),
    ...(lte !== undefined ? { lte: prefix + lte } : lt !== undefined ? { lt: prefix + lt } : { lt: `${prefix}\xff` }),
    ...(reverse === undefined ? {} : { reverse }),
    ...(limit === undefined ? {} : { limit }),
  };
}

async function* valuesOf(db: LevelDb, range: Range): AsyncGenerator<unknown> {
  const cursor = db.values(range);
  try {
    for (let chunk = await cursor.nextv(256); chunk.length > 0; chunk = await cursor.nextv(256)) yield* chunk;
  } finally {
    await cursor.close();
  }
}
