import { afterEach, describe, expect, it, vi } from 'vitest';
import { quickBooksTimeConnector } from '#functions/sync/quickbooks-time/index.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { Bench } from './quickbooks-time-support.ts';

vi.setConfig({ testTimeout: 90_000 });

let bench: Bench;
afterEach(() => bench.stop());

/** The mirror as far as the source decides it. */
async function picture(): Promise<Record<string, unknown>> {
  const records = [...(await bench.sync.mirror())] as [string, MirrorRecord][];
  return Object.fromEntries(
    records.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, { fields, tombstone }]) => [key, { fields, tombstone }]),
  );
}

const grow = (count: number) => ({
  users: Array.from({ length: count }, (_, n) => ({
    id: 8_000_000 + n,
    first_name: 'New',
    last_name: `Person ${n}`,
    active: true,
  })),
});

describe('limits and outages (faults 11 to 13, 33)', () => {
  it('a limit without any header is waited out for a minute, and the token’s calls are kept to', async () => {
    bench = await Bench.open();
    await bench.arm('status', { times: 1, value: 429, entity: 'users' });
    const run = await bench.tick(0);
    expect(run.outcome).toBe('succeeded');
    expect(bench.waits).toContainEqual(expect.closeTo(60_500, -3));
    const times = bench.logged().map(({ at }) => Date.parse(at));
    for (const time of times) expect(times.filter((one) => one >= time && one < time + 300_000).length).toBeLessThanOrEqual(240);
  });

  it('maintenance is tried again a few times, then left for the next cycle', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    const before = await picture();
    await bench.arm('maintenance');
    bench.mark();
    const run = await bench.tick();
    expect(run).toMatchObject({ outcome: 'interrupted', error: { code: 'source_unavailable', who: 'nobody' } });
    expect(bench.logged().length).toBeLessThanOrEqual(4);
    bench.calm();
    expect((await bench.tick()).outcome).toBe('succeeded');
    expect(await picture()).toEqual(before);
  });

  it('a page that takes too long is asked for again in halves, and no row is lost', async () => {
    bench = await Bench.open();
    await bench.order({ put: grow(210) });
    await bench.arm('timeout', { times: 1, entity: 'users' });
    await bench.tick(0);
    const asked = bench.logged().filter(({ entity }) => entity === 'users');
    const pages = asked.map(({ query }) => `${/limit=(\d+)/.exec(query)?.[1]}:${/page=(\d+)/.exec(query)?.[1]}`);
    expect(pages).toEqual(['200:1', '100:1', '100:2', '200:2']);
    expect((await bench.live('worker')).length).toBe(222);
  });
});

describe('paging (faults 16 to 19)', () => {
  it('follows "more", not the length of a page, and takes a row that stands twice once', async () => {
    bench = await Bench.open();
    await bench.order({ put: grow(210) });
    await bench.arm('shortPage', { value: 0.5 });
    await bench.arm('duplicateRow');
    await bench.tick(0);
    expect((await bench.live('worker')).length).toBe(222);
  });

  it('a list that begins again with every page ends as a loop, and nothing is deleted', async () => {
    bench = await Bench.open();
    await bench.order({ put: grow(210) });
    await bench.tick(0);
    await bench.arm('loopPage', { entity: 'users' });
    await bench.order({ put: { users: [{ id: 7100033, last_name: 'Pikes' }, ...grow(210).users] } });
    const run = await bench.tick(25 * 60);
    expect(run.streams.find(({ stream }) => stream === 'users')).toMatchObject({
      outcome: 'failed',
      error: { code: 'paging_loop' },
    });
    expect((await bench.live('worker')).length).toBe(222);
  });

  it('rows that change places between pages are there after the next cycle at the latest', async () => {
    bench = await Bench.open();
    await bench.order({ put: grow(210) });
    await bench.arm('editDuringPaging', { entity: 'users', times: 1 });
    await bench.tick(0);
    await bench.tick();
    expect((await bench.live('worker')).length).toBe(222);
    bench.calm();
    await bench.arm('pageShuffle');
    await bench.tick(25 * 60);
    await bench.tick(25 * 60);
    expect((await bench.live('worker')).length).toBe(222);
  });
});

describe('answers that are none, and drift (faults 14, 15, 28, 31)', () => {
  it('an empty list in either form holds what would vanish', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    await bench.arm('emptyList', { entity: 'users' });
    await bench.arm('emptyAs', { value: 'object' });
    await bench.tick(25 * 60);
    bench.calm();
    await bench.arm('emptyList', { entity: 'jobcodes' });
    await bench.tick(25 * 60);
    expect((await bench.live('worker')).length).toBe(12);
    expect((await bench.live('job')).length).toBe(20);
    expect((await bench.sync.state()).openHolds).toBeGreaterThan(0);
  });

  it('ids as texts, offsets without a colon and a missing "more" change nothing', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    const before = await picture();
    await bench.arm('scalarDrift');
    await bench.arm('manualHasTimes');
    const run = await bench.tick(25 * 60);
    expect(run.outcome).toBe('succeeded');
    expect(await picture()).toEqual(before);
  });

  it('a customer who has not paid is told, and keeps what is mirrored', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    const before = await picture();
    await bench.arm('billing');
    expect((await bench.tick()).error).toMatchObject({ code: 'source_account_suspended', who: 'customer' });
    expect(await picture()).toEqual(before);
  });

  it('a blocked address fails what is read and deletes nothing', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    const before = await picture();
    await bench.arm('blocked');
    expect((await bench.tick()).outcome).toBe('failed');
    expect(await picture()).toEqual(before);
  });
});

