import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAnswer } from '#functions/sync/jobber/answer.ts';
import { AnsweredAs } from '#mirror/source-error.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { idsOf, readAll, rowsOfPages } from '#test/support/mapped-rows.ts';
import { sourceErrorOf } from '#test/support/source-errors.ts';
import { Bench, full, gid, rowsOf } from './jobber-support.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().start();
});
afterEach(() => bench.stop());

const users = async (): Promise<MappedRow[]> => rowsOfPages(await readAll(await bench.open(), full('users')));

describe('faults of the source', () => {
  it.each([
    ['seconds', '7', 7_000],
    ['a date', 'Fri, 20 Mar 2026 20:00:09 GMT', 8_000],
  ])('429 with Retry-After in %s is waited out (11)', async (_name, retryAfter, atLeastMs) => {
    const session = await bench.open();
    await bench.arm('status', { entity: 'users', value: { code: 429, retryAfter }, times: 1 });
    expect(rowsOfPages(await readAll(session, full('users')))).toHaveLength(12);
    expect(bench.waits[0]).toBeGreaterThanOrEqual(atLeastMs);
  });

  it('429 with an absurd Retry-After, and the limit of requests, are not hammered (11)', async () => {
    const session = await bench.open();
    await bench.arm('status', { entity: 'users', value: { code: 429, retryAfter: '1000000000' } });
    bench.mark();
    const error = await sourceErrorOf(readAll(session, full('users')));
    expect(error.code).toBe('rate_limited');
    expect(error.retryAfterMs).toBeGreaterThan(900_000);
    expect(bench.requests()).toHaveLength(1);
    await bench.order({ reset: true });
    await bench.arm('requestLimit', { value: 0 });
    bench.mark();
    expect((await sourceErrorOf(readAll(session, full('jobs')))).code).toBe('rate_limited');
    expect(bench.requests().length).toBeLessThanOrEqual(4);
  });

  it.each([500, 502, 503, 504])('%i is tried again, a bounded number of times (12)', async (code) => {
    await bench.arm('status', { entity: 'users', value: code, times: 2 });
    expect(await users()).toHaveLength(12);
    await bench.arm('status', { entity: 'users', value: code });
    const session = await bench.open();
    bench.mark();
    expect(await sourceErrorOf(readAll(session, full('users')))).toMatchObject({ code: 'source_unavailable' });
    expect(bench.requests()).toHaveLength(4);
  });

  it('a timeout is tried again with half the page, and again with a quarter (13)', async () => {
    const session = await bench.open();
    await bench.arm('timeout', { entity: 'visits', times: 2 });
    const pages = await readAll(session, full('visits'));
    expect(pages.map(({ rows }) => rows.length)[0]).toBe(15);
    expect(new Set(idsOf(rowsOfPages(pages))).size).toBe(60);
  });

  it.each(['cut', 'empty', 'abort'])('a body that is %s is a failure, never an empty list (13, 14)', async (value) => {
    const session = await bench.open();
    await bench.arm('truncated', { entity: 'users', value, times: 1 });
    expect(rowsOfPages(await readAll(session, full('users')))).toHaveLength(12);
    await bench.arm('truncated', { entity: 'users', value });
    expect(['bad_response', 'source_unavailable']).toContain((await sourceErrorOf(readAll(session, full('users')))).code);
  });

  it('200 with a login page is a failure (14)', async () => {
    const session = await bench.open();
    await bench.arm('html', { entity: 'jobs' });
    expect((await sourceErrorOf(readAll(session, full('jobs')))).code).toBe('bad_response');
  });

  it('an empty list is a listing with nothing in it, for the guard to judge (15)', async () => {
    const session = await bench.open();
    await bench.arm('emptyList', { entity: 'jobs' });
    expect(await readAll(session, full('jobs'))).toMatchObject([{ rows: [], next: null }]);
  });

  it('a short page with a next cursor is followed to the end (16)', async () => {
    const session = await bench.open();
    await bench.arm('shortPage', { value: 7 });
    const pages = await readAll(session, full('visits'));
    expect(pages.length).toBeGreaterThan(8);
    expect(new Set(idsOf(rowsOfPages(pages))).size).toBe(60);
  });

  it('pages that repeat hand the same cursor on, by which the engine ends the reading (17)', async () => {
    const session = await bench.open();
    await bench.arm('loopPage', { entity: 'visits' });
    const first = await session.readPage({ ...full('visits'), pageToken: null });
    const second = await session.readPage({ ...full('visits'), pageToken: first.next });
    expect(second.next).toBe(first.next);
    expect(first.next).not.toBeNull();
  });

  it('the same row twice comes twice and is one record (19)', async () => {
    await bench.arm('duplicateRow', { entity: 'users' });
    const ids = idsOf(await users());
    expect(ids).toHaveLength(13);
    expect(new Set(ids).size).toBe(12);
  });

  it('a stamp in the year 2999 is handed on for the engine to clamp, and later rows are still seen (22)', async () => {
    await bench.order({ put: { jobs: [{ id: gid('Job', 401), updatedAt: '2999-01-01T00:00:00Z' }] } });
    const session = await bench.open();
    const rows = rowsOfPages(await readAll(session, { stream: 'jobs', since: '2026-03-01T00:00:00.000Z', window: null }));
    expect(idsOf(rows).length).toBeGreaterThan(1);
  });

  it('a removed entry is simply not there, in lists and by its id (24)', async () => {
    await bench.order({ step: 'deleted' });
    const session = await bench.open();
    const page = await session.fetch({ stream: 'time_sheet_entries', ids: [gid('TimeSheetEntry', 90386)] });
    expect(page.rows).toEqual([]);
  });

  it.each(['types', 'huge', 'emoji', 'control', 'prototype', 'extreme', 'null'])(
    'a row spoilt by %s is rejected alone or stored as it is, and the page goes on (28, 29)',
    async (value) => {
      for (const [stream, list] of [
        ['clients', 'clients'],
        ['properties', 'properties'],
        ['users', 'users'],
        ['jobs', 'jobs'],
        ['visits', 'visits'],
        ['time_sheet_entries', 'timeSheetEntries'],
      ] as const) {
        await bench.order({ reset: true });
        await bench.arm('poisonRow', { entity: list, value });
        const session = await bench.open();
        const [page] = await readAll(session, full(stream));
        const rejected = page!.rows.filter(({ kind }) => kind === 'rejected');
        expect(rejected.length).toBeLessThanOrEqual(1);
        expect(page!.rows.length).toBeGreaterThanOrEqual(12);
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      }
    },
  );

  it('unknown fields stay out, and a renamed one counts as missing (28)', async () => {
    await bench.arm('poisonRow', { entity: 'users', value: { field: 'wage', with: 99 } });
    expect(JSON.stringify(await users())).not.toContain('99');
  });

  it('money with too many decimals is refused, not rounded (30)', async () => {
    await bench.arm('poisonRow', { entity: 'jobs', value: { field: 'total', with: 19.995 } });
    const session = await bench.open();
    const rows = rowsOfPages(await readAll(session, full('jobs')));
    expect(rows.filter(({ kind }) => kind === 'rejected')).toMatchObject([{ rejected: { reason: 'money_invalid' } }]);
    expect(rows).toHaveLength(20);
  });

  it('a version that is unknown fails as gone, ours to mend (31)', async () => {
    const session = await bench.open();
    await bench.arm('status', { entity: 'users', value: 404 });
    const error = await sourceErrorOf(readAll(session, full('users')));
    expect(error).toMatchObject({ code: 'endpoint_gone', meaning: { who: 'us', scope: 'stream' } });
  });

  it('a scope that is missing fails one stream, the others go on (31)', async () => {
    await bench.arm('scopeMissing', { entity: 'visits' });
    const session = await bench.open();
    bench.mark();
    expect((await sourceErrorOf(readAll(session, full('visits')))).code).toBe('scope_missing');
    expect(bench.requests()).toHaveLength(1);
    expect(rowsOfPages(await readAll(session, full('jobs')))).toHaveLength(20);
  });

  it('an answer of another account ends the run, at the start and in the middle (32)', async () => {
    const session = await bench.open();
    await bench.arm('otherAccount', { entity: 'jobs' });
    expect(await sourceErrorOf(readAll(session, full('jobs')))).toMatchObject({
      code: 'account_mismatch',
      meaning: { scope: 'run' },
    });
    await bench.arm('otherAccount', { entity: 'identity' });
    expect((await bench.open()).account.id).not.toBe(session.account.id);
  });

  it('a body that drips is ended by the deadline of the call (33)', async () => {
    const session = await bench.open();
    await bench.arm('slowDrip', { entity: 'users', value: 50 });
    expect((await sourceErrorOf(readAll(session, full('users')))).code).toBe('source_unavailable');
  });

  it.each([
    'http://169.254.169.254',
    'https://api.getjobber.com.example.org',
    'https://api.getjobber.com@example.org',
    'https://10.0.0.1',
    'http://api.getjobber.com',
    'file:///etc/passwd',
    'https://api.getjobber.com:8443',
  ])('an address at %s is not called (34)', async (baseUrl) => {
    expect((await sourceErrorOf(bench.open({ credentials: { baseUrl } }))).code).toBe('host_refused');
  });

  it('a redirect is not followed (34)', async () => {
    const session = await bench.open();
    await bench.arm('status', { entity: 'users', value: 302 });
    expect((await sourceErrorOf(readAll(session, full('users')))).code).toBe('bad_response');
  });
});

