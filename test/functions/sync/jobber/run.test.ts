import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conformance } from '#functions/sync/jobber/fake/conformance.ts';
import type { Run } from '#model/connection.ts';
import { World } from '#test/conformance/world.ts';
import { gid } from './jobber-support.ts';

let world: World;
beforeEach(async () => {
  world = await World.start(conformance);
  expect((await world.first()).outcome).toBe('succeeded');
});
afterEach(() => world.stop());

const DAY = 24 * 60;
const record = async (space: string, type: string, n: number) => (await world.bench.mirror()).get(`${space}:${gid(type, n)}`);
const countsOf = (run: Run, stream: string) => run.streams.find((one) => one.stream === stream)?.counts;

describe('whole runs on the recorded company', () => {
  it('store everything, and nothing that was marked never to be stored (M-25)', async () => {
    const mirror = await world.bench.mirror();
    // 1 branch, 12 clients, 12 properties, 12 people, 20 jobs with a budget each, 60 visits, 315 entries.
    expect(mirror.size).toBe(1 + 24 + 12 + 40 + 60 + 315);
    expect(JSON.stringify(await world.bench.items())).not.toContain('DO-NOT-STORE');
  });

  it('give the hours of the company, drive time apart (M-38)', async () => {
    const records = [...(await world.bench.mirror()).values()];
    const seconds = records.flatMap(({ fields }) => ('durationSeconds' in fields ? [fields.durationSeconds] : []));
    expect(seconds.reduce((sum, one) => sum + one, 0)).toBe(890.15 * 3600);
    expect(records.filter(({ entity }) => entity === 'drive_time')).toHaveLength(82);
  });

  it('let everything find its place: no reference is left open', async () => {
    for (const one of (await world.bench.mirror()).values()) expect(one.pendingRefs).toEqual([]);
  });

  it('see a timer that was stopped, as a change of the same entry (M-34)', async () => {
    expect((await record('time', 'TimeSheetEntry', 90406))?.fields).toMatchObject({ open: true, durationSeconds: 0 });
    world.bench.clock.now += 2 * 3_600_000;
    await world.order({ step: 'open_closed' });
    await world.delta();
    expect(await record('time', 'TimeSheetEntry', 90406)).toMatchObject({
      revision: 2,
      fields: { open: false, durationSeconds: 18_000, end: '2026-03-20T21:30:00.000Z' },
    });
  });

  it('see a visit that moved, though nothing stamps it (M-61)', async () => {
    world.bench.clock.now += 62 * 3_600_000;
    await world.order({ step: 'milestone_moved' });
    await world.delta();
    expect((await record('milestone', 'Visit', 3024))?.fields).toMatchObject({ scheduledDate: '2026-03-25' });
  });

  it('take the calendar for no edit: days go by and nothing changes but what a job has begun (M-59)', async () => {
    const before = await world.bench.mirror();
    const run = await world.full(4 * DAY);
    expect(countsOf(run, 'visits')).toMatchObject({ changed: 0, created: 0, deleted: 0 });
    const after = await world.bench.mirror();
    for (const [key, one] of after) {
      const { status: then, ...rest } = { status: null, ...before.get(key)!.fields };
      const { status: now, ...others } = { status: null, ...one.fields };
      expect(others, key).toEqual(rest);
      if (then !== now) expect([one.entity, then, now], key).toEqual(['job', 'pending', 'in_progress']);
    }
  });

  it('find an entry that was removed without a word after two reconciliations, and its history stays (24, M-102)', async () => {
    await world.order({ step: 'deleted' });
    await world.full();
    expect((await record('time', 'TimeSheetEntry', 90386))?.tombstone).toBeNull();
    await world.full();
    expect((await record('time', 'TimeSheetEntry', 90386))?.tombstone).toMatchObject({ reason: 'absent' });
  });

  it('make a new generation of an id that comes back as another thing (25)', async () => {
    const row = world.rows('time_sheet_entries').find(({ id }) => id === gid('TimeSheetEntry', 90386))!;
    await world.order({ step: 'deleted' });
    await world.full();
    await world.full();
    const createdAt = world.now();
    await world.put('time_sheet_entries', [{ ...row, createdAt }], world.now());
    const run = await world.delta();
    expect(countsOf(run, 'time_sheet_entries')).toMatchObject({ created: 1, restored: 0 });
  });

  it('find an entry edited without a new stamp, far behind the watermark, when everything is read again (23)', async () => {
    const row = world.rows('time_sheet_entries').find(({ id }) => id === gid('TimeSheetEntry', 90217))!;
    const edited = { ...row, endAt: '2026-03-11T18:00:00Z', finalDuration: 5_400 };
    await world.put('time_sheet_entries', [edited], String(row.updatedAt));
    await world.delta();
    expect((await record('time', 'TimeSheetEntry', 90217))?.fields).not.toMatchObject({ durationSeconds: 5_400 });
    await world.full();
    expect((await record('time', 'TimeSheetEntry', 90217))?.fields).toMatchObject({ durationSeconds: 5_400 });
  });

  it('wait for a job that is not there yet, and never show a dangling visit (26, I14)', async () => {
    const [visit] = world.rows('visits');
    const own = { ...visit, id: gid('Visit', 8_001), job: { id: gid('Job', 8_000) } };
    await world.order({ put: { visits: [own] } });
    await world.delta(61);
    expect(await record('milestone', 'Visit', 8_001)).toBeUndefined();
    expect((await world.bench.state()).parked).toBe(1);
    const [job] = world.rows('jobs');
    await world.put('jobs', [{ ...job, id: gid('Job', 8_000) }]);
    await world.delta();
    expect((await record('milestone', 'Visit', 8_001))?.tombstone).toBeNull();
    expect((await world.bench.state()).parked).toBe(0);
  });

  it('fetch an old job that an imported entry hangs on (M-78)', async () => {
    const [job] = world.rows('jobs');
    const old = { ...job, id: gid('Job', 8_000), jobStatus: 'archived', completedAt: '2025-06-01T12:00:00Z' };
    await world.put('jobs', [old], '2025-06-01T12:00:00.000Z');
    const entry = world.rows('time_sheet_entries').at(-1)!;
    await world.put('time_sheet_entries', [{ ...entry, id: gid('TimeSheetEntry', 8_002), job: { id: old.id }, visit: null }]);
    await world.delta();
    expect((await record('job', 'Job', 8_000))?.fields).toMatchObject({ status: 'completed' });
    expect((await record('time', 'TimeSheetEntry', 8_002))?.fields).toMatchObject({ attribution: 'job' });
  });
});