describe('records (faults 26, 30, 32)', () => {
  it('a milestone whose job never came waits for it, and is there once it comes', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    await bench.order({ put: { jobcodes: [{ id: 17, parent_id: 16, type: 'regular', name: 'Orphan', active: true }] } });
    await bench.tick();
    expect(await bench.record('milestone:17')).toBeUndefined();
    expect((await bench.sync.state()).parked).toBe(1);
    await bench.order({ put: { jobcodes: [{ id: 16, parent_id: 0, type: 'regular', name: 'Parent', active: true }] } });
    await bench.tick();
    expect((await bench.record('milestone:17'))?.fields).toMatchObject({ jobId: (await bench.record('job:16'))?.id });
    expect((await bench.sync.state()).parked).toBe(0);
  });

  it('negative and endless entries, and rates too fine, are put aside alone', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    await bench.order({
      put: {
        timesheets: [
          { id: 135281081, duration: -60 },
          { id: 135281310, duration: 200_000 },
        ],
        users: [{ id: 7100033, pay_rate: 27.55555 }],
      },
    });
    const run = await bench.tick(61);
    expect(run.outcome).toBe('succeeded-with-quarantine');
    expect(run.exceptions.map(({ sourceId, reason, value }) => [sourceId, reason, value]).sort()).toEqual([
      ['135281081', 'duration_out_of_range', '-60'],
      ['135281310', 'duration_out_of_range', '200000'],
      ['7100033', 'money_invalid', null],
    ]);
    expect((await bench.record('time:135281081'))?.fields).toMatchObject({ durationSeconds: 9_000 });
  });

  it('another account behind the same token stops the run before anything is read', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    const before = await picture();
    await bench.arm('otherAccount');
    const { connectionKey } = await import('#model/keys.ts');
    const update = { expression: 'SET accountId = :a', values: { ':a': '4711' } };
    await bench.sync.table.write(bench.sync.scope, [{ kind: 'update', key: connectionKey(bench.sync.scope, 1), update }]);
    bench.mark();
    expect((await bench.tick()).error?.code).toBe('account_mismatch');
    expect(bench.lists()).toEqual(['current_user']);
    expect(await picture()).toEqual(before);
  });
});

describe('credentials (faults 35, 36, 38, 39, 41)', () => {
  it('an access token that ends during a run is renewed once', async () => {
    bench = await Bench.open({}, 1);
    await bench.order({ put: grow(210) });
    await bench.arm('status', { times: 1, value: 429, entity: 'users' });
    const run = await bench.tick(0);
    expect(run.outcome).toBe('succeeded');
    expect(bench.tokens.renewals).toBe(1);
    expect(bench.logged().filter(({ status }) => status === 401).length).toBe(1);
  });

  it('readers that are refused at once share one refresh', async () => {
    bench = await Bench.open({}, -1);
    const sessions = await Promise.all([1, 2, 3].map(() => quickBooksTimeConnector.open(bench.options())));
    expect(sessions.map(({ account }) => account.id)).toEqual(['4711', '4711', '4711']);
    expect(bench.logged().filter(({ entity }) => entity === 'grant').length).toBe(1);
  });

  it('a refresh that brings no new refresh token leaves the old one in use', async () => {
    bench = await Bench.open({}, -1);
    await bench.arm('refreshKeepsOld', { entity: 'grant' });
    expect((await bench.tick(0)).outcome).toBe('succeeded');
  });

  it('a revoked grant is said clearly; the mirror stays readable and the source is left alone', async () => {
    bench = await Bench.open();
    await bench.tick(0);
    const before = await picture();
    await bench.arm('revoked', { entity: 'grant' });
    const run = await bench.tick(11 * 24 * 60);
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'reauth_required', who: 'customer' } });
    expect(await bench.sync.state()).toMatchObject({ state: 'failed', cause: 'reauth_required' });
    expect(await picture()).toEqual(before);
    bench.mark();
    bench.sync.clock.now += 20 * 60_000;
    expect(await bench.sync.run()).toEqual({ kind: 'refused', reason: 'not_runnable' });
    expect(bench.logged()).toEqual([]);
  });

  it('a token in an error of the source comes out nowhere', async () => {
    bench = await Bench.open();
    const token = await bench.tokens.current();
    await bench.arm('status', { value: { code: 400, body: `bad token ${token}` } });
    const run = await bench.tick(0);
    expect(run.outcome).toBe('failed');
    expect(JSON.stringify([run, await bench.sync.items()])).not.toContain(token);
  });
});
