import type { Run } from '#model/connection.ts';
import { syncStateKey } from '#model/keys.ts';
import type { ModelSource } from './model-source.ts';
import { type SyncBench, type SyncBenchOptions, startSyncBench } from './sync-bench.ts';

/** The evening of all model runs; rows of the small company are an hour older. */
export const NOW = Date.parse('2026-03-20T20:00:00Z');
export const MINUTE = 60_000;

/** A bench over a model source, for tests that let cycles pass. */
export interface ModelBench extends SyncBench {
  /** Lets a cycle pass and runs what the next tick starts. */
  nextRun(minutes?: number): Promise<Run>;
  /** Asks for everything to be read, and runs it. */
  fullRun(minutes?: number): Promise<Run>;
  /** Stored items of one source record, tombstones and earlier generations too. */
  itemsOf(mark: string, sourceId: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** What a connection keeps beside its records: `PARK#`, `MARK#`. */
  bookkeeping(prefix: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Starts a bench that reads from `source`. */
export async function startModelBench(source: ModelSource, more: Partial<SyncBenchOptions> = {}): Promise<ModelBench> {
  const bench = await startSyncBench({ connector: source.connector(), openHttp: () => source.http(), now: NOW, ...more });
  return {
    ...bench,
    async nextRun(minutes = 20) {
      bench.clock.now += minutes * MINUTE;
      return (await bench.runToEnd()).run;
    },
    async fullRun(minutes = 21) {
      bench.clock.now += minutes * MINUTE;
      const runId = `FULL${bench.clock.now}`;
      const pending = { runId, mode: 'full', entities: null, requestedBy: 'admin', requestedAt: bench.ports().now() };
      const update = { expression: 'SET pending = :p', values: { ':p': pending } };
      await bench.table.write(bench.scope, [{ kind: 'update', key: syncStateKey(bench.scope, 1), update }]);
      return (await bench.runToEnd({ kind: 'manual' })).run;
    },
    itemsOf: async (mark, sourceId) => (await bench.items()).filter((item) => item.et === mark && item.x === sourceId),
    bookkeeping: async (prefix) => (await bench.items()).filter((item) => String(item.sk).startsWith(prefix)),
  };
}
