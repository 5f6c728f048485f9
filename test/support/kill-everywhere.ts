import { expect } from 'vitest';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { listFeedPages } from '#store/feed-repository.ts';
import type { Table } from '#store/table.ts';
import { MINUTE, type ModelBench, startModelBench } from './model-bench.ts';
import type { ModelSource } from './model-source.ts';

/** Killed runs that are tried side by side. */
const AT_ONCE = 4;

/** What the mirror says, without what only tells when and by which run it was written. */
function essence(mirror: ReadonlyMap<string, MirrorRecord>): unknown {
  return [...mirror]
    .map(([key, record]) => [
      key,
      record.fields,
      record.tombstone !== null,
      record.sourceIgnored,
      record.outOfScope,
      record.pendingRefs,
    ])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

interface Everything {
  readonly mirror: unknown;
  readonly records: number;
  readonly beside: readonly string[];
}

/** The mirror, how many items it is stored in, and what is kept beside it of records that wait or are skipped. */
async function everything(bench: ModelBench): Promise<Everything> {
  const items = await bench.items();
  return {
    mirror: essence(await bench.mirror()),
    records: items.filter((item) => item.en !== undefined).length,
    beside: items
      .map((item) => String(item.sk))
      .filter((sk) => /^(PARK|MARK|QUAR)#/.test(sk))
      .sort(),
  };
}

/**
 * Kills a run at its first call of the store, at its second, and so on until one lives to its end. Each time the next run has to reach
 * what an undisturbed one reaches, and a full listing after it finds nothing to mend: fingerprints and records agree.
 */
export async function killEverywhere(
  companyOf: () => ModelSource,
  before: (bench: ModelBench, source: ModelSource) => Promise<void>,
): Promise<Everything> {
  const quiet = companyOf();
  const undisturbed = await startModelBench(quiet);
  await before(undisturbed, quiet);
  await undisturbed.runToEnd();
  const expected = await everything(undisturbed);
  await undisturbed.stop();
  const dies = async (kill: number): Promise<boolean> => {
    const guard = { calls: 0, killAt: Number.POSITIVE_INFINITY };
    const source = companyOf();
    const bench = await startModelBench(source, { wrapTable: (table) => mortal(table, guard) });
    await before(bench, source);
    guard.calls = 0;
    guard.killAt = kill;
    const died = await diedOf(bench.runToEnd());
    guard.killAt = Number.POSITIVE_INFINITY;
    if (died) {
      bench.clock.now += 3 * MINUTE;
      await bench.runToEnd({ tick: new Date(bench.clock.now).toISOString() });
    }
    expect(await everything(bench), `killed at call ${kill}`).toEqual(expected);
    expect((await bench.state()).openRun, `killed at call ${kill}`).toBeNull();
    const mended = (await bench.fullRun()).streams.filter(({ counts }) => counts.created + counts.changed + counts.deleted > 0);
    expect(mended, `killed at call ${kill}`).toEqual([]);
    expect(await untold(bench), `killed at call ${kill}`).toEqual([]);
    await bench.stop();
    return died;
  };
  for (let kill = 1; ; kill += AT_ONCE) {
    const died = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => dies(kill + n)));
    if (died.includes(false)) return expected;
  }
}

/** Records whose present revision the change feed does not tell, or tells otherwise than it is. */
async function untold(bench: ModelBench): Promise<readonly string[]> {
  const { pages } = await listFeedPages(bench.table, bench.scope, 0, 10_000);
  const told = new Map(
    pages.flatMap(({ events }) => events.map((one) => [`${one.subject.id}.${one.data.rev}`, one.type] as const)),
  );
  return [...(await bench.mirror())].flatMap(([key, { id, revision, tombstone }]) => {
    const type = told.get(`${id}.${revision}`);
    return type !== undefined && (type === 'mirror.deleted') === (tombstone !== null) ? [] : [`${key} ${revision}: ${type}`];
  });
}

/** Whether a run was killed; every other failure of it fails the test. */
export async function diedOf(run: Promise<unknown>): Promise<boolean> {
  return run.then(
    () => false,
    (error: unknown) => {
      if (!(error instanceof Killed)) throw error;
      return true;
    },
  );
}

class Killed extends Error {}

/** A table whose process dies at the n-th call, half of the time after the call has taken effect. */
export function mortal(table: Table, guard: { calls: number; killAt: number }): Table {
  const wrap =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      guard.calls += 1;
      if (guard.calls > guard.killAt) throw new Killed();
      if (guard.calls === guard.killAt && guard.calls % 2 === 0) throw new Killed();
      const result = await call(...args);
      if (guard.calls >= guard.killAt) throw new Killed();
      return result;
    };
  return {
    get: wrap(table.get),
    query: wrap(table.query),
    queryAll: wrap(table.queryAll),
    batchGet: wrap(table.batchGet),
    write: wrap(table.write),
    writeBatch: wrap(table.writeBatch),
    endBatch: wrap(table.endBatch),
  };
}
