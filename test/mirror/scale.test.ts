import { afterAll, describe, expect, it } from 'vitest';
import { addDays } from '#kernel/instant.ts';
import { syncStateKey } from '#model/keys.ts';
import { ModelSource } from '#test/support/model-source.ts';
import { type SyncBench, startSyncBench } from '#test/support/sync-bench.ts';

const NOW = Date.parse('2026-03-20T20:00:00Z');
const MINUTE = 60_000;

/** The reference tenant's full comparison: 50 workers, 2,000 jobs and tickets, two weeks of 5,000 entries. */
function referenceTenant(): ModelSource {
  const source = new ModelSource();
  const at = NOW - 60 * MINUTE;
  source.pageSize = 500;
  for (let n = 0; n < 5; n++) source.put('branches', { id: `b${n}`, at, fields: { name: `Branch ${n}` } });
  for (let n = 0; n < 50; n++)
    source.put('workers', { id: `w${n}`, at, fields: { displayName: `Worker ${n}`, branchId: `b${n % 5}` } });
  for (let n = 0; n < 2_000; n++) {
    source.put('jobs', { id: `j${n}`, at, fields: { name: `Job ${n}`, branchId: `b${n % 5}` } });
    source.put('milestones', { id: `t${n}`, at, fields: { jobId: `j${n}`, name: `Ticket ${n}` } });
  }
  for (let n = 0; n < 10_000; n++) {
    const fields = {
      workerId: `w${n % 50}`,
      milestoneId: `t${n % 2_000}`,
      workDate: addDays('2026-03-09', n % 12),
      durationSeconds: 3_600 + n,
    };
    source.put('times', { id: `e${n}`, at, fields });
  }
  return source;
}

describe('a tenant of 14,055 records', () => {
  let bench: SyncBench;
  afterAll(() => bench.stop());

  it('is listed whole again for at most 45 read units, three bookkeeping writes and no record write (P2)', async () => {
    const source = referenceTenant();
    bench = await startSyncBench({ connector: source.connector(), openHttp: () => source.http(), now: NOW });
    expect((await bench.runToEnd()).run.outcome).toBe('succeeded');

    bench.clock.now += 21 * MINUTE;
    const pending = { runId: 'FULL', mode: 'full', entities: null, requestedBy: 'admin', requestedAt: bench.ports().now() };
    await bench.table.write(bench.scope, [
      {
        kind: 'update',
        key: syncStateKey(bench.scope, 1),
        update: { expression: 'SET pending = :p', values: { ':p': pending } },
      },
    ]);
    await bench.testTable.drainStream();
    bench.testTable.counters.reset();
    const { run } = await bench.runToEnd({ kind: 'manual' });
    const used = bench.testTable.counters.total();

    expect(run.streams.reduce((sum, one) => sum + one.counts.unchanged, 0)).toBe(5 + 50 + 2_000 + 2_000 + 10_000);
    expect(used.readUnits).toBeLessThanOrEqual(45);
    expect(used.itemWrites).toBe(3);
    const written = (await bench.testTable.drainStream()).map((record) => record.dynamodb?.NewImage?.et?.S);
    expect(written.filter((et) => et !== 'sy' && et !== 'rn')).toEqual([]);
  }, 120_000);

  it('writes k records for k changes, one plan page a page, and one page of the feed', async () => {
    const source = referenceTenant();
    const changed = [3, 700, 5_000, 9_999];
    for (const n of changed)
      source.put('times', {
        id: `e${n}`,
        at: NOW + MINUTE,
        fields: {
          workerId: `w${n % 50}`,
          milestoneId: `t${n % 2_000}`,
          workDate: addDays('2026-03-09', n % 12),
          durationSeconds: 60,
        },
      });
    // Every stamp lies within the overlap, so all 20 pages are read again; these are the ones that hold a change.
    const order = [...source.rows.times!.keys()].sort();
    const pages = changed.map((n) => Math.floor(order.indexOf(`e${n}`) / 500));
    bench.clock.now += 20 * MINUTE;
    bench.testTable.counters.reset();
    const ports = { connector: source.connector(), openHttp: () => source.http() };
    const { run } = await bench.runToEnd({}, ports);
    expect(run.streams.find((one) => one.stream === 'times')?.counts.changed).toBe(changed.length);
    expect(bench.testTable.counters.total().itemWrites).toBe(changed.length + 3 + new Set(pages).size + 1);
  }, 60_000);
});
