import { afterEach, describe, expect, it, vi } from 'vitest';
import { Bench, DRIVE_CODE, rowWith } from './quickbooks-time-support.ts';

vi.setConfig({ testTimeout: 60_000 });

let bench: Bench;
afterEach(() => bench.stop());

describe('a first run', () => {
  it('mirrors the recorded company whole', async () => {
    bench = await Bench.open();
    const run = await bench.tick(0);
    expect(run.error).toBeNull();
    expect(run.streams.map(({ stream, outcome }) => [stream, outcome])).toEqual(
      run.streams.map(({ stream }) => [stream, 'succeeded']),
    );
    const mirror = [...(await bench.sync.mirror()).values()];
    const count = (entity: string) => mirror.filter((one) => one.entity === entity).length;
    // Two yards and the account itself; all users; the tree without drive, leave and breaks; every timesheet of March.
    expect(count('branch')).toBe(3);
    expect(count('worker')).toBe(12);
    expect(count('job')).toBe(20);
    expect(count('milestone')).toBe(60);
    expect(count('time_entry') + count('drive_time')).toBe(315);
    // The unset wage and the yearly one, and that of the office person, are no hourly wages.
    expect(count('wage_record')).toBe(9);
    expect(mirror.filter((one) => one.pendingRefs.length > 0)).toEqual([]);
  });

  it('reads every list in as few calls as there are pages', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    const calls = bench.lists().sort();
    expect(calls).toEqual([
      'current_user',
      'customfielditems',
      'jobcodes',
      'projects',
      'timesheets',
      'timesheets',
      'timesheets_deleted',
      'users',
    ]);
  });
});

describe('a cycle', () => {
  it('without changes costs three calls and writes no record', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    await bench.tick();
    const before = await bench.sync.mirror();
    bench.mark();
    const run = await bench.tick();
    expect(bench.lists().sort()).toEqual(['current_user', 'last_modified_timestamps', 'projects']);
    expect(run.outcome).toBe('succeeded');
    expect(await bench.sync.mirror()).toEqual(before);
  });

  it('follows an edit, a new row and a corrected jobcode', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    bench.sync.clock.now += 60_000;
    await bench.order({ step: 'corrected' });
    await bench.order({
      put: { users: [{ id: 7100033, last_name: 'Pikes' }], jobcodes: [{ id: 17600102, name: 'Maple Court' }] },
    });
    await bench.tick();
    expect((await bench.record('worker:7100033'))?.fields).toMatchObject({ lastName: 'Pikes' });
    expect((await bench.record('job:17600102'))?.fields).toMatchObject({ name: 'Maple Court' });
    const moved = await bench.record('time:135281081');
    expect(moved?.fields).toMatchObject({ milestoneId: (await bench.record('milestone:17601024'))?.id, durationSeconds: 5_400 });
  });

  it('turns an entry into drive time when its jobcode becomes the drive code, under the same id', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    bench.sync.clock.now += 60_000;
    await bench.order({ put: { timesheets: [{ id: 135281081, jobcode_id: Number(DRIVE_CODE) }] } });
    await bench.tick();
    const moved = await bench.record('time:135281081');
    expect(moved).toMatchObject({ entity: 'drive_time', tombstone: null, fields: { basis: 'jobcode', jobId: null } });
  });

  it('reads the jobcodes of a project again when its status changes', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    expect((await bench.record('job:17600120'))?.fields).toMatchObject({ status: 'in_progress' });
    bench.sync.clock.now += 60_000;
    await bench.order({ put: { projects: [{ id: 527010, status: 'complete', completed_date: '2026-03-20T00:00:00+00:00' }] } });
    await bench.tick();
    expect((await bench.record('job:17600120'))?.fields).toMatchObject({
      status: 'completed',
      completedAt: '2026-03-20T04:00:00.000Z',
    });
  });

  it('closes a running entry', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    expect((await bench.record('time:135282030'))?.fields).toMatchObject({ open: true, end: null, durationSeconds: 0 });
    bench.sync.clock.now = Date.parse('2026-03-20T21:31:02Z');
    await bench.order({ step: 'open_closed' });
    await bench.tick();
    expect((await bench.record('time:135282030'))?.fields).toMatchObject({
      open: false,
      end: '2026-03-20T21:30:00.000Z',
      durationSeconds: 18_000,
    });
  });
});