describe('faults in whole runs', () => {
  it('a list that repeats its first page for ever fails alone (17)', async () => {
    await world.order({ fault: 'loopPage', on: true, entity: 'visits' });
    const run = await world.full();
    expect(run.streams.find(({ stream }) => stream === 'visits')).toMatchObject({
      outcome: 'failed',
      error: { code: 'paging_loop' },
    });
    expect(run.streams.find(({ stream }) => stream === 'time_sheet_entries')?.outcome).toBe('succeeded');
  });

  it('a job list that is empty all of a sudden deletes nothing and is held (15)', async () => {
    await world.order({ fault: 'emptyList', on: true, entity: 'jobs' });
    await world.full();
    await world.full();
    const jobs = [...(await world.bench.mirror()).values()].filter(({ entity }) => entity === 'job');
    expect(jobs.filter(({ tombstone }) => tombstone !== null)).toEqual([]);
    expect(await world.bench.state()).toMatchObject({ state: 'degraded', openHolds: 1 });
  });

  it('a page of which a part is missing proves no absence (M-102)', async () => {
    await world.order({ fault: 'partialErrors', on: true, entity: 'jobs' });
    const run = await world.full();
    expect(run.streams.find(({ stream }) => stream === 'jobs')).toMatchObject({
      outcome: 'failed',
      error: { code: 'bad_response' },
    });
    await world.full();
    expect([...(await world.bench.mirror()).values()].filter(({ tombstone }) => tombstone !== null)).toEqual([]);
  });

  it('a missing scope is told and makes the connection degraded; its records stay (31)', async () => {
    const before = await world.mirrored();
    await world.order({ fault: 'scopeMissing', on: true, entity: 'timeSheetEntries' });
    const run = await world.full();
    expect(run.outcome).toBe('failed');
    expect(await world.bench.state()).toMatchObject({ state: 'degraded', missingScopes: ['time_sheet_entries'] });
    expect(await world.mirrored()).toEqual(before);
  });

  it('an app that was disconnected at Jobber stops the schedule, and the mirror stays readable (39)', async () => {
    const before = await world.mirrored();
    await world.order({ fault: 'revoked', on: true });
    const run = await world.delta();
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'reauth_required', who: 'customer' } });
    expect(await world.bench.state()).toMatchObject({ state: 'failed', cause: 'reauth_required' });
    expect(await world.mirrored()).toEqual(before);
  });
});