describe('parts of an answer that are missing', () => {
  it('as a whole row make the page be asked for again, and in the end fail: nothing is proven', async () => {
    const session = await bench.open();
    await bench.arm('partialErrors', { entity: 'users', times: 1 });
    expect(rowsOfPages(await readAll(session, full('users')))).toHaveLength(12);
    await bench.arm('partialErrors', { entity: 'users' });
    bench.mark();
    expect((await sourceErrorOf(readAll(session, full('users')))).code).toBe('bad_response');
    expect(bench.requests()).toHaveLength(4);
  });

  it('as one field set its row aside by its id, never stored as if it were empty (A-32)', async () => {
    const session = await bench.open();
    await bench.arm('partialErrors', { entity: 'jobs', value: 'field' });
    const rows = rowsOfPages(await readAll(session, full('jobs')));
    expect(rows).toHaveLength(20);
    const rejected = rows.flatMap((row) => (row.kind === 'rejected' ? [row.rejected] : []));
    expect(rejected).toMatchObject([{ reason: 'row_invalid', value: null }]);
    expect(rowsOf('jobs').map(({ id }) => id)).toContain(rejected[0]?.sourceId);
  });
});

describe('cursors', () => {
  it('that the source has forgotten begin the reading again, once', async () => {
    await bench.arm('cursorMinutes', { value: 10 });
    await bench.arm('shortPage', { value: 20 });
    const session = await bench.open();
    const first = await session.readPage({ ...full('visits'), pageToken: null });
    bench.nowMs += 11 * 60_000;
    const again = await session.readPage({ ...full('visits'), pageToken: first.next });
    expect(idsOf(again.rows)).toEqual(idsOf(first.rows));
    bench.nowMs += 11 * 60_000;
    expect((await sourceErrorOf(session.readPage({ ...full('visits'), pageToken: again.next }))).code).toBe('bad_response');
  });
});

