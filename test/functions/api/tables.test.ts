import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#functions/api/routes.ts';
import { itemOfList } from '#functions/api/table-columns.ts';
import { type CallOptions, NO_SCOPE, OTHER_TENANT, startTestApi, type TestApi } from '#test/support/api.ts';
import { putRecord, type Seed, seedCompany, seedTenant, WORKER } from '#test/support/mirror-seed.ts';

/** Every list as CSV and as JSON lines (M-156): the same items, made once for all lists. */

let api: TestApi;
let seed: Seed;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedCompany(api.table, api.scope, { jobs: 230, workers: 4 });
  await seedTenant(api.table, api.otherScope);
  for (const [id, displayName] of [
    ['f1', '=SUM(A1)'],
    ['f2', '@home, "quoted"'],
    ['f3', 'Łukasz\nŽižka'],
  ] as const)
    await putRecord(api.table, api.scope, 'worker', id, { ...WORKER, displayName, branchId: seed.branches[0]! });
});
afterAll(() => api.stop());

type Text = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };
const table = (path: string, query: Record<string, string>, options: CallOptions = {}) =>
  api.call<string>('GET', path, { ...options, query }) as unknown as Promise<Text>;
const items = async (path: string, query: Record<string, string> = {}, options: CallOptions = {}) =>
  (await api.call<{ items: Record<string, unknown>[] }>('GET', path, { ...options, query })).body.items;
