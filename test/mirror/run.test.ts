import { afterEach, describe, expect, it } from 'vitest';
import type { LegResult } from '#mirror/run.ts';
import { SourceError } from '#mirror/source-error.ts';
import { mirrorId } from '#model/ids.ts';
import { syncStateKey } from '#model/keys.ts';
import { type ModelSource, smallCompany } from '#test/support/model-source.ts';
import { type SyncBench, startSyncBench } from '#test/support/sync-bench.ts';

const NOW = Date.parse('2026-03-20T20:00:00Z');
const MINUTE = 60_000;
const benches: SyncBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});

async function start(source: ModelSource): Promise<SyncBench> {
  const bench = await startSyncBench({ connector: source.connector(), openHttp: () => source.http(), now: NOW });
  benches.push(bench);
  return bench;
}

/** Lets a cycle pass and runs what the next tick starts. */
async function nextRun(bench: SyncBench, minutes = 20): Promise<Extract<LegResult, { kind: 'finished' }>['run']> {
  bench.clock.now += minutes * MINUTE;
  return (await bench.runToEnd()).run;
}

async function fullRun(bench: SyncBench, minutes = 20): Promise<Extract<LegResult, { kind: 'finished' }>['run']> {
  bench.clock.now += minutes * MINUTE;
  const pending = {
    runId: `FULL${bench.clock.now}`,
    mode: 'full',
    entities: null,
    requestedBy: 'admin',
    requestedAt: bench.ports().now(),
  };
  await bench.table.write(bench.scope, [
    { kind: 'update', key: syncStateKey(bench.scope, 1), update: { expression: 'SET pending = :p', values: { ':p': pending } } },
  ]);
  return (await bench.runToEnd({ kind: 'manual' })).run;
}

/** Writes of mirror records since the counters were reset: what is left when bookkeeping is taken away. */
async function recordWrites(bench: SyncBench): Promise<string[]> {
  const records = await bench.testTable.drainStream();
  const kinds = records.map((one) => String((one.dynamodb.NewImage ?? one.dynamodb.OldImage)?.et?.S));
  return kinds.filter((et) => ['jb', 'ms', 'ti', 'wk', 're'].includes(et));
}

