import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { API_VERSION } from '#functions/sync/jobber/client.ts';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { OutOfTime } from '#mirror/source-error.ts';
import { idsOf, readAll, rowsOfPages } from '#test/support/mapped-rows.ts';
import { sourceErrorOf } from '#test/support/source-errors.ts';
import { Bench, dataset, full, gid, rowsOf, settings } from './jobber-support.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().start();
});
afterEach(() => bench.stop());

const MINUTE = 60_000;
/** Adds plain jobs, one a minute, all older than the recorded ones unless told otherwise. */
async function addJobs(count: number, from = Date.parse('2026-02-01T00:00:00Z'), stepMs = MINUTE): Promise<void> {
  const [first] = rowsOf('jobs');
  const rows = Array.from({ length: count }, (_, at) => ({
    ...first,
    id: gid('Job', 900_000 + at),
    jobNumber: 1_000 + at,
    updatedAt: new Date(from + at * stepMs).toISOString(),
  }));
  await bench.order({ put: { jobs: rows } });
}

describe('reading everything', () => {
  it('gives every recorded row of every list, each once, without a rejection', async () => {
    const session = await bench.open();
    for (const list of ['clients', 'properties', 'users', 'jobs', 'visits']) {
      const rows = rowsOfPages(await readAll(session, full(list)));
      const wanted = rowsOf(list).map(({ id }) => String(id));
      expect(idsOf(rows).sort()).toEqual(wanted.sort());
    }
    const window = { from: '2026-03-02', to: '2099-12-31' };
    const times = rowsOfPages(await readAll(session, { stream: 'time_sheet_entries', since: null, window }));
    expect(new Set(idsOf(times)).size).toBe(315);
    expect(times.every(({ kind }) => kind === 'record')).toBe(true);
  });

  it('makes one branch of the account, without a call of its own', async () => {
    const session = await bench.open();
    bench.mark();
    const [page] = await readAll(session, full('branches'));
    const account = dataset.endpoints.account![0]!;
    expect(page?.rows).toMatchObject([
      { record: { sourceId: `account:${String(account.id)}`, fields: { name: account.name, derived: true, zone: null } } },
    ]);
    expect(bench.requests()).toEqual([]);
    expect(session.account).toEqual({ id: account.id, name: account.name });
  });

  it('needs as few calls as the points allow: one for what one page holds', async () => {
    const session = await bench.open();
    bench.mark();
    for (const stream of ['clients', 'properties', 'users', 'jobs', 'visits']) await readAll(session, full(stream));
    expect(bench.requests()).toEqual(['clients', 'properties', 'users', 'jobs', 'visits']);
  });

  it('asks nothing of wages, phones and notes', async () => {
    const session = await bench.open();
    const texts: string[] = [];
    const http = bench.http();
    const spied = await bench.open({
      http: {
        calls: 0,
        call: (request) => {
          texts.push(request.body ?? '');
          return http.call(request);
        },
      },
    });
    for (const stream of ['clients', 'properties', 'users', 'jobs', 'visits', 'time_sheet_entries'])
      await readAll(spied, full(stream));
    expect(session.account.id).toBe(spied.account.id);
    expect(texts.join('\n')).not.toMatch(
      /labourRate|phone|note|instructions|balance|billingAddress|totalCount|jobCosting|mutation/,
    );
  });
});

