import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { procoreConnector } from '#functions/sync/procore/index.ts';
import { readRows, recordOf } from '#test/support/mapped-rows.ts';
import { sourceErrorOf } from '#test/support/source-errors.ts';
import { COMPANY, ProcoreBench, rowWith } from './procore-support.ts';

const FIRST = '562949953400001';
const LINES = 'budgeted_production_quantities';

let bench: ProcoreBench;
beforeEach(async () => {
  bench = await new ProcoreBench().start();
});
afterEach(() => bench.stop());

const ids = (rows: Awaited<ReturnType<typeof readRows>>): string[] =>
  rows.map((row) => (row.kind === 'record' ? row.record.sourceId : String(row.rejected.sourceId))).sort();

describe('every list', () => {
  it('is read whole, with the company header and without the defaults that hide rows', async () => {
    const session = await bench.open();
    const counts: Record<string, number> = {};
    for (const stream of ['branches', 'departments', 'crews', 'people', 'projects', 'budget_lines', 'timecards'])
      counts[stream] = (await readRows(session, { stream })).length;
    // 203 live entries, running ones too, and the deleted one; 20 projects, inactive ones too.
    expect(counts).toEqual({
      branches: 3,
      departments: 2,
      crews: 3,
      people: 12,
      projects: 20,
      budget_lines: 19,
      timecards: 204,
    });
    expect(session.account).toEqual({ id: COMPANY, name: 'Fernhill Grounds and Site Works' });
    expect(
      bench
        .asked()
        .filter((url) => url.includes('timecard_entries'))
        .every((url) => url.includes('start_date=')),
    ).toBe(true);
  });

  it('follows the Link header over short pages, and never the length of a page (fault 16)', async () => {
    bench.arm('shortPage', { value: 40, entity: 'timecard_entries' });
    expect(await readRows(await bench.open(), { stream: 'timecards' })).toHaveLength(204);
  });

  it('is read to an empty page where there is no Link header', async () => {
    bench.arm('noLinkHeader');
    expect(ids(await readRows(await bench.open(), { stream: 'projects' }))).toHaveLength(20);
  });

  it('gives a row once that stands in it twice (fault 19)', async () => {
    bench.arm('duplicateRow', { entity: 'projects', times: 1 });
    expect(ids(await readRows(await bench.open(), { stream: 'projects' }))).toHaveLength(20);
  });

  it('that never comes to an end is given up (fault 17)', async () => {
    bench.arm('shortPage', { value: 5, entity: 'projects' });
    bench.arm('loopPage', { entity: 'projects' });
    expect((await sourceErrorOf(readRows(await bench.open(), { stream: 'projects' }))).code).toBe('paging_loop');
  });

  it('is asked for in smaller pages after a 408, without losing or doubling a row', async () => {
    bench.arm('timeout408', { value: 128, entity: 'timecard_entries' });
    const rows = await readRows(await bench.open(), { stream: 'timecards' });
    expect(new Set(ids(rows)).size).toBe(204);
    expect(rows).toHaveLength(204);
    expect(bench.asked().some((url) => url.includes('per_page=128') && url.includes('page=2'))).toBe(true);
  });

  it.each([{ html: true }, { truncated: 'cut' }, { truncated: 'empty' }])(
    'that answers 200 without a list fails: %j (fault 14)',
    async (fault) => {
      const [[name, value]] = Object.entries(fault) as [[string, unknown]];
      bench.arm(name, { value, entity: 'people' });
      expect((await sourceErrorOf(readRows(await bench.open(), { stream: 'people' }))).code).toBe('bad_response');
    },
  );

  it('may write its ids as text', async () => {
    const before = ids(await readRows(await bench.open(), { stream: 'timecards' }));
    bench.arm('idsAsText');
    expect(ids(await readRows(await bench.open(), { stream: 'timecards' }))).toEqual(before);
  });
});

