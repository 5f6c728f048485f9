import { afterEach, expect, it } from 'vitest';
import type { EntityName } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { listFeedPages } from '#store/feed-repository.ts';
import { openRunStore } from '#store/mirror-run-store.ts';
import type { Table } from '#store/table.ts';
import { MINUTE, type ModelBench, NOW, startModelBench } from '#test/support/model-bench.ts';
import { type ModelSource, smallCompany } from '#test/support/model-source.ts';

const benches: ModelBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});

class Died extends Error {}

/** A table whose process dies at a call that is set. */
function dying(table: Table, death: { left: number }): Table {
  const wrap =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      death.left -= 1;
      if (death.left <= 0) throw new Died();
      return call(...args);
    };
  return {
    ...table,
    get: wrap(table.get),
    query: wrap(table.query),
    queryAll: wrap(table.queryAll),
    batchGet: wrap(table.batchGet),
    write: wrap(table.write),
  };
}

/** A consumer that knows nothing but the feed: it reads each record that is named, and keeps it as it is then. */
function consumerOf(bench: ModelBench, pagesAtOnce: number) {
  const kept = new Map<string, MirrorRecord>();
  const store = openRunStore({ table: bench.table, scope: bench.scope, n: 1, decrypt: () => Promise.resolve({}) });
  let next = 0;
  const follow = async (): Promise<void> => {
    for (let more = true; more; ) {
      const read = await listFeedPages(bench.table, bench.scope, next, pagesAtOnce);
      for (const { subject } of read.pages.flatMap(({ events }) => events)) {
        const stored = await store.findRecord([subject.entity as EntityName], subject.id);
        kept.set(subject.id, stored!.record);
      }
      next = (read.pages.at(-1)?.page ?? next - 1) + 1;
      more = read.more;
    }
  };
  return { kept, follow };
}

const essence = (records: Iterable<MirrorRecord>) =>
  [...records]
    .map(({ id, fields, tombstone, revision, outOfScope, pendingRefs }) => ({
      id,
      fields,
      tombstone,
      revision,
      outOfScope,
      pendingRefs,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

/** Dice of the test's own. */
function diceOf(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** One random change at the source: a worker, a ticket that moves, an hour, something gone, something back. */
function change(source: ModelSource, dice: (sides: number) => number, at: number, taken: Map<string, () => void>): void {
  const worker = `w${dice(12)}`;
  const ticket = `j${1 + dice(2)}t${1 + dice(2)}`;
  switch (dice(6)) {
    case 0:
      return void source.put('workers', { id: worker, at, fields: { displayName: `Name ${dice(99)}`, branchId: 'b1' } });
    case 1:
      return void source.put('milestones', { id: ticket, at, fields: { jobId: `j${1 + dice(2)}`, name: `Ticket ${dice(9)}` } });
    case 2:
    case 3:
      return void source.put('times', {
        id: `e${dice(30)}`,
        at,
        fields: { workerId: 'w1', milestoneId: ticket, durationSeconds: 60 * (1 + dice(300)) },
      });
    case 4: {
      const row = source.rows.workers!.get(worker);
      if (row === undefined || ['w1', 'w2'].includes(worker)) return;
      source.rows.workers!.delete(worker);
      taken.set(worker, () => source.put('workers', { ...row, at: at + 60 * MINUTE }));
      return;
    }
    default: {
      const [first] = taken.keys();
      if (first === undefined) return;
      taken.get(first)!();
      taken.delete(first);
    }
  }
}

it.each([1, 2, 3, 4])(
  'whoever follows the feed alone ends with the mirror, whatever dies on the way (history %s)',
  async (seed) => {
    const dice = diceOf(seed * 7_919);
    const source = smallCompany(NOW - 60 * MINUTE);
    for (let n = 0; n < 12; n++)
      source.put('workers', { id: `w${n}`, at: NOW - 60 * MINUTE, fields: { displayName: `W ${n}`, branchId: 'b1' } });
    const death = { left: Number.POSITIVE_INFINITY };
    const bench = await startModelBench(source, { wrapTable: (table) => dying(table, death) });
    benches.push(bench);
    const consumers = [1, 2, 50].map((pages) => consumerOf(bench, pages));
    const taken = new Map<string, () => void>();
    let died = 0;
    for (let cycle = 0; cycle < 14; cycle++) {
      for (let n = dice(4); n >= 0; n--) change(source, dice, bench.clock.now + MINUTE, taken);
      death.left = dice(2) === 0 ? 5 + dice(40) : Number.POSITIVE_INFINITY;
      try {
        await (cycle % 5 === 4 ? bench.fullRun() : bench.nextRun());
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        died += 1;
      }
      death.left = Number.POSITIVE_INFINITY;
      // One of them looks in now and then only.
      if (cycle % 3 === 0) await consumers[0]!.follow();
    }
    await bench.fullRun();
    await bench.fullRun();
    const mirror = essence((await bench.mirror()).values());
    expect(died).toBeGreaterThan(0);
    expect(mirror.some(({ revision }) => revision > 2)).toBe(true);
    for (const { kept, follow } of consumers) {
      await follow();
      expect(essence(kept.values())).toEqual(mirror);
    }
  },
);