describe('what has changed', () => {
  it('in clients and time is asked for by stamp', async () => {
    await bench.order({ step: 'corrected' });
    const session = await bench.open();
    const since = '2026-03-20T19:59:00.000Z';
    const rows = rowsOfPages(await readAll(session, { stream: 'time_sheet_entries', since, window: null }));
    expect(idsOf(rows)).toEqual([gid('TimeSheetEntry', 90217)]);
    expect(rowsOfPages(await readAll(session, { stream: 'clients', since, window: null }))).toEqual([]);
  });

  it('in jobs is read newest first, down to the watermark and no further', async () => {
    await addJobs(250);
    const session = await bench.open();
    bench.mark();
    const since = '2026-03-20T18:00:00.000Z';
    const rows = rowsOfPages(await readAll(session, { stream: 'jobs', since, window: null }));
    const recent = rowsOf('jobs').filter(({ updatedAt }) => String(updatedAt) >= since);
    expect(recent.length).toBeGreaterThan(0);
    for (const { id } of recent) expect(idsOf(rows)).toContain(id);
    expect(bench.requests()).toEqual(['jobs']);
  });

  it('in jobs is read over as many pages as it takes, and loses none of equal stamps (A-29)', async () => {
    await addJobs(250, Date.parse('2026-03-20T19:00:00Z'), 0);
    const session = await bench.open();
    const pages = await readAll(session, { stream: 'jobs', since: '2026-03-20T19:00:00.000Z', window: null });
    expect(pages.length).toBeGreaterThan(2);
    expect(new Set(idsOf(rowsOfPages(pages))).size).toBeGreaterThanOrEqual(250);
  });

  it('while pages are read moves to the front: a row comes twice, none is lost (fault 18)', async () => {
    await addJobs(250, Date.parse('2026-03-20T19:00:00Z'), 1000);
    await bench.arm('moveWhilePaging', { times: 1 });
    const session = await bench.open();
    const ids = idsOf(rowsOfPages(await readAll(session, { stream: 'jobs', since: '2026-03-20T19:00:00.000Z', window: null })));
    for (let at = 0; at < 250; at += 1) expect(ids).toContain(gid('Job', 900_000 + at));
  });

  it('in jobs that do not come in order is not trusted (M-88)', async () => {
    await bench.arm('poisonRow', { entity: 'jobs', value: { field: 'updatedAt', with: '2026-01-01T00:00:00Z' } });
    const session = await bench.open();
    const error = await sourceErrorOf(readAll(session, { stream: 'jobs', since: '2025-12-01T00:00:00.000Z', window: null }));
    expect(error.code).toBe('bad_response');
  });

  it('in visits is asked for by days of the zone, ends included', async () => {
    const session = await bench.open();
    const window = { from: '2026-03-16', to: '2026-03-29' };
    const ids = idsOf(rowsOfPages(await readAll(session, { stream: 'visits', since: null, window })));
    const inside = rowsOf('visits').filter(({ startAt }) => {
      const at = String(startAt);
      return at >= '2026-03-16T04:00:00Z' && at < '2026-03-30T04:00:00Z';
    });
    expect([...ids].sort()).toEqual(inside.map(({ id }) => String(id)).sort());
  });

  it('in time of a window is trimmed to its days', async () => {
    const midnight = '2026-03-16T04:00:00Z';
    const row = rowsOf('timeSheetEntries').find(({ ticking }) => ticking === false)!;
    const at = (n: number, startAt: string) => ({
      ...row,
      id: gid('TimeSheetEntry', n),
      startAt,
      endAt: startAt,
      finalDuration: 0,
    });
    const before = new Date(Date.parse(midnight) - 500).toISOString();
    await bench.order({
      put: { timeSheetEntries: [at(1, midnight), at(2, before), at(3, '2026-03-23T03:59:59Z'), at(4, '2026-03-23T04:00:00Z')] },
    });
    const session = await bench.open();
    const window = { from: '2026-03-16', to: '2026-03-22' };
    const ids = idsOf(rowsOfPages(await readAll(session, { stream: 'time_sheet_entries', since: null, window })));
    expect([1, 2, 3, 4].filter((n) => ids.includes(gid('TimeSheetEntry', n)))).toEqual([1, 3]);
  });
});

describe('records by their ids', () => {
  it.each([
    ['users', 'User', 3],
    ['jobs', 'Job', 409],
    ['visits', 'Visit', 3001],
    ['clients', 'Client', 101],
    ['properties', 'Property', 201],
    ['time_sheet_entries', 'TimeSheetEntry', 90217],
  ])('of %s come as far as they are there', async (stream, type, n) => {
    const session = await bench.open();
    const page = await session.fetch({ stream, ids: [gid(type, n), gid(type, 123_456)] });
    expect(idsOf(page.rows)).toEqual([gid(type, n)]);
  });

  it('come in calls of fifty, and an old record comes as wanted (M-78)', async () => {
    const old = { ...rowsOf('jobs')[0], id: gid('Job', 77), jobStatus: 'archived', completedAt: '2025-01-01T00:00:00Z' };
    await bench.order({ put: { jobs: [old] } });
    const session = await bench.open();
    bench.mark();
    const ids = [
      ...rowsOf('jobs').map(({ id }) => String(id)),
      ...Array.from({ length: 40 }, (_, at) => gid('Job', 7_000 + at)),
      gid('Job', 77),
    ];
    const page = await session.fetch({ stream: 'jobs', ids });
    expect(page.rows).toHaveLength(21);
    expect(page.rows.at(-1)).toMatchObject({ record: { sourceId: gid('Job', 77) } });
    expect(page.rows.at(-1)).not.toMatchObject({ record: { skip: {} } });
    expect(bench.requests()).toEqual(['jobs', 'jobs']);
  });
});

