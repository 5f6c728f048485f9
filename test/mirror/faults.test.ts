import { afterEach, describe, expect, it } from 'vitest';
import { SourceError } from '#mirror/source-error.ts';
import { syncStateKey } from '#model/keys.ts';
import { killEverywhere } from '#test/support/kill-everywhere.ts';
import { type ModelSource, smallCompany } from '#test/support/model-source.ts';
import { type SyncBench, type SyncBenchOptions, startSyncBench } from '#test/support/sync-bench.ts';

const NOW = Date.parse('2026-03-20T20:00:00Z');
const MINUTE = 60_000;
const benches: SyncBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});

async function start(source: ModelSource, more: Partial<SyncBenchOptions> = {}): Promise<SyncBench> {
  const bench = await startSyncBench({ connector: source.connector(), openHttp: () => source.http(), now: NOW, ...more });
  benches.push(bench);
  return bench;
}

async function requestFull(bench: SyncBench): Promise<void> {
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
}

async function fullRun(bench: SyncBench, minutes = 21) {
  bench.clock.now += minutes * MINUTE;
  await requestFull(bench);
  return (await bench.runToEnd({ kind: 'manual' })).run;
}

describe('two runs at once', () => {
  it('lets one take the lease; the other makes no source call (fault 1, M-79)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    const [a, b] = await Promise.all([bench.run(), bench.run()]);
    expect([a.kind, b.kind].sort()).toEqual(['finished', 'refused']);
    const calls = source.calls;
    expect(await bench.run()).toEqual({ kind: 'refused', reason: 'duplicate' });
    expect(source.calls).toBe(calls);
  });

  it('refuses a tick older than the last one, and starts on a later one however late (fault 2)', async () => {
    const bench = await start(smallCompany(NOW - 60 * MINUTE));
    await bench.runToEnd();
    expect(await bench.run({ tick: new Date(NOW - 10 * MINUTE).toISOString() })).toEqual({
      kind: 'refused',
      reason: 'duplicate',
    });
    bench.clock.now += 24 * 60 * MINUTE;
    expect((await bench.runToEnd()).run.outcome).toBe('succeeded');
  });

  it('skips a tick while a run is under way (fault 7)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    let inside: unknown;
    source.onCall = async ({ stream }) => {
      if (stream === 'jobs' && inside === undefined) inside = await bench.run({ tick: new Date(NOW + MINUTE).toISOString() });
    };
    await bench.runToEnd();
    expect(inside).toEqual({ kind: 'refused', reason: 'skipped_busy' });
  });

  it('stops a worker that froze past its lease: it writes nothing once another has taken over (fault 8, I13)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    let thawed: Promise<unknown> | undefined;
    source.onCall = async ({ stream, kind }) => {
      if (stream !== 'milestones' || kind !== 'page' || thawed !== undefined) return;
      // The first worker hangs in this call; its lease runs out and a second one takes over and finishes.
      source.onCall = () => undefined;
      bench.clock.now += 5 * MINUTE;
      thawed = bench.runToEnd({ tick: new Date(bench.clock.now).toISOString() });
      await thawed;
      source.put('milestones', { id: 'j1t1', at: NOW - MINUTE, fields: { jobId: 'j1', name: 'seen by the frozen one only' } });
    };
    expect(await bench.run()).toEqual({ kind: 'superseded' });
    expect((await bench.mirror()).get('milestone:j1t1')?.fields).toMatchObject({ name: 'j1t1' });
    expect((await bench.state()).openRun).toBeNull();
  });

  it('says no to a connection that is gone or disconnected, without a source call (fault 9)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.table.write(bench.scope, [
      {
        kind: 'update',
        key: { pk: 'T#tenant1#C', sk: '000001' },
        update: { expression: 'SET disconnectedAt = :a', values: { ':a': '2026-03-20T00:00:00.000Z' } },
      },
    ]);
    expect(await bench.run()).toEqual({ kind: 'refused', reason: 'not_runnable' });
    expect(source.calls).toBe(0);
  });
});

describe('a process killed between any two calls of the store', () => {
  it('leaves a state from which the next run reaches the same mirror (fault 5, A-34, R5)', async () => {
    await killEverywhere(changedCompany, async () => undefined);
  }, 300_000);

  it('does so where tickets move, parents arrive, references are corrected and workers leave', async () => {
    const expected = await killEverywhere(waitingCompany, async (bench, source) => {
      await bench.runToEnd();
      applyChanges(source);
      bench.clock.now += 20 * MINUTE;
    });
    expect(expected.beside).toEqual([]);
  }, 300_000);
});

