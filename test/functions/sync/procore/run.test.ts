import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { type SyncBench, startSyncBench } from '../../../support/sync-bench.ts';
import { ALL_PROJECTS, COMPANY, ProcoreBench, settings } from './procore-support.ts';

const FIRST = '562949953400001';
const DAY = 24 * 3_600_000;

let source: ProcoreBench;
let bench: SyncBench;
beforeEach(async () => {
  source = await new ProcoreBench().start();
});
afterEach(async () => {
  await bench.stop();
  await source.stop();
});

async function connect(set: Partial<typeof settings> = {}): Promise<void> {
  bench = await startSyncBench({
    connector: source.connector(),
    credentials: { companyId: COMPANY, baseUrl: source.url },
    settings: { ...settings, entities: source.connector().manifest.entities, ...set },
    now: source.nowMs,
    openHttp: () => source.http(),
  });
}

/** Lets time pass for both, and runs. */
async function runAfter(ms: number) {
  source.nowMs += ms;
  bench.clock.now = source.nowMs;
  const { run } = await bench.runToEnd();
  bench.clock.now = Math.max(bench.clock.now, source.nowMs);
  source.nowMs = bench.clock.now;
  return run;
}

const live = (records: ReadonlyMap<string, MirrorRecord>, entity: string): MirrorRecord[] =>
  [...records.values()].filter((one) => one.entity === entity && one.tombstone === null);

it('a first run mirrors what is in scope, a second one writes nothing (A-23)', async () => {
  await connect();
  const first = await runAfter(0);
  expect([first.outcome, first.error]).toEqual(['succeeded', null]);
  const mirror = await bench.mirror();
  const counts = Object.fromEntries(
    ['branch', 'division', 'route', 'worker', 'job', 'milestone', 'budget_info', 'time_entry', 'drive_time'].map((entity) => [
      entity,
      live(mirror, entity).length,
    ]),
  );
  // 20 projects less two drafts and a canceled one; 12 people less one who is no employee.
  expect(counts).toEqual({
    branch: 3,
    division: 2,
    route: 3,
    worker: 11,
    job: 17,
    milestone: 17,
    budget_info: 17,
    time_entry: 121,
    drive_time: 82,
  });
  const entry = mirror.get('time:562949953800203')!;
  expect(entry.fields).toMatchObject({ open: true, durationSeconds: 0, attribution: 'job' });
  expect(mirror.get('time:562949953800041')!.fields).toMatchObject({ attribution: 'outside_scope' });
  const drive = mirror.get('time:562949953800001')!;
  expect(drive).toMatchObject({ entity: 'drive_time', pendingRefs: [], fields: { attribution: 'job', milestoneId: null } });

  const second = await runAfter(20 * 60_000);
  expect([second.mode, second.outcome]).toEqual(['delta', 'succeeded']);
  const changed = second.streams.flatMap(({ counts: one }) => [one.created, one.changed, one.deleted]);
  expect(changed.every((count) => count === 0)).toBe(true);
});

it('no project is read until it is switched on; switched off again its records are frozen, and come back (M-66)', async () => {
  await connect({ projectAllowList: [] });
  await runAfter(0);
  expect(live(await bench.mirror(), 'job')).toEqual([]);

  const setAllowList = async (projectAllowList: readonly string[]) => {
    const { id } = bench.connection;
    const ports = bench.ports();
    const changed = { ...bench.connection, settings: { ...settings, projectAllowList } };
    const store = { ...ports.store, readConnection: async () => changed };
    source.nowMs += 20 * 60_000;
    bench.clock.now = source.nowMs;
    const { run } = await bench.runToEnd({ connectionId: id }, { store });
    source.nowMs = Math.max(source.nowMs, bench.clock.now);
    return run;
  };
  expect((await setAllowList([FIRST])).mode).toBe('delta');
  let mirror = await bench.mirror();
  expect(live(mirror, 'job').map((one) => one.sourceId)).toEqual([FIRST]);
  expect(live(mirror, 'milestone')).toHaveLength(1);

  await setAllowList([]);
  mirror = await bench.mirror();
  for (const key of [`job:${FIRST}`, `milestone:${FIRST}/procore:budget_line:cc:61011:cat:none`])
    expect([mirror.get(key)!.tombstone, mirror.get(key)!.outOfScope]).toEqual([null, 'project_not_enabled']);
  expect((await bench.state()).openHolds).toBe(0);

  await setAllowList([FIRST]);
  mirror = await bench.mirror();
  expect([mirror.get(`job:${FIRST}`)!.outOfScope, live(mirror, 'milestone')[0]!.outOfScope]).toEqual([null, null]);
});