describe('projects', () => {
  it('are asked for by their stamp in a delta, in whatever form the range is written', async () => {
    bench.nowMs += 3_600_000;
    bench.put('projects', { id: Number(FIRST), name: 'Renamed' });
    const rows = await readRows(await bench.open(), { stream: 'projects', since: '2026-03-20T20:30:00.000Z' });
    expect(ids(rows)).toEqual([FIRST]);
    expect(recordOf(rows[0], 'job').fields.name).toBe('Renamed');
  });

  it('that are switched on and not shown any more are told, also in a delta (M-66)', async () => {
    bench.arm('hiddenProjects', { value: [FIRST] });
    const rows = await readRows(await bench.open(), { stream: 'projects', since: '2026-03-20T19:00:00.000Z' });
    const hidden = rows.find((row) => row.kind === 'record' && row.record.skip?.code === 'project_not_permitted');
    expect(hidden?.kind === 'record' && hidden.record.sourceId).toBe(FIRST);
  });

  it('of another company end the run (fault 32)', async () => {
    const session = await bench.open();
    bench.arm('otherAccount', { entity: 'projects' });
    expect((await sourceErrorOf(readRows(session, { stream: 'projects' }))).code).toBe('account_mismatch');
  });

  it('keep their name where crews are not ours to see', async () => {
    bench.arm('deniedProjects', { value: [FIRST], entity: 'crews' });
    const rows = await readRows(await bench.open(), { stream: 'projects' });
    const first = rows.find((row) => row.kind === 'record' && row.record.sourceId === FIRST);
    expect(first?.kind === 'record' && [first.record.warnings, recordOf(first, 'job').fields.routeId]).toEqual([
      ['crews_not_permitted'],
      null,
    ]);
  });
});

describe('budget lines', () => {
  it.each([403, 404])('of other projects are read where one answers %i; the list then proves nothing', async (status) => {
    const session = await bench.open();
    bench.arm(status === 403 ? 'deniedProjects' : 'status', {
      value: status === 403 ? [FIRST] : 404,
      entity: LINES,
      ...(status === 404 ? { times: 1 } : {}),
    });
    const seen: string[] = [];
    let token: string | null = null;
    const failure = await sourceErrorOf(
      (async () => {
        do {
          const page = await session.readPage({ stream: 'budget_lines', pageToken: token, since: null, window: null });
          seen.push(...ids([...page.rows]));
          token = page.next;
        } while (token !== null);
      })(),
    );
    expect(failure.code).toBe('scope_missing');
    expect(failure.detail).toContain(FIRST);
    expect(seen).toHaveLength(18);
  });

  it('are read again by id', async () => {
    const id = `${FIRST}/procore:budget_line:cc:61011:cat:none`;
    const page = await (await bench.open()).fetch({ stream: 'budget_lines', ids: [id, 'nonsense', '1/x'] });
    expect(ids([...page.rows])).toEqual([id]);
  });
});

describe('timecards', () => {
  const since = '2026-03-23T13:00:00.000Z';
  const deleteEntry = (): void => {
    bench.nowMs = Date.parse('2026-03-23T14:00:00Z');
    const at = '2026-03-23T13:40:00Z';
    bench.put('timecard_entries', { id: 562949953800193, deleted_at: at, updated_at: at });
  };

  it('that were deleted come by the feed of deletions', async () => {
    deleteEntry();
    const rows = await readRows(await bench.open(), { stream: 'timecards', since });
    expect(rows.map((row) => row.kind === 'record' && [row.record.sourceId, row.record.tombstone])).toEqual([
      ['562949953800193', 'feed'],
    ]);
  });

  it.each(['ignored', 'refused'])('are left to the sweep where the feed is %s', async (value) => {
    deleteEntry();
    bench.arm('deletedAtFilter', { value });
    expect(await readRows(await bench.open(), { stream: 'timecards', since })).toEqual([]);
  });

  it('know the lines of their projects, one call a project', async () => {
    const session = await bench.open();
    await readRows(session, { stream: 'timecards', since: '2026-03-20T12:00:00.000Z' });
    const asked = bench.asked().filter((url) => url.includes(LINES));
    expect(asked.length).toBe(new Set(asked).size);
    expect(asked.length).toBeGreaterThan(0);
  });

  it('are found by id, running or not', async () => {
    const page = await (await bench.open()).fetch({ stream: 'timecards', ids: ['562949953800203', '562949953800001', '7'] });
    expect(ids([...page.rows])).toEqual(['562949953800001', '562949953800203']);
  });

  it('of a project that is hidden are not there, and nothing says that they were deleted (trap 7)', async () => {
    const count = async () => (await readRows(await bench.open(), { stream: 'timecards' })).length;
    const before = await count();
    bench.arm('hiddenProjects', { value: [FIRST] });
    expect(await count()).toBeLessThan(before);
  });
});