describe('credentials', () => {
  it('that run out during a run are renewed once, and the call is made again (35)', async () => {
    const session = await bench.open();
    bench.nowMs += 3_601_000;
    expect(rowsOfPages(await readAll(session, full('users')))).toHaveLength(12);
    expect(bench.tokens.renewals).toBe(1);
  });

  it('refused in a 200 are renewed like those refused by a 401', async () => {
    const session = await bench.open();
    await bench.arm('unauthenticatedAt200', { entity: 'users', times: 1 });
    expect(rowsOfPages(await readAll(session, full('users')))).toHaveLength(12);
    expect(bench.tokens.renewals).toBe(1);
  });

  it.each(['unauthenticatedAt200', 'revoked'])(
    'refused for good (%s) end the run, after one renewal at most (39)',
    async (fault) => {
      const session = await bench.open();
      await bench.arm(fault);
      bench.mark();
      expect(await sourceErrorOf(readAll(session, full('users')))).toMatchObject({
        code: 'reauth_required',
        meaning: { scope: 'run' },
      });
      expect(bench.requests().length).toBeLessThanOrEqual(2);
      expect(bench.tokens.renewals).toBeLessThanOrEqual(1);
    },
  );

  it('that the engine cannot give end the run before any call', async () => {
    bench.tokens.refused = true;
    bench.mark();
    expect((await sourceErrorOf(bench.open())).code).toBe('reauth_required');
    expect(bench.requests()).toEqual([]);
  });

  it('never stand in an error, whatever the source says back (41)', async () => {
    const session = await bench.open();
    const token = await bench.tokens.current();
    for (const code of [400, 403, 404, 410, 500]) {
      await bench.arm('status', { entity: 'users', value: { code, body: `token=${token}` } });
      const error = await sourceErrorOf(readAll(session, full('users')));
      expect(`${error.message} ${error.detail} ${JSON.stringify(error)}`).not.toContain(token.slice(0, 12));
    }
  });
});

