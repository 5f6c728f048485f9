import { afterEach, describe, expect, it } from 'vitest';
import { SourceError } from '#mirror/source-error.ts';
import type { Table } from '#store/table.ts';
import { MINUTE, type ModelBench, NOW, startModelBench } from '#test/support/model-bench.ts';
import { type ModelSource, smallCompany } from '#test/support/model-source.ts';
import type { SyncBenchOptions } from '#test/support/sync-bench.ts';

const benches: ModelBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});

async function start(source: ModelSource, more: Partial<SyncBenchOptions> = {}): Promise<ModelBench> {
  const bench = await startModelBench(source, more);
  benches.push(bench);
  return bench;
}

const HOUR_AGO = NOW - 60 * MINUTE;

/** The small company with a ticket, its budget and its hours under a job that is not there. */
function withOrphan(): ModelSource {
  const source = smallCompany(HOUR_AGO);
  source.put('milestones', { id: 'o1', at: HOUR_AGO - 30 * MINUTE, fields: { jobId: 'j9', name: 'Orphan' }, budget: {} });
  source.put('times', { id: 'e-o1', at: HOUR_AGO - 30 * MINUTE, fields: { workerId: 'w1', milestoneId: 'o1' } });
  return source;
}

describe('a child that waits for its parent', () => {
  it('is attributed although the process died right after storing it', async () => {
    const source = withOrphan();
    const death = { armed: true };
    const bench = await start(source, { wrapTable: (table) => dyingAfterRecord(table, 'e-o1', death) });
    await expect(bench.run()).rejects.toThrow('died');
    bench.clock.now += 3 * MINUTE;
    await bench.runToEnd({ tick: new Date(bench.clock.now).toISOString() });
    expect((await bench.mirror()).get('time:e-o1')?.fields).toMatchObject({ attribution: 'pending' });
    source.put('jobs', { id: 'j9', at: bench.clock.now, fields: { name: 'Nine' } });
    await bench.nextRun();
    expect((await bench.mirror()).get('time:e-o1')).toMatchObject({ fields: { attribution: 'job' }, pendingRefs: [] });
    expect(await bench.bookkeeping('PARK#')).toEqual([]);
  });

  it('waits no more when its reference is corrected at the source', async () => {
    const source = withOrphan();
    const bench = await start(source);
    await bench.runToEnd();
    expect(await bench.state()).toMatchObject({ parked: 1 });
    source.put('milestones', { id: 'o1', at: NOW + MINUTE, fields: { jobId: 'j2', name: 'Orphan' }, budget: {} });
    await bench.nextRun();
    expect((await bench.mirror()).has('milestone:o1')).toBe(true);
    expect(await bench.state()).toMatchObject({ parked: 0, state: 'active' });
    expect(await bench.bookkeeping('PARK#')).toEqual([]);
    expect(await bench.bookkeeping('MARK#')).toEqual([]);
  });

  it('leaves the list when the source does not know it any more', async () => {
    const source = withOrphan();
    const bench = await start(source);
    await bench.runToEnd();
    source.remove('milestones', 'o1');
    source.remove('times', 'e-o1');
    await bench.nextRun();
    expect(await bench.state()).toMatchObject({ parked: 0 });
    expect(await bench.bookkeeping('MARK#')).toEqual([]);
    expect((await bench.bookkeeping('PARK#')).filter((item) => (item.waiting as { parked: boolean }).parked)).toEqual([]);
  });

  it('is written down once: a run that finds it waiting still writes nothing but itself (M-94)', async () => {
    const source = withOrphan();
    const bench = await start(source);
    await bench.runToEnd();
    await bench.nextRun(5);
    bench.testTable.counters.reset();
    const run = await bench.nextRun(20);
    expect(run.exceptionCount).toBe(1);
    expect(bench.testTable.counters.total().itemWrites).toBe(3);
  });

  it('has no marker left when it settles within the first run', async () => {
    const source = withOrphan();
    const bench = await start(source);
    source.onCall = ({ stream, kind }) => {
      if (stream === 'times' && kind === 'page') source.put('jobs', { id: 'j9', at: NOW - MINUTE, fields: { name: 'Nine' } });
    };
    await bench.runToEnd();
    expect((await bench.mirror()).get('milestone:o1')).toBeDefined();
    expect((await bench.mirror()).get('time:e-o1')?.fields).toMatchObject({ attribution: 'job' });
    expect(await bench.bookkeeping('MARK#')).toEqual([]);
    expect(await bench.bookkeeping('PARK#')).toEqual([]);
  });

  it('goes on waiting when its list cannot be read, and the run goes on', async () => {
    const source = withOrphan();
    const bench = await start(source);
    await bench.runToEnd();
    source.put('jobs', { id: 'j9', at: NOW + MINUTE, fields: { name: 'Nine' } });
    source.onCall = ({ stream, kind }) => {
      if (stream === 'milestones' && kind === 'fetch')
        throw new SourceError('bad_response', 'GET /milestones answered half a page');
    };
    expect((await bench.nextRun()).outcome).toBe('succeeded');
    expect((await bench.mirror()).has('milestone:o1')).toBe(false);
    source.onCall = () => undefined;
    await bench.nextRun();
    expect((await bench.mirror()).has('milestone:o1')).toBe(true);
    expect((await bench.mirror()).get('time:e-o1')?.fields).toMatchObject({ attribution: 'job' });
  });
});

describe('a job and a ticket finished before the import window', () => {
  it('are fetched by id when imported time names the ticket, and only then (M-78)', async () => {
    const source = smallCompany(HOUR_AGO);
    const skip = { kind: 'out_of_scope', code: 'before_import_window', rule: 'connection.timeImportFrom' } as const;
    for (const n of [1, 2]) {
      source.put('jobs', { id: `old${n}`, at: HOUR_AGO, fields: { name: `Old ${n}` }, skip });
      source.put('milestones', { id: `old${n}t`, at: HOUR_AGO, fields: { jobId: `old${n}`, name: `Old ticket ${n}` }, skip });
    }
    source.put('times', { id: 'e-old', at: HOUR_AGO, fields: { workerId: 'w1', milestoneId: 'old1t' } });
    const bench = await start(source);
    await bench.runToEnd();
    const mirror = await bench.mirror();
    expect(mirror.get('time:e-old')?.fields).toMatchObject({ attribution: 'job', jobId: mirror.get('job:old1')?.id });
    expect(mirror.has('milestone:old1t')).toBe(true);
    expect(mirror.has('milestone:old2t') || mirror.has('job:old2')).toBe(false);
    expect((await bench.bookkeeping('MARK#')).map((item) => item.sk).sort()).toEqual(['MARK#job#old2', 'MARK#milestone#old2t']);
    // The next full listing says again that they are old; they stay.
    const again = await bench.fullRun();
    expect(again.streams.reduce((sum, one) => sum + one.counts.created + one.counts.changed + one.counts.deleted, 0)).toBe(0);
    expect((await bench.mirror()).has('milestone:old1t')).toBe(true);
  });
});

/** A table whose process dies right after it has stored the record with this source id. */
function dyingAfterRecord(table: Table, sourceId: string, death: { armed: boolean }): Table {
  return {
    ...table,
    async write(scope, actions, token) {
      const outcome = await table.write(scope, actions, token);
      const stored = actions.some((one) => one.kind === 'put' && one.item.x === sourceId);
      if (!stored || !death.armed) return outcome;
      death.armed = false;
      throw new Error('died');
    },
  };
}
