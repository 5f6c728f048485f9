// What all operations share: the storage, the settings of tables that dynalite does not know, and the one way to commit.
import type { Counters } from './counters.ts';
import type { Operation } from './dynalite.ts';
import type { Faults } from './faults.ts';
import { entries, openStorage, prefixed, type Storage, type Unit } from './storage.ts';
import { recordOf, type StreamIdentity } from './stream-record.ts';

export type StreamSettings = {
  readonly label: string;
  readonly viewType: string;
  readonly enabled: boolean;
  /** Records at or below this sequence number belong to an earlier stream of the table, or are trimmed. */
  readonly after: string;
};
export type TableSettings = {
  readonly stream?: StreamSettings;
  readonly timeToLiveAttribute?: string;
  readonly pointInTimeRecovery: boolean;
};

export type Engine = {
  readonly storage: Storage;
  readonly settings: Map<string, TableSettings>;
  readonly counters: Counters;
  readonly faults: Faults;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Sequence number of the newest stream record of any table: 21 digits, so that text order is number order. */
  sequence: bigint;
  /** Index changes held back by the injected lag, oldest first. */
  lagged: { readonly key: string; readonly at: number; readonly operations: Operation[] }[];
};

const FIRST_SEQUENCE = 100_000_000_000_000_000_000n;

/** Opens the engine on a directory (or in memory) and brings back what a stopped or killed process left. */
export async function openEngine(options: {
  path?: string | undefined;
  region: string;
  accountId: string;
  now: () => number;
  counters: Counters;
  faults: Faults;
}): Promise<Engine> {
  const { counters, faults, now } = options;
  const storage = await openStorage(options);
  const engine: Engine = { storage, settings: new Map(), counters, faults, now, sequence: FIRST_SEQUENCE, lagged: [] };
  const seen = (sequence: string) => {
    if (BigInt(sequence) > engine.sequence) engine.sequence = BigInt(sequence);
  };
  for await (const [key, value] of entries(storage.db, prefixed('settings~'))) {
    const name = key.slice('settings~'.length);
    const settings = value as TableSettings;
    engine.settings.set(name, settings);
    if (settings.stream !== undefined) seen(settings.stream.after);
    for await (const [newest] of entries(storage.db, { ...prefixed(`stream~${name}~`), reverse: true, limit: 1 }))
      seen(newest.slice(-21));
  }
  for await (const [key, value] of entries(storage.db, prefixed('lag~'))) {
    const { at, operations } = value as { at: number; operations: Operation[] };
    engine.lagged.push({ key, at, operations });
    seen(key.slice(-21));
  }
  return engine;
}

/** The settings of a table; a table without any has no stream and nothing switched on. */
export function settingsOf(engine: Engine, table: string): TableSettings {
  return engine.settings.get(table) ?? { pointInTimeRecovery: false };
}

/** Changes the settings of a table, with `more` in the same batch. Call it in a turn of its own (`exclusively`). */
export async function changeSettings(
  engine: Engine,
  table: string,
  change: Partial<TableSettings>,
  more: readonly Operation[] = [],
): Promise<void> {
  const settings = { ...settingsOf(engine, table), ...change };
  await engine.storage.db.batch([{ type: 'put', key: `settings~${table}`, value: settings }, ...more]);
  engine.settings.set(table, settings);
}

/**
 * Makes a unit of work durable and visible: items, index entries, stream records and `more` in one batch. A change
 * that leaves an item as it was emits no record. Call it in a turn of its own (`exclusively`).
 */
export async function commit(engine: Engine, unit: Unit, more: Operation[] = [], identity?: StreamIdentity): Promise<void> {
  const lagMs = engine.faults.indexLagMs;
  if (lagMs === 0) await applyLaggedIndexes(engine);
  const at = engine.now();
  const batch: Operation[] = [...more];
  for (const change of unit.changes.values()) {
    const stream = settingsOf(engine, change.table.TableName).stream;
    const record = stream?.enabled
      ? recordOf(change, stream.viewType, engine.sequence + 1n, at, engine.storage.region, identity)
      : undefined;
    if (record === undefined) continue;
    engine.sequence += 1n;
    batch.push({ type: 'put', key: `stream~${change.table.TableName}~${engine.sequence}`, value: { at, record } });
  }
  const held: Operation[] = [];
  for (const operation of unit.operations())
    (lagMs > 0 && operation.key.startsWith('index-global~') ? held : batch).push(operation);
  if (held.length > 0) {
    engine.sequence += 1n;
    const lagged = { key: `lag~${engine.sequence}`, at, operations: held };
    batch.push({ type: 'put', key: lagged.key, value: { at, operations: held } });
    engine.lagged.push(lagged);
  }
  if (batch.length > 0) await engine.storage.db.batch(batch);
}

/** Applies the index changes that are older than the injected lag, in their order. Call it in a turn of its own. */
export async function applyLaggedIndexes(engine: Engine): Promise<void> {
  const due = engine.now() - engine.faults.indexLagMs;
  const waiting = engine.lagged.findIndex(({ at }) => at > due);
  const ready = waiting === -1 ? engine.lagged : engine.lagged.slice(0, waiting);
  if (ready.length === 0) return;
  const batch = ready.flatMap(({ key, operations }): Operation[] => [...operations, { type: 'del', key }]);
  await engine.storage.db.batch(batch);
  engine.lagged = engine.lagged.slice(ready.length);
}