describe('reading an answer', () => {
  const answer = (body: unknown) => () => readAnswer(JSON.stringify(body), ['jobs']);
  const jobs = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

  it('takes nothing for data that is none', () => {
    for (const body of [null, 1, [], {}, { data: null }, { data: {} }, { data: { jobs: null } }, { data: { jobs: [] } }])
      expect(answer(body)).toThrow(SyntaxError);
    expect(answer({ data: { jobs } })().data.jobs).toEqual(jobs);
  });

  it('takes an error beside whole data, without a place, for a part that is missing', () => {
    expect(answer({ data: { jobs }, errors: [{ message: 'Something went wrong' }] })).toThrow(SyntaxError);
    expect(answer({ data: { jobs }, errors: [{ message: 'x', path: ['jobs', 'nodes'] }] })).toThrow(SyntaxError);
  });

  it.each([
    [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }, 429],
    [{ message: 'nope', extensions: { code: 'UNAUTHENTICATED' } }, 401],
    [{ message: 'Token not recognized' }, 401],
    [{ message: 'The account has disconnected this app.' }, 401],
    [{ message: 'Missing required scope: read_jobs', path: ['jobs'] }, 403],
    [{ message: 'You do not have permission to see jobs' }, 403],
    [{ message: 'Missing required scope: read_users', path: ['jobs', 'nodes', 0, 'salesperson'] }, 403],
  ])('finds the refusal in %j', (error, status) => {
    const refused = (): unknown => {
      try {
        return answer({ data: null, errors: [error] })();
      } catch (thrown) {
        return thrown;
      }
    };
    expect(refused()).toBeInstanceOf(AnsweredAs);
    expect(refused()).toMatchObject({ status });
  });

  it("tells how long a throttled query has to wait, by the source's own formula", () => {
    const cost = {
      requestedQueryCost: 1_700,
      throttleStatus: { maximumAvailable: 10_000, currentlyAvailable: 201, restoreRate: 500 },
    };
    const body = { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: { cost } };
    expect(answer(body)).toThrow(expect.objectContaining({ status: 429, retryAfterSeconds: 3 }));
  });

  it('takes a missing record for absent only when it is said to be, or nothing is said', () => {
    const byId = (errors: unknown) => () => readAnswer(JSON.stringify({ data: { n0: null }, errors }), []);
    expect(byId(undefined)().data.n0).toBeNull();
    expect(byId([{ message: 'Job not found', path: ['n0'] }])().data.n0).toBeNull();
    expect(byId([{ message: 'Internal error', path: ['n0'] }])).toThrow(SyntaxError);
  });
});