describe('deletions', () => {
  it('are told by the list of deleted timesheets, after the changes of the same cycle', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    bench.sync.clock.now += 60_000;
    await bench.order({ delete: { timesheets: [135281930] } });
    const run = await bench.tick();
    expect(run.outcome).toBe('succeeded');
    expect((await bench.record('time:135281930'))?.tombstone).toMatchObject({ reason: 'feed' });
    const order = bench.lists().filter((list) => list.startsWith('timesheets'));
    expect(order.indexOf('timesheets')).toBeLessThan(order.indexOf('timesheets_deleted'));
  });

  it('of an entry never seen leave nothing behind', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    expect(await bench.record('time:135290001')).toBeUndefined();
  });

  it('are held when more vanish than a person would delete', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    const ids = (await bench.live('time_entry')).slice(0, 150).map(({ sourceId }) => Number(sourceId));
    bench.sync.clock.now += 60_000;
    await bench.order({ delete: { timesheets: ids } });
    const run = await bench.tick();
    expect(run.outcome).toBe('succeeded-with-quarantine');
    expect((await bench.live('time_entry')).length + (await bench.live('drive_time')).length).toBe(315);
    expect((await bench.sync.state()).openHolds).toBe(1);
  });

  it('missed for longer than the source keeps its list make the next run read everything', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    await bench.order({ delete: { timesheets: [135281930] } });
    const run = await bench.tick(181 * 24 * 60);
    expect(run.mode).toBe('full');
    expect((await bench.record('time:135281930'))?.tombstone).toBeNull();
    await bench.tick(24 * 60);
    expect((await bench.record('time:135281930'))?.tombstone).toMatchObject({ reason: 'absent' });
  });

  it('an archived person stays, inactive', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    bench.sync.clock.now += 60_000;
    await bench.order({ put: { users: [{ id: 7100044, active: false }] } });
    await bench.tick();
    expect(await bench.record('worker:7100044')).toMatchObject({ tombstone: null, fields: { sourceActive: false } });
  });
});

describe('the account', () => {
  it('is the company that was granted', async () => {
    bench = await Bench.open();
    const { quickBooksTimeConnector } = await import('#functions/sync/quickbooks-time/index.ts');
    expect(await quickBooksTimeConnector.check(bench.options())).toEqual({
      accountId: '4711',
      accountName: 'Fernhill Grounds and Site Works',
      branchSourceIds: [],
      missingScopes: [],
    });
  });

  it('of somebody else is another one, and nothing is read of it', async () => {
    bench = await Bench.open();
    const { quickBooksTimeConnector } = await import('#functions/sync/quickbooks-time/index.ts');
    await bench.arm('otherAccount');
    const session = await quickBooksTimeConnector.open(bench.options());
    expect(session.account.id).toBe('other-example-co');
  });
});

it('asks by id for what a record refers to, and gives only that', async () => {
  bench = await Bench.open();
  const { quickBooksTimeConnector } = await import('#functions/sync/quickbooks-time/index.ts');
  const session = await quickBooksTimeConnector.open(bench.options());
  const { rows } = await session.fetch({ stream: 'milestones', ids: ['17601024', '17600106', '1'] });
  expect(rows.map((row) => row.kind === 'record' && [row.record.entity, row.record.sourceId])).toEqual([
    ['milestone', '17601024'],
  ]);
  expect(rowWith('jobcodes', 17601024).parent_id).toBe(17600106);
});