describe('a run', () => {
  it('mirrors everything at first, and writes nothing when nothing has changed (A-23, P2)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    const first = (await bench.runToEnd()).run;
    expect(first).toMatchObject({ trigger: 'initial', mode: 'full', outcome: 'succeeded', legs: 1 });
    const mirror = await bench.mirror();
    expect(mirror.size).toBe(1 + 2 + 2 + 4 + 4);
    expect(mirror.get('time:e-j1t1')?.fields).toMatchObject({ attribution: 'job', jobId: mirrorId('tenant1.1', 'job', 'j1') });
    expect((await bench.state()).state).toBe('active');

    await bench.testTable.drainStream();
    bench.testTable.counters.reset();
    const idle = await nextRun(bench);
    expect(idle).toMatchObject({ trigger: 'schedule', mode: 'delta', outcome: 'succeeded' });
    expect(await recordWrites(bench)).toEqual([]);
    expect(bench.testTable.counters.total().itemWrites).toBe(3);
    expect(idle.streams.reduce((sum, one) => sum + one.pages, 0)).toBe(idle.streams.reduce((sum, one) => sum + one.calls, 0));
  });

  it('writes exactly the records that changed, one plan page for each page with changes, and one page of the feed', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    for (const id of ['e-j1t1', 'e-j2t2'])
      source.put('times', {
        id,
        at: NOW + 5 * MINUTE,
        fields: { workerId: 'w1', milestoneId: id.slice(2), durationSeconds: 7_200 },
      });
    await bench.testTable.drainStream();
    bench.testTable.counters.reset();
    const run = await nextRun(bench);
    expect(run.streams.find((one) => one.stream === 'times')?.counts).toMatchObject({ changed: 2, created: 0 });
    expect(await recordWrites(bench)).toEqual(['ti', 'ti']);
    expect(bench.testTable.counters.total().itemWrites).toBe(2 + 3 + 1 + 1);
    expect((await bench.mirror()).get('time:e-j1t1')).toMatchObject({ revision: 2, fields: { durationSeconds: 7_200 } });
  });

  it('reads again what was modified within the overlap, and loses none of 300 equal stamps over page and window borders (A-29)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    const at = NOW + MINUTE;
    for (let n = 0; n < 300; n++) source.put('workers', { id: `x${n}`, at, fields: { displayName: `X ${n}` } });
    expect((await nextRun(bench)).streams.find((one) => one.stream === 'workers')?.counts.created).toBe(300);
    source.put('workers', { id: 'late', at, fields: { displayName: 'Late' } });
    const again = await nextRun(bench);
    expect(again.streams.find((one) => one.stream === 'workers')?.counts).toMatchObject({ created: 1, unchanged: 300 });
  });

  it('does not let a stamp in the future hide later records (fault 22)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    source.put('workers', { id: 'poison', at: Date.parse('2999-01-01T00:00:00Z'), fields: { displayName: 'Poison' } });
    const bench = await start(source);
    await bench.runToEnd();
    source.put('workers', { id: 'w3', at: NOW + 5 * MINUTE, fields: { displayName: 'Three' } });
    await nextRun(bench);
    expect((await bench.mirror()).has('worker:w3')).toBe(true);
  });

  it('never takes a record back to an older stamp (M-95)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    source.put('jobs', { id: 'j1', at: NOW - 50 * MINUTE, fields: { name: 'Newer', branchId: 'b1' } });
    await fullRun(bench);
    source.put('jobs', { id: 'j1', at: NOW - 55 * MINUTE, fields: { name: 'Older', branchId: 'b1' } });
    const run = await fullRun(bench);
    expect(run.streams.find((one) => one.stream === 'jobs')?.counts.staleIgnored).toBe(1);
    expect((await bench.mirror()).get('job:j1')?.fields).toMatchObject({ name: 'Newer' });
  });

  it('quarantines one bad row alone, keeps the last good version, and clears it when the row is good again (A-32, M-98)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    source.put('jobs', { id: 'j1', at: NOW + MINUTE, fields: {}, reject: true });
    source.put('jobs', { id: 'j3', at: NOW + MINUTE, fields: { name: 'Three' } });
    const run = await nextRun(bench);
    expect(run).toMatchObject({ outcome: 'succeeded-with-quarantine', exceptionCount: 1 });
    expect((await bench.mirror()).get('job:j1')?.fields).toMatchObject({ name: 'Job j1' });
    expect((await bench.mirror()).has('job:j3')).toBe(true);
    expect((await bench.state()).quarantined).toBe(1);
    source.put('jobs', { id: 'j1', at: NOW + 21 * MINUTE, fields: { name: 'Mended' } });
    expect((await nextRun(bench)).outcome).toBe('succeeded');
    expect((await bench.state()).quarantined).toBe(0);
  });

  it('fails a stream whose shape has changed without moving its watermark, and goes on with the others (M-99, fault 28)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    const before = (await bench.state()).streams.workers?.watermark;
    for (let n = 0; n < 30; n++) source.put('workers', { id: `bad${n}`, at: NOW + MINUTE, fields: {}, reject: true });
    source.put('jobs', { id: 'j9', at: NOW + MINUTE, fields: { name: 'Nine' } });
    const run = await nextRun(bench);
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'schema_drift', who: 'us' } });
    expect((await bench.state()).streams.workers?.watermark).toBe(before);
    expect((await bench.mirror()).has('job:j9')).toBe(true);
  });

  it('refuses another account before anything is read or written (A-39, fault 32)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.table.write(bench.scope, [
      {
        kind: 'update',
        key: { pk: 'T#tenant1#C', sk: '000001' },
        update: { expression: 'SET accountId = :a', values: { ':a': 'another' } },
      },
    ]);
    const run = (await bench.runToEnd()).run;
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'account_mismatch', who: 'customer' } });
    expect(source.calls).toBe(0);
    expect((await bench.mirror()).size).toBe(0);
    expect((await bench.state()).state).toBe('failed');
  });

  it('ends interrupted when the source is down, and the next run goes on (fault 12)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    source.put('jobs', { id: 'j3', at: NOW + MINUTE, fields: { name: 'Three' } });
    source.onCall = ({ stream }) => {
      if (stream === 'jobs') throw new SourceError('source_unavailable', 'GET /jobs answered 503');
    };
    const run = await nextRun(bench);
    expect(run).toMatchObject({ outcome: 'interrupted', error: { code: 'source_unavailable', who: 'nobody' } });
    expect((await bench.state()).state).toBe('active');
    source.onCall = () => undefined;
    expect((await nextRun(bench)).outcome).toBe('succeeded');
    expect((await bench.mirror()).has('job:j3')).toBe(true);
  });

  it('asks for new credentials when they are refused, and makes no further call until then (fault 39)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    source.onCall = ({ kind }) => {
      if (kind === 'open') throw new SourceError('reauth_required', 'the source refuses these credentials');
    };
    expect(await nextRun(bench)).toMatchObject({ outcome: 'failed', error: { code: 'reauth_required', who: 'customer' } });
    expect(await bench.state()).toMatchObject({ state: 'failed', cause: 'reauth_required' });
    bench.clock.now += 20 * MINUTE;
    expect(await bench.run()).toEqual({ kind: 'refused', reason: 'not_runnable' });
    expect((await bench.mirror()).size).toBe(13);
  });

  it('goes on in a new leg from its checkpoint when time runs out in the middle of a stream (fault 6)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    for (let n = 0; n < 25; n++)
      source.put('workers', { id: `x${String(n).padStart(2, '0')}`, at: NOW - 60 * MINUTE, fields: { displayName: `X ${n}` } });
    source.pageSize = 10;
    const bench = await start(source);
    let pages = 0;
    source.onCall = ({ kind }) => {
      if (kind === 'page') pages += 1;
    };
    const remainingMs = () => {
      if (pages === 0 || pages % 2 === 1) return 100_000;
      pages += 1;
      return 20_000;
    };
    const { run } = await bench.runToEnd({}, { remainingMs });
    expect(run.legs).toBeGreaterThan(2);
    expect(run.outcome).toBe('succeeded');
    expect((await bench.mirror()).size).toBe(13 + 25);
    expect([...(await bench.mirror()).values()].every((record) => record.revision === 1)).toBe(true);
  });
});