describe('a store that fails', () => {
  it('asks again for what was left unprocessed, and only for that (fault 42)', async () => {
    const bench = await start(smallCompany(NOW - 60 * MINUTE));
    bench.testTable.faults.inject({ kind: 'partial', operation: 'BatchGetItem', times: 3 });
    bench.testTable.faults.inject({ kind: 'throttle', operation: 'PutItem', times: 2 });
    expect((await bench.runToEnd()).run.outcome).toBe('succeeded');
    expect((await bench.mirror()).size).toBe(13);
  });

  it('does not write twice when a write was applied and its answer lost (fault 43)', async () => {
    const bench = await start(smallCompany(NOW - 60 * MINUTE));
    bench.testTable.faults.inject({ kind: 'unknown', operation: 'PutItem', times: 4 });
    bench.testTable.faults.inject({ kind: 'unknown', operation: 'TransactWriteItems', times: 1 });
    expect((await bench.runToEnd()).run.outcome).toBe('succeeded');
    const mirror = await bench.mirror();
    expect(mirror.size).toBe(13);
    expect([...mirror.values()].every((record) => record.revision === 1)).toBe(true);
  });

  it('tries a transaction that meets others again, whole (fault 45)', async () => {
    const bench = await start(smallCompany(NOW - 60 * MINUTE));
    bench.testTable.faults.inject({ kind: 'conflict', times: 3 });
    expect((await bench.runToEnd()).run.outcome).toBe('succeeded');
  });

  it('takes a failed read of its state for a failure, never for a first run (A-25, H1)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    bench.clock.now += 20 * MINUTE;
    const calls = source.calls;
    bench.testTable.faults.inject({ kind: 'error', operation: 'GetItem', times: 12 });
    await expect(bench.run()).rejects.toThrow();
    bench.testTable.faults.clear();
    expect(source.calls).toBe(calls);
    expect((await bench.runToEnd()).run.mode).toBe('delta');
  });

  it('keeps what people and the bonus layer wrote on a record that a run changes (fault 44, I12)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    const job = (await bench.items()).find((item) => item.et === 'jb' && item.x === 'j1')!;
    const write = (value: number) =>
      bench.table.write(bench.scope, [
        {
          kind: 'update',
          key: { pk: String(job.pk), sk: String(job.sk) },
          update: {
            expression: 'SET o = :o, #or = :n, b = :b',
            names: { '#or': 'or' },
            values: { ':o': { manager: value }, ':n': value, ':b': { p: ['x'] } },
          },
        },
      ]);
    source.put('jobs', { id: 'j1', at: NOW + MINUTE, fields: { name: 'Renamed', branchId: 'b1' } });
    await write(1);
    bench.clock.now += 20 * MINUTE;
    await bench.runToEnd();
    await write(2);
    const after = (await bench.items()).find((item) => item.et === 'jb' && item.x === 'j1')!;
    expect(after).toMatchObject({ o: { manager: 2 }, b: { p: ['x'] }, s: { n: 'Renamed' }, sr: 2 });
  });
});

describe('records that vanish', () => {
  it('holds an empty list where more than two were live, deletes nothing, and lets them leave the hold when seen again (fault 15, A-27)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    source.lie = (stream, rows) => (stream === 'milestones' ? [] : rows);
    const run = await fullRun(bench);
    expect(run).toMatchObject({ outcome: 'succeeded-with-quarantine' });
    expect(run.streams.find((one) => one.stream === 'milestones')?.counts).toMatchObject({ held: 4, deleted: 0 });
    expect([...(await bench.mirror()).values()].filter((record) => record.tombstone !== null)).toEqual([]);
    expect(await bench.state()).toMatchObject({ openHolds: 1, state: 'degraded', cause: 'deletions_held' });
    source.lie = (_stream, rows) => rows;
    await fullRun(bench);
    expect(await bench.state()).toMatchObject({ openHolds: 0, state: 'active' });
  });

  it('tombstones one that two complete listings a cycle apart did not show, and restores it when it is back (M-102, X-7)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    const row = source.rows.times!.get('e-j2t2')!;
    source.remove('times', 'e-j2t2');
    await fullRun(bench);
    expect((await bench.mirror()).get('time:e-j2t2')?.tombstone).toBeNull();
    const second = await fullRun(bench);
    expect(second.streams.find((one) => one.stream === 'times')?.counts.deleted).toBe(1);
    expect((await bench.mirror()).get('time:e-j2t2')?.tombstone).toMatchObject({ reason: 'absent' });
    source.put('times', row);
    const third = await fullRun(bench);
    expect(third.streams.find((one) => one.stream === 'times')?.counts.restored).toBe(1);
    expect((await bench.mirror()).get('time:e-j2t2')).toMatchObject({ tombstone: null, revision: 3 });
  });

  it('proves nothing by a listing that failed or was not complete (A-26, H13)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    source.pageSize = 2;
    const bench = await start(source);
    await bench.runToEnd();
    source.remove('milestones', 'j1t1');
    source.onCall = ({ stream, pageToken }) => {
      if (stream === 'milestones' && pageToken !== null)
        throw new SourceError('bad_response', 'GET /milestones answered half a page');
    };
    for (let n = 0; n < 3; n++) expect((await fullRun(bench)).outcome).toBe('failed');
    expect((await bench.mirror()).get('milestone:j1t1')?.tombstone).toBeNull();
  });
});