it('a project that is permitted no more is out of scope with all that belongs to it, never deleted', async () => {
  await connect();
  await runAfter(0);
  source.arm('hiddenProjects', { value: [FIRST] });
  for (let day = 0; day < 3; day += 1) await runAfter(DAY);
  const mirror = await bench.mirror();
  const own = [...mirror.values()].filter(({ fields, sourceId }) => {
    const jobId = (fields as { jobId?: string | null }).jobId;
    return jobId === mirror.get(`job:${FIRST}`)!.id || sourceId.startsWith(FIRST);
  });
  expect(own.length).toBeGreaterThan(10);
  expect(own.filter((one) => one.tombstone !== null).map((one) => one.sourceId)).toEqual([]);
  expect(own.filter((one) => one.outOfScope === null).map((one) => one.sourceId)).toEqual([]);
  expect((await bench.state()).openHolds).toBe(0);
  source.disarm('hiddenProjects');
  await runAfter(DAY);
  const back = await bench.mirror();
  expect([...back.values()].filter((one) => one.outOfScope !== null).map((one) => one.sourceId)).toEqual([]);
});

it('a deleted entry is tombstoned by the feed at once, and by two sweeps where there is no feed (M-102)', async () => {
  await connect();
  await runAfter(0);
  const at = (minutes: number) => new Date(source.nowMs + minutes * 60_000).toISOString();
  source.put('timecard_entries', { id: 562949953800193, deleted_at: at(5), updated_at: at(5) });
  await runAfter(20 * 60_000);
  expect((await bench.mirror()).get('time:562949953800193')!.tombstone?.reason).toBe('feed');

  source.arm('deletedAtFilter', { value: 'refused' });
  source.put('timecard_entries', { id: 562949953800192, deleted_at: at(5), updated_at: at(5) });
  await runAfter(DAY);
  expect((await bench.mirror()).get('time:562949953800192')!.tombstone).toBeNull();
  await runAfter(DAY);
  expect((await bench.mirror()).get('time:562949953800192')!.tombstone?.reason).toBe('absent');
});

it('people who only change to the inactive list stay, inactive (M-69)', async () => {
  await connect();
  await runAfter(0);
  const data = source.fake.shell.data('fernhill');
  const person = data.rows(data.entity('people')!).find((row) => row.id === 562949953000054)!;
  source.remove('people', 562949953000054);
  source.put('people_inactive', { ...person, contact: { is_active: false, email: null } });
  await runAfter(20 * 60_000);
  const worker = (await bench.mirror()).get('worker:562949953000054')!;
  expect([worker.tombstone, (worker.fields as { sourceActive: boolean }).sourceActive]).toEqual([null, false]);
});

it('an empty list where thousands were deletes nothing (fault 15)', async () => {
  await connect();
  await runAfter(0);
  source.arm('emptyList', { entity: 'people' });
  source.arm('emptyList', { entity: 'people_inactive' });
  await runAfter(DAY);
  const state = await bench.state();
  expect([live(await bench.mirror(), 'worker').length, state.openHolds > 0]).toEqual([11, true]);
});

it('one project whose budget is not ours to see fails that stream alone, and nothing is deleted (A-3, X-31)', async () => {
  await connect();
  await runAfter(0);
  source.arm('deniedProjects', { value: [FIRST], entity: 'budgeted_production_quantities' });
  for (let run = 0; run < 3; run += 1) {
    const { streams } = await runAfter(20 * 60_000);
    expect(streams.find(({ stream }) => stream === 'budget_lines')).toMatchObject({
      outcome: 'failed',
      error: { code: 'scope_missing' },
    });
    expect(streams.find(({ stream }) => stream === 'timecards')!.outcome).toBe('succeeded');
  }
  expect(live(await bench.mirror(), 'milestone')).toHaveLength(17);
  expect((await bench.state()).missingScopes).toEqual(['budget_lines']);
});

it('a poisoned row is quarantined alone, and leaves the quarantine when it is mended (faults 28, 29)', async () => {
  await connect();
  source.arm('poisonRow', { entity: 'timecard_entries', value: { field: 'hours', with: 'eight', id: 562949953800001 } });
  const first = await runAfter(0);
  expect(first.outcome).toBe('succeeded-with-quarantine');
  expect(first.exceptions).toMatchObject([{ sourceId: '562949953800001', reason: 'value_out_of_range', field: 'hours' }]);
  expect((await bench.mirror()).has('time:562949953800001')).toBe(false);
  source.disarm('poisonRow');
  await runAfter(DAY);
  expect((await bench.mirror()).has('time:562949953800001')).toBe(true);
  expect((await bench.state()).quarantined).toBe(0);
});

it('another account ends the run before anything is written (fault 32)', async () => {
  await connect();
  source.arm('otherAccount');
  const run = await runAfter(0);
  expect([run.outcome, run.error?.code]).toEqual(['failed', 'account_mismatch']);
  expect((await bench.mirror()).size).toBe(0);
});

it('what each run asks of the source stays within its budget (A-43)', async () => {
  await connect();
  await runAfter(0);
  const before = source.asked().length;
  await runAfter(20 * 60_000);
  const asked = source.asked().slice(before);
  // Log-in, company, people and users (4), changed projects with stages and their crews (5), shown projects, their lines, time and its deletions.
  expect(asked.length).toBe(1 + 1 + 4 + 5 + 1 + ALL_PROJECTS.length + 2);
  expect(source.fake.shell.log.list().every(({ method, path }) => method === 'GET' || path === '/oauth/token')).toBe(true);
});