describe('limits and refusals', () => {
  it('are kept to: a tenth of the nearer limit is left, and nothing is refused', async () => {
    bench.arm('limits', { value: { hour: 3600, spike: 10 } });
    const session = await bench.open();
    for (const stream of ['crews', 'people', 'projects', 'budget_lines']) await readRows(session, { stream });
    const { by } = bench.fake.shell.log.counters();
    expect(Object.keys(by).filter((name) => name.endsWith(' 429'))).toEqual([]);
    expect(bench.waits.length).toBeGreaterThan(3);
    expect(Math.max(...bench.waits)).toBeLessThanOrEqual(11_000);
  });

  it('of the hour interrupt the run and tell until when', async () => {
    bench.arm('limits', { value: { hour: 20, spike: 25 } });
    const session = await bench.open();
    const failure = await sourceErrorOf(readRows(session, { stream: 'budget_lines' }));
    expect(failure.code).toBe('rate_limited');
    expect(failure.retryAfterMs).toBeGreaterThan(3_000_000);
    expect(bench.fake.shell.log.list().filter(({ status }) => status === 429)).toEqual([]);
  });

  it('of a 503 are waited out as told', async () => {
    bench.arm('overload', { value: 7, times: 1, entity: 'people' });
    await readRows(await bench.open(), { stream: 'people' });
    expect(bench.waits).toContain(7_000);
  });

  it('say when the app was disconnected, in whatever form', async () => {
    for (const value of ['text', 'fields', 'code', 'oauth']) {
      bench.arm('errorShape', { value });
      bench.arm('disconnected', { times: 1 });
      expect((await sourceErrorOf(bench.open())).code).toBe('reauth_required');
    }
  });

  it('of a token that has run out are met by one newer token (fault 35)', async () => {
    bench.arm('tokenSeconds', { value: 60, entity: 'token', times: 1 });
    const session = await bench.open();
    bench.nowMs += 120_000;
    await readRows(session, { stream: 'people' });
    expect(bench.fake.shell.log.list().filter(({ entity }) => entity === 'token')).toHaveLength(2);
  });

  it('of every token end the run', async () => {
    bench.arm('status', { value: 401, entity: 'people' });
    const session = await bench.open();
    expect((await sourceErrorOf(readRows(session, { stream: 'people' }))).code).toBe('reauth_required');
  });

  it('hold no secret (fault 41)', async () => {
    bench.arm('status', { value: { code: 400, body: 'token=secret client_secret=secret' }, entity: 'people' });
    const failure = await sourceErrorOf(readRows(await bench.open(), { stream: 'people' }));
    expect([failure.code, failure.message.includes('secret')]).toEqual(['request_rejected', false]);
  });
});

describe('the check of a connection', () => {
  const check = (changes: Parameters<ProcoreBench['options']>[0] = {}) => procoreConnector.check(bench.options(changes));

  it('names the company', async () => {
    expect(await check()).toEqual({
      accountId: COMPANY,
      accountName: 'Fernhill Grounds and Site Works',
      branchSourceIds: [],
      missingScopes: [],
    });
  });

  it('names the streams that are not permitted', async () => {
    bench.arm('status', { value: 403, entity: 'timecard_entries' });
    bench.arm('status', { value: 404, entity: 'people_inactive' });
    expect((await check()).missingScopes).toEqual(['people', 'timecards']);
  });

  it('is refused for another company, without one, and without authorization', async () => {
    const other = await sourceErrorOf(check({ credentials: { companyId: '7', baseUrl: bench.url } }));
    expect(other.code).toBe('scope_missing');
    expect((await sourceErrorOf(check({ credentials: { baseUrl: bench.url } }))).code).toBe('request_rejected');
    const { tokens: _none, ...options } = bench.options();
    expect((await sourceErrorOf(procoreConnector.check(options))).code).toBe('reauth_required');
  });

  it('finds another account behind the same credentials (M-42)', async () => {
    bench.arm('otherAccount', { entity: 'companies' });
    expect((await sourceErrorOf(check())).code).toBe('account_mismatch');
  });

  it('goes to the hosts of the environment only', async () => {
    const nowhere = { companyId: COMPANY, environment: 'nowhere' };
    expect((await sourceErrorOf(check({ credentials: nowhere }))).code).toBe('host_refused');
    const inside = { companyId: COMPANY, baseUrl: 'http://169.254.169.254' };
    expect((await sourceErrorOf(check({ credentials: inside }))).code).toBe('host_refused');
  });
});

it('ids beyond 53 bits keep their digits on the way through the client', async () => {
  const options = bench.options();
  const big = '18446744073709551615';
  const http = {
    calls: 0,
    call: async (request: { readonly url: string; readonly accept?: (text: string) => void }) => {
      const row = { ...rowWith('offices', 8101), id: 'ID' };
      const text = request.url.includes('/companies?')
        ? `[{"id":${COMPANY},"name":"F"}]`
        : JSON.stringify([row]).replace('"ID"', big);
      request.accept?.(text);
      return { status: 200, headers: { link: '' }, text };
    },
  };
  const session = await procoreConnector.open({ ...options, http, tokens: { current: async () => 't', renew: async () => 't' } });
  expect(ids(await readRows(session, { stream: 'branches' }))).toContain(`office:${big}`);
});