describe('children and parents', () => {
  it('parks a ticket whose job is not there, and stores it when the job arrives (fault 26, X-13)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    source.put('milestones', { id: 'orphan', at: NOW - MINUTE, fields: { jobId: 'j9', name: 'Orphan' } });
    source.put('times', { id: 'e-orphan', at: NOW - MINUTE, fields: { workerId: 'w1', milestoneId: 'orphan' } });
    const bench = await start(source);
    const first = (await bench.runToEnd()).run;
    expect(first).toMatchObject({ outcome: 'succeeded', exceptionCount: 1 });
    expect((await bench.mirror()).has('milestone:orphan')).toBe(false);
    // The hours are there at once and count for the worker (M-36).
    expect((await bench.mirror()).get('time:e-orphan')).toMatchObject({
      fields: { attribution: 'pending', jobId: null },
      pendingRefs: ['milestoneId'],
    });
    expect((await bench.state()).parked).toBe(1);
    source.put('jobs', { id: 'j9', at: NOW + 5 * MINUTE, fields: { name: 'Nine', branchId: 'b1' } });
    bench.clock.now += 20 * MINUTE;
    await bench.runToEnd();
    const mirror = await bench.mirror();
    expect(mirror.get('milestone:orphan')?.fields).toMatchObject({ name: 'Orphan' });
    expect(mirror.get('time:e-orphan')).toMatchObject({ fields: { attribution: 'job' }, pendingRefs: [] });
    expect(mirror.size).toBe(13 + 3);
    expect((await bench.state()).parked).toBe(0);
  });

  it('keeps a draft job out with a marker and its hours outside scope, and takes all of it in when it is won (X-4)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const draft = { kind: 'ignored', code: 'draft', rule: 'built-in' } as const;
    source.put('jobs', { id: 'd1', at: NOW - 60 * MINUTE, fields: { name: 'Draft', branchId: 'b1' }, skip: draft });
    source.put('milestones', { id: 'd1t1', at: NOW - 60 * MINUTE, fields: { jobId: 'd1', name: 'Draft ticket' } });
    source.put('times', { id: 'e-d1', at: NOW - 60 * MINUTE, fields: { workerId: 'w1', milestoneId: 'd1t1' } });
    const bench = await start(source);
    const first = (await bench.runToEnd()).run;
    expect(first.outcome).toBe('succeeded');
    expect(first.streams.find((one) => one.stream === 'jobs')?.counts.skippedByStatus).toBe(1);
    let mirror = await bench.mirror();
    expect(mirror.has('job:d1') || mirror.has('milestone:d1t1')).toBe(false);
    expect(mirror.get('time:e-d1')?.fields).toMatchObject({ attribution: 'outside_scope', jobId: null, milestoneId: null });
    source.put('jobs', { id: 'd1', at: NOW + 5 * MINUTE, fields: { name: 'Won', branchId: 'b1' } });
    bench.clock.now += 20 * MINUTE;
    await bench.runToEnd();
    mirror = await bench.mirror();
    expect(mirror.get('milestone:d1t1')?.fields).toMatchObject({ name: 'Draft ticket' });
    expect(mirror.get('time:e-d1')?.fields).toMatchObject({ attribution: 'job' });
    expect(mirror.size).toBe(13 + 3);
  });

  it('moves a ticket with its hours to another job (X-9)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const bench = await start(source);
    await bench.runToEnd();
    source.put('milestones', { id: 'j1t1', at: NOW + MINUTE, fields: { jobId: 'j2', name: 'j1t1' } });
    bench.clock.now += 20 * MINUTE;
    await bench.runToEnd();
    const mirror = await bench.mirror();
    const j2 = mirror.get('job:j2')!.id;
    expect(mirror.get('milestone:j1t1')?.fields).toMatchObject({ jobId: j2 });
    expect(mirror.get('time:e-j1t1')?.fields).toMatchObject({ jobId: j2 });
    expect(mirror.size).toBe(13);
    expect((await bench.items()).filter((item) => item.x === 'j1t1' || item.x === 'e-j1t1')).toHaveLength(2);
  });

  it('makes a new generation of an id that is used again for another thing (M-95, X-8, fault 25)', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    source.put('workers', {
      id: 'w2',
      at: NOW - 60 * MINUTE,
      createdAt: NOW - 90 * MINUTE,
      fields: { displayName: 'Worker w2', branchId: 'b1' },
    });
    const bench = await start(source);
    await bench.runToEnd();
    const old = (await bench.mirror()).get('worker:w2')!;
    source.remove('workers', 'w2');
    await fullRun(bench);
    await fullRun(bench);
    source.put('workers', {
      id: 'w2',
      at: bench.clock.now,
      createdAt: bench.clock.now,
      fields: { displayName: 'Somebody else' },
    });
    await fullRun(bench);
    const both = (await bench.items()).filter((item) => item.et === 'wk' && item.x === 'w2');
    expect(both).toHaveLength(2);
    expect(both.find((item) => item.id === old.id)).toMatchObject({ tb: { reason: 'absent' }, s: { dn: 'Worker w2' } });
    expect(both.find((item) => item.id !== old.id)).toMatchObject({ g: 2, s: { dn: 'Somebody else' } });
  });
});