const linesOf = (text: string): readonly Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('a list as a table', () => {
  it('is offered by every list of the API, and by nothing else', () => {
    // The feed is followed, not looked through: it is no list (M-158).
    const lists = routes.filter(
      ({ method, path, answer }) => method === 'GET' && path !== '/v1/changes' && itemOfList(answer.schema) !== null,
    );
    expect(lists.length).toBeGreaterThan(30);
    for (const route of routes)
      expect([route.path, route.method, route.list !== null]).toEqual([route.path, route.method, lists.includes(route)]);
  });

  it('of JSON lines holds the very items of the JSON', async () => {
    for (const [path, query] of [
      ['/v1/workers', {}],
      ['/v1/jobs', { branchId: seed.branches[0]! }],
      ['/v1/api-tokens', {}],
      ['/v1/branches', {}],
    ] as const) {
      const { status, headers, body } = await table(path, { ...query, format: 'jsonl' });
      expect([path, status, headers['content-type']]).toEqual([path, 200, 'application/jsonl; charset=utf-8']);
      const paged: Record<string, string> = path === '/v1/api-tokens' ? {} : { limit: '200' };
      expect(linesOf(body)).toEqual(await items(path, { ...query, ...paged }));
    }
  });

  it('of CSV has a header from the shape, safe cells, and its checksum, filters and age in headers', async () => {
    const { headers, body } = await table('/v1/workers', { format: 'csv', branchId: seed.branches[0]! });
    const [head, ...rows] = body.split('\r\n');
    const columns = head!.split(',');
    expect(columns).toEqual(expect.arrayContaining(['id', 'displayName', 'wage', 'overrides', 'source.contentHash']));
    expect(headers['x-checksum-sha256']).toBe(createHash('sha256').update(body).digest('hex'));
    expect(headers['x-filters']).toBe(`branchId=${seed.branches[0]}&includeDeleted=false`);
    expect(headers['x-generated-at']).toBe(api.now());
    expect(headers).toHaveProperty('x-data-as-of');
    expect(headers['content-disposition']).toBe('attachment; filename="workers.csv"');
    expect(headers).not.toHaveProperty('link');
    expect(rows.some((row) => row.includes(",'=SUM(A1),"))).toBe(true);
    expect(body).toContain('"\'@home, ""quoted"""');
    expect(body).toContain('"Łukasz\nŽižka"');
  });

  it('goes on over the pages of a list: every item once, in its order', async () => {
    const all = linesOf((await table('/v1/jobs', { format: 'jsonl' })).body).map(({ id }) => id);
    expect(all).toHaveLength(seed.jobs.length);
    expect(new Set(all)).toEqual(new Set(seed.jobs));
  });

  it('of a given length is one page, and names the next one by a link that goes on', async () => {
    const first = await table('/v1/jobs', { format: 'csv', limit: '100', branchId: seed.branches[0]! });
    const link = /^<(.*)>; rel="next"$/.exec(first.headers.link!)![1]!;
    const ids: string[] = [];
    let answer = first;
    let next: string | null = link;
    for (;;) {
      const [head, ...rows] = answer.body.trim().split('\r\n');
      expect(head).toBe(first.body.split('\r\n')[0]);
      // An id may begin with a dash, which a spreadsheet would run.
      ids.push(...rows.map((row) => row.split(',')[0]!.replace(/^'/, '')));
      if (next === null) break;
      const url: URL = new URL(next, 'http://x');
      answer = await table(url.pathname, Object.fromEntries(url.searchParams));
      next = answer.headers.link === undefined ? null : /^<(.*)>/.exec(answer.headers.link)![1]!;
    }
    expect(ids).toEqual(
      linesOf((await table('/v1/jobs', { format: 'jsonl', branchId: seed.branches[0]! })).body).map(({ id }) => id),
    );
    // The cursor of a table goes on with the JSON as well, and with nothing else.
    const cursor = first.headers['x-next-cursor']!;
    expect((await table('/v1/jobs', { limit: '100', branchId: seed.branches[0]!, cursor })).status).toBe(200);
    expect((await table('/v1/jobs', { limit: '100', cursor })).status).toBe(400);
  });

  it('shows no more than the caller sees, in the same columns', async () => {
    const manager = { tokenId: await api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [seed.branches[0]!] } }) };
    const own = await table('/v1/workers', { format: 'csv' }, manager);
    const all = await table('/v1/workers', { format: 'csv' });
    expect(own.body.split('\r\n')[0]).toBe(all.body.split('\r\n')[0]);
    const seen = linesOf((await table('/v1/workers', { format: 'jsonl' }, manager)).body);
    expect(seen).toEqual(await items('/v1/workers', {}, manager));
    expect(seen.length).toBeLessThan(linesOf((await table('/v1/workers', { format: 'jsonl' })).body).length);
    for (const row of seen) expect(row).not.toHaveProperty('wage');
    expect((await table('/v1/workers', { format: 'csv' }, { tenant: OTHER_TENANT })).body.trim().split('\r\n')).toHaveLength(1);
  });

  it('is refused in formats that there are not, and where a route is no list', async () => {
    expect((await table('/v1/workers', { format: 'pdf' })).status).toBe(400);
    expect((await table(`/v1/workers/${seed.workers[0]}`, { format: 'csv' })).status).toBe(400);
    expect((await table('/v1/workers', { format: 'csv' }, { as: 'worker' })).status).toBe(200);
    expect((await table('/v1/audit', { format: 'csv' }, { as: 'worker' })).status).toBe(403);
  });
});

describe('include=source', () => {
  it('gives admins what the source says, with its hash, and nobody else', async () => {
    const [row] = await items('/v1/jobs', { include: 'source' });
    expect(row!.source).toMatchObject({
      contentHash: expect.any(String),
      fields: { name: row!.name, contractPrice: row!.contractPrice },
    });
    expect((row!.source as { fields: object }).fields).not.toHaveProperty('contractPriceCents');
    const one = await api.call('GET', `/v1/jobs/${row!.id}`, { query: { include: 'source' } });
    expect(one.body.source).toEqual(row!.source);
    expect((await items('/v1/jobs'))[0]).not.toHaveProperty('source');
    for (const as of ['manager', 'crew_lead', 'worker', 'auditor'] as const)
      for (const path of ['/v1/jobs', `/v1/jobs/${row!.id}`])
        expect([as, (await api.call('GET', path, { as, query: { include: 'source' } })).status]).toEqual([as, 403]);
  });
});