describe('people assigned to a visit', () => {
  it('are read to their end where they are more than come along (A-37)', async () => {
    const nodes = Array.from({ length: 130 }, (_, at) => ({ id: gid('User', 10_000 + at) }));
    await bench.order({ put: { visits: [{ ...rowsOf('visits')[0], assignedUsers: { nodes } }] } });
    const session = await bench.open();
    const page = await session.fetch({ stream: 'visits', ids: [gid('Visit', 3001)] });
    expect(page.rows).toMatchObject([{ record: { fields: { assignedIds: nodes.map(({ id }) => id).sort() } } }]);
  });
});

describe('the budget of points (M-61)', () => {
  it('is never overdrawn by a long reading: it waits instead, and is never throttled', async () => {
    await addJobs(900);
    const session = await bench.open();
    await readAll(session, full('jobs'));
    expect(bench.waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(0);
    const answers = bench.fake.shell.log.list().filter(({ entity }) => entity === 'jobs');
    // 920 rows in pages of 100: no page was asked for twice.
    expect(answers).toHaveLength(10);
  });

  it('throttled all the same, it waits as long as the points take to come back', async () => {
    await bench.arm('bucket', { value: { maximum: 10_000, rate: 500 } });
    const session = await bench.open();
    const greedy = await bench.open();
    for (let call = 0; call < 14; call += 1) await readAll(greedy, full('jobs'));
    bench.waits.length = 0;
    const rows = rowsOfPages(await readAll(session, full('jobs')));
    expect(rows).toHaveLength(20);
    expect(bench.waits.every((ms) => ms <= 61_000)).toBe(true);
  });

  it('too small for a page makes pages smaller, at once and for good', async () => {
    await bench.arm('bucket', { value: { maximum: 400, rate: 500 } });
    const session = await bench.open();
    bench.mark();
    const pages = await readAll(session, full('jobs'));
    expect(idsOf(rowsOfPages(pages))).toHaveLength(20);
    expect(bench.requests()[0]).toBe('jobs');
    expect(pages.length).toBe(1);
    await readAll(session, full('jobs'));
  });

  it('too small for a single row fails the stream as ours to mend, without hammering', async () => {
    await bench.arm('bucket', { value: { maximum: 10, rate: 500 } });
    const session = await bench.open();
    bench.mark();
    expect((await sourceErrorOf(readAll(session, full('jobs')))).code).toBe('request_rejected');
    expect(bench.requests().length).toBeLessThanOrEqual(9);
  });

  it('that takes longer than the leg leaves the rest to another leg', async () => {
    await bench.arm('bucket', { value: { maximum: 4_000, rate: 1 } });
    const http = bench.http();
    const deadline = bench.nowMs + 20_000;
    const short = {
      get calls() {
        return http.calls;
      },
      call: (request: Parameters<typeof http.call>[0]) => {
        if ((request.delayMs ?? 0) >= deadline - bench.nowMs) throw new OutOfTime('no time');
        return http.call(request);
      },
    };
    const session = await bench.open({ http: short });
    await readAll(session, full('jobs'));
    await expect(readAll(session, full('visits'))).rejects.toBeInstanceOf(OutOfTime);
  });
});

describe('the version of the API', () => {
  it('is named in every call; one that is retired is told to operators once, and the run goes on', async () => {
    await bench.arm('versions', { value: ['2026-07-27'] });
    const session = await bench.open();
    expect(rowsOfPages(await readAll(session, full('users')))).toHaveLength(12);
    expect(bench.notices).toHaveLength(1);
    expect(bench.notices[0]).toContain(`api_version ${API_VERSION}`);
  });
});

describe('the check of a connection', () => {
  it('names the account and finds nothing missing', async () => {
    const account = dataset.endpoints.account![0]!;
    expect(await jobberConnector.check(bench.options())).toEqual({
      accountId: account.id,
      accountName: account.name,
      branchSourceIds: [`account:${String(account.id)}`],
      missingScopes: [],
    });
  });

  it('names each list whose scope is missing, of those that are needed', async () => {
    await bench.arm('scopeMissing', { entity: 'visits' });
    await bench.arm('scopeMissing', { entity: 'timeSheetEntries' });
    expect((await jobberConnector.check(bench.options())).missingScopes).toEqual(['visits', 'timeSheetEntries']);
    const noTime = {
      ...settings,
      entities: settings.entities.filter((entity) => entity !== 'time_entry' && entity !== 'drive_time'),
    };
    expect((await jobberConnector.check(bench.options({ settings: noTime }))).missingScopes).toEqual(['visits']);
  });

  it('is refused where the connection was never authorized', async () => {
    const { tokens: _tokens, ...unauthorized } = bench.options();
    expect((await sourceErrorOf(jobberConnector.check(unauthorized))).code).toBe('reauth_required');
  });
});