/** A company with a ticket under a job that is not there, another under a draft, and hours on both. */
function waitingCompany(): ModelSource {
  const source = changedCompany();
  source.remove('milestones', 'd9t1');
  source.remove('jobs', 'bad');
  source.put('milestones', { id: 'o1', at: NOW - 90 * MINUTE, fields: { jobId: 'j9', name: 'Orphan' }, budget: {} });
  source.put('milestones', { id: 'o2', at: NOW - 90 * MINUTE, fields: { jobId: 'j8', name: 'Mistaken' } });
  source.put('times', { id: 'e-o1', at: NOW - 90 * MINUTE, fields: { workerId: 'w1', milestoneId: 'o1' } });
  return source;
}

/** A ticket moves with its budget and another under a draft; the parents arrive; an entry moves; a worker leaves, one changes. */
function applyChanges(source: ModelSource): void {
  const at = NOW + 5 * MINUTE;
  source.put('milestones', { id: 'j1t1', at, fields: { jobId: 'j2', name: 'moved' }, budget: { budgetSeconds: 7_200 } });
  source.put('jobs', { id: 'j9', at, fields: { name: 'Nine', branchId: 'b1' }, budget: {} });
  source.put('jobs', { id: 'd1', at, fields: { name: 'Won', branchId: 'b1' } });
  source.put('milestones', { id: 'o2', at, fields: { jobId: 'j2', name: 'Corrected' } });
  source.put('times', { id: 'e-j2t2', at, fields: { workerId: 'w1', milestoneId: 'j1t2', durationSeconds: 60 } });
  const skip = { kind: 'out_of_scope', code: 'not_an_employee', rule: 'connection.employeeContactTypes' } as const;
  source.put('workers', { id: 'w2', at, fields: { displayName: 'Worker w2' }, skip });
}

/** A first sync with everything in it: pages, a parked child, a draft, a rejected row. */
function changedCompany(): ModelSource {
  const source = smallCompany(NOW - 60 * MINUTE);
  source.pageSize = 3;
  source.put('jobs', {
    id: 'd1',
    at: NOW - 60 * MINUTE,
    fields: { name: 'Draft' },
    skip: { kind: 'ignored', code: 'draft', rule: 'built-in' },
  });
  source.put('milestones', { id: 'd1t1', at: NOW - 60 * MINUTE, fields: { jobId: 'd1', name: 'Draft ticket' } });
  source.put('times', { id: 'e-d1', at: NOW - 60 * MINUTE, fields: { workerId: 'w1', milestoneId: 'd1t1' } });
  source.put('milestones', { id: 'j1t1', at: NOW - 60 * MINUTE, fields: { jobId: 'j1', name: 'j1t1' }, budget: {} });
  source.put('milestones', { id: 'd9t1', at: NOW - 60 * MINUTE, fields: { jobId: 'j7', name: 'Parked' }, budget: {} });
  source.put('jobs', { id: 'bad', at: NOW - 60 * MINUTE, fields: {}, reject: true });
  return source;
}
