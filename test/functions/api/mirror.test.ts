import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mirrorRoutes } from '#functions/api/mirror/routes.ts';
import { ROLES } from '#model/people.ts';
import { NO_SCOPE, OTHER_TENANT, startTestApi, type TestApi } from '#test/support/api.ts';
import { catchUp } from '#test/support/catch-up.ts';
import { ENTRY, JOB, MILESTONE, putRecord, type Seed, seedCompany, WORKER } from '#test/support/mirror-seed.ts';

interface Row {
  readonly id: string;
  readonly [field: string]: unknown;
}
interface List {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
  readonly dataAsOf: string | null;
}

let api: TestApi;
let seed: Seed;
let rival: Seed;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedCompany(api.table, api.scope);
  rival = await seedCompany(api.table, api.otherScope);
  await catchUp(api);
});
afterAll(() => api.stop());

const PLACE = { number: null, line1: null, city: 'Denver', region: 'CO', postalCode: null, country: 'US', active: true };
const LISTS = mirrorRoutes.filter((route) => 'limit' in route.query && !route.path.includes('{'));

async function readAll(path: string, query: Record<string, string | number> = {}): Promise<{ rows: Row[]; pages: number }> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let pages = 1; ; pages++) {
    const answer: { status: number; body: List } = await api.call<List>('GET', path, {
      query: { ...query, ...(cursor === null ? {} : { cursor }) },
    });
    expect(answer.status).toBe(200);
    rows.push(...answer.body.items);
    cursor = answer.body.nextCursor;
    if (cursor === null) return { rows, pages };
    expect(cursor).toMatch(/^[A-Za-z0-9_-]{1,1024}$/);
  }
}

describe('mirror lists', () => {
  it.each(LISTS.map(({ path }) => path))('%s gives every row exactly once at any page size', async (path) => {
    const whole = (await readAll(path, { limit: 200 })).rows.map(({ id }) => id);
    expect(new Set(whole).size).toBe(whole.length);
    for (const limit of [1, 2, 3, 7]) expect((await readAll(path, { limit })).rows.map(({ id }) => id)).toEqual(whole);
  });

  it('carry the domain’s fields in edge units', async () => {
    const { body } = await api.call<List>('GET', '/v1/jobs', { query: { sourceId: 'j0' } });
    expect(body.dataAsOf).toBe('2026-03-10T11:40:00.000Z');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      id: seed.jobs[0],
      entity: 'job',
      sourceId: 'j0',
      connectionId: 'acme1.1',
      revision: 1,
      contractPrice: '12500.50',
      currency: 'USD',
      budget: { budgetSeconds: 36_000, laborAmount: null, basis: 'ticket_hours' },
      hasPropay: false,
      propayIds: [],
      propayVerdict: 'launch_not_set',
      overridden: [],
    });
    const worker = (await api.call<Row>('GET', `/v1/workers/${seed.workers[1]}`)).body;
    expect(worker).toMatchObject({ wage: '25.10', wageEffectiveFrom: '2026-01-01', wageMissing: null, role: 'crew_lead' });
  });

  it('show a pending job as in progress once it has time or a milestone past pending, a scheduled milestone once it has time', async () => {
    const status = async (path: string) => {
      await catchUp(api);
      return (await api.call<Row>('GET', path)).body.status;
    };
    const jobId = await putRecord(api.table, api.scope, 'job', 'p0', { ...JOB, status: 'pending' });
    expect(await status(`/v1/jobs/${jobId}`)).toBe('pending');
    const milestoneId = await putRecord(api.table, api.scope, 'milestone', 'p0-m', { ...MILESTONE, jobId, status: 'pending' });
    expect(await status(`/v1/jobs/${jobId}`)).toBe('pending');
    await putRecord(api.table, api.scope, 'milestone', 'p0-m', { ...MILESTONE, jobId });
    expect([await status(`/v1/jobs/${jobId}`), await status(`/v1/milestones/${milestoneId}`)]).toEqual([
      'in_progress',
      'scheduled',
    ]);
    const entry = { ...ENTRY, jobId, milestoneId, workerId: seed.workers[0]! };
    const gone = { at: '2026-03-09T00:00:00.000Z', runId: 'R', reason: 'feed' as const };
    await putRecord(api.table, api.scope, 'time_entry', 'p0-t', entry, { tombstone: gone });
    expect(await status(`/v1/milestones/${milestoneId}`)).toBe('scheduled');
    await putRecord(api.table, api.scope, 'time_entry', 'p0-t', entry);
    expect(await status(`/v1/milestones/${milestoneId}`)).toBe('in_progress');
    const { items } = (await api.call<List>('GET', '/v1/milestones', { query: { jobId } })).body;
    expect(items.map((row) => row.status)).toEqual(['in_progress']);
    const removed = { tombstone: gone };
    await putRecord(api.table, api.scope, 'time_entry', 'p0-t', entry, removed);
    await putRecord(api.table, api.scope, 'milestone', 'p0-m', { ...MILESTONE, jobId }, removed);
    await putRecord(api.table, api.scope, 'job', 'p0', { ...JOB, status: 'pending' }, removed);
    expect((await api.call<Row>('GET', `/v1/jobs/${jobId}`)).body.deletedAtSource).toBe(gone.at);
    expect((await readAll('/v1/jobs')).rows.map(({ id }) => id)).not.toContain(jobId);
    expect((await readAll('/v1/jobs', { includeDeleted: 'true' })).rows.map(({ id }) => id)).toContain(jobId);
  });

  it('filter by branch, division and status, alone and together', async () => {
    const all = (await readAll('/v1/jobs')).rows;
    const [branchId, divisionId] = [seed.branches[0], seed.divisions[1]];
    const expected = (keep: (row: Row) => boolean) =>
      all
        .filter(keep)
        .map(({ id }) => id)
        .sort();
    const got = async (query: Record<string, string>) =>
      (await readAll('/v1/jobs', { ...query, limit: 2 })).rows.map(({ id }) => id).sort();
    expect(await got({ branchId })).toEqual(expected((row) => row.branchId === branchId));
    expect(await got({ status: 'completed' })).toEqual(expected((row) => row.status === 'completed'));
    expect(await got({ branchId, status: 'in_progress' })).toEqual(
      expected((row) => row.branchId === branchId && row.status === 'in_progress'),
    );
    expect(await got({ branchId, divisionId })).toEqual(
      expected((row) => row.branchId === branchId && row.divisionId === divisionId),
    );
  });

  it('filter time by worker and date, job and milestone', async () => {
    const all = (await readAll('/v1/time-entries')).rows;
    expect(all).toHaveLength(12);
    const ids = (rows: readonly Row[]) => rows.map(({ id }) => id).sort();
    const workerId = seed.workers[1]!;
    expect(ids((await readAll('/v1/time-entries', { workerId, limit: 1 })).rows)).toEqual(
      ids(all.filter((row) => row.workerId === workerId)),
    );
    expect(ids((await readAll('/v1/time-entries', { workedFrom: '2026-03-05', limit: 5 })).rows)).toEqual(
      ids(all.filter((row) => row.workDate === '2026-03-05')),
    );
    expect(ids((await readAll('/v1/time-entries', { workerId, workedFrom: '2026-03-04', workedTo: '2026-03-05' })).rows)).toEqual(
      ids(all.filter((row) => row.workerId === workerId && row.workDate === '2026-03-04')),
    );
    expect(ids((await readAll('/v1/time-entries', { jobId: seed.jobs[2]! })).rows)).toEqual(
      ids(all.filter((row) => row.jobId === seed.jobs[2])),
    );
    expect(ids((await readAll('/v1/time-entries', { milestoneId: seed.milestones[3]! })).rows)).toEqual(
      ids(all.filter((row) => row.milestoneId === seed.milestones[3])),
    );
  });

  it('refuse unknown and repeated parameters, bad limits and filters that no index serves', async () => {
    for (const rawQuery of ['color=red', 'limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'cursor=', 'status=lost']) {
      const answer = await api.call('GET', '/v1/jobs', { rawQuery });
      expect([rawQuery, answer.status, answer.body.code]).toEqual([rawQuery, 400, 'invalid-parameter']);
    }
    const answer = await api.call('GET', '/v1/time-entries', { query: { jobId: seed.jobs[0]!, workerId: seed.workers[0]! } });
    expect(answer.status).toBe(400);
    expect(String(answer.body.detail)).toContain('workerId + workedFrom');
  });

  it('take a cursor only on its own list, with its own filters and in its own tenant', async () => {
    const { body } = await api.call<List>('GET', '/v1/jobs', { query: { limit: 2 } });
    const cursor = body.nextCursor!;
    const other = (await api.call<List>('GET', '/v1/jobs', { query: { limit: 2 }, tenant: OTHER_TENANT })).body.nextCursor!;
    const flipped = `${cursor.slice(0, 30)}${cursor[30] === 'A' ? 'B' : 'A'}${cursor.slice(31)}`;
    const wrong = [
      ['/v1/workers', { cursor }],
      ['/v1/jobs', { cursor, branchId: seed.branches[0] }],
      ['/v1/jobs', { cursor: flipped }],
      ['/v1/jobs', { cursor: cursor.slice(0, -1) }],
      ['/v1/jobs', { cursor: `${cursor}A` }],
      ['/v1/jobs', { cursor: other }],
      ['/v1/jobs', { cursor: '1' }],
    ] as const;
    for (const [path, query] of wrong) {
      const answer = await api.call('GET', path, { query });
      expect([path, answer.status, answer.body.code]).toEqual([path, 400, 'invalid-cursor']);
    }
    expect((await api.call<List>('GET', '/v1/jobs', { query: { cursor, limit: 3 } })).body.items).toHaveLength(3);
  });
});

describe('mirror records', () => {
  const paths = (of: Seed): Record<string, string> => ({
    '/v1/workers': of.workers[0]!,
    '/v1/jobs': of.jobs[0]!,
    '/v1/milestones': of.milestones[0]!,
    '/v1/routes': of.routeId,
    '/v1/branches': of.branches[0],
    '/v1/divisions': of.divisions[0],
    '/v1/clients': of.clientId,
    '/v1/time-entries': of.entries[0]!,
  });

  it('answer by id, and another tenant’s id exactly like an unknown one', async () => {
    for (const [path, id] of Object.entries(paths(seed))) {
      expect((await api.call<Row>('GET', `${path}/${id}`)).body.id).toBe(id);
      const bodies = [];
      for (const wrong of [paths(rival)[path]!, 'AAAAAAAAAAAAAAAA', 'x', '..%2f']) {
        const answer = await api.call('GET', `${path}/${wrong}`);
        expect(answer.status).toBe(404);
        const { instance: _instance, requestId: _requestId, ...rest } = answer.body;
        bodies.push(rest);
      }
      expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    }
  });

  it('refuse every write with 405 that names the integration, for everyone', async () => {
    for (const route of mirrorRoutes.filter(({ method, otherMethods }) => method === 'GET' && otherMethods !== null)) {
      const path = route.path.replace('{id}', seed.jobs[0]!);
      // Divisions may be made here as well; their own test tells the synced ones apart.
      const offered = mirrorRoutes.filter(({ path: same }) => same === route.path).map(({ method }) => String(method));
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((one) => !offered.includes(one))) {
        const answer = await api.call(method, path, { body: { name: 'x' } });
        expect([path, method, answer.status, answer.body.code]).toEqual([path, method, 405, 'mirror-read-only']);
        expect(answer.headers.allow).toBe('GET, HEAD');
      }
      for (const as of ROLES) expect((await api.call('PUT', path, { as, rawQuery: 'a=b', body: 'not json' })).status).toBe(405);
    }
    const { body } = await api.call('PATCH', `/v1/workers/${seed.workers[0]}`, { body: {} });
    expect(body).toMatchObject({
      integration: { provider: 'aspire', name: 'Aspire', connectionId: 'acme1.1' },
      sourceUrl: null,
      permitted: ['overrides/wage', 'overrides/role', 'overrides/active', 'settings'].map((edit) => ({
        method: 'PUT',
        href: `/v1/workers/${seed.workers[0]}/${edit}`,
      })),
    });
    const job = `/v1/jobs/${seed.jobs[0]}`;
    expect((await api.call('PUT', job, { body: {} })).body.permitted).toEqual([
      { method: 'PUT', href: `${job}/overrides/budget` },
      { method: 'PUT', href: `${job}/overrides/manager` },
      { method: 'PUT', href: `${job}/exclusion` },
      { method: 'PUT', href: `${job}/callback-of` },
    ]);
    expect(String(body.nextRunAt)).toMatch(/^2026-03-10T12:[0-2]\d:00\.000Z$/);
  });

  it('answer HEAD without a body and 304 to their own tag', async () => {
    const path = `/v1/jobs/${seed.jobs[0]}`;
    const first = await api.call('GET', path);
    const head = await api.call('HEAD', path);
    expect([head.status, head.response.body, head.headers.etag]).toEqual([200, '', first.headers.etag]);
    const again = await api.call('GET', path, { headers: { 'If-None-Match': `W/"x", ${first.headers.etag}` } });
    expect([again.status, again.response.body]).toEqual([304, '']);
    const asAdmin = await api.call('GET', path, { as: 'admin' });
    expect(asAdmin.headers.etag).toBe(first.headers.etag);
    const list = await api.call('GET', '/v1/jobs');
    expect((await api.call('GET', '/v1/jobs', { headers: { 'if-none-match': list.headers.etag! } })).status).toBe(304);
  });

  it('compress a large answer when the caller takes it', async () => {
    const plain = await api.call('GET', '/v1/jobs');
    const packed = await api.call('GET', '/v1/jobs', { headers: { 'accept-encoding': 'br, gzip;q=0.8' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers.vary).toContain('Accept-Encoding');
    expect(packed.body).toEqual(plain.body);
    expect(
      (await api.call('GET', '/v1/jobs', { headers: { 'accept-encoding': 'gzip;q=0' } })).headers['content-encoding'],
    ).toBeUndefined();
  });
});

describe('what a role sees', () => {
  const see = async (path: string, tokenId: string) => {
    const answer = await api.call<List>('GET', path, { tokenId, query: { limit: 200 } });
    expect(answer.status).toBe(200);
    return answer.body.items;
  };

  it('a manager sees the branches of their scope', async () => {
    const tokenId = await api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [seed.branches[0]] } });
    const jobs = await see('/v1/jobs', tokenId);
    expect(jobs.map(({ id }) => id).sort()).toEqual([seed.jobs[0], seed.jobs[2], seed.jobs[4]].sort());
    const workers = await see('/v1/workers', tokenId);
    expect(workers.every((worker) => worker.branchId === seed.branches[0])).toBe(true);
    expect(workers[0]).not.toHaveProperty('wage');
    expect(workers[0]).toHaveProperty('email');
    expect((await api.call('GET', `/v1/jobs/${seed.jobs[1]}`, { tokenId })).status).toBe(404);
    expect(await see('/v1/wage-records', tokenId)).toEqual([]);
    expect(await see('/v1/time-entries', tokenId)).toHaveLength(6);
    expect(await see('/v1/milestones', tokenId)).toHaveLength(6);
  });

  it('a manager without assignment sees nothing of jobs', async () => {
    expect(await see('/v1/jobs', await api.grant('manager'))).toEqual([]);
  });

  it('a crew lead sees their routes and crew, without contact data and wages', async () => {
    const tokenId = await api.grant('crew_lead', {
      workerId: seed.workers[1]!,
      scope: { ...NO_SCOPE, routeIds: [seed.routeId] },
    });
    const jobs = (await see('/v1/jobs', tokenId)).map(({ id }) => id);
    expect(jobs).toContain(seed.jobs[0]);
    expect(jobs).not.toContain(seed.jobs[2]);
    const workers = await see('/v1/workers', tokenId);
    expect(workers.map(({ id }) => id).sort()).toEqual([seed.workers[1], seed.workers[2]].sort());
    expect(workers.find(({ id }) => id === seed.workers[2])).not.toHaveProperty('email');
    expect((await api.call('GET', '/v1/wage-records', { tokenId })).status).toBe(403);
  });

  it('a worker sees own records only', async () => {
    const workerId = seed.workers[0]!;
    const tokenId = await api.grant('worker', { workerId });
    const entries = await see('/v1/time-entries', tokenId);
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.every((entry) => entry.workerId === workerId)).toBe(true);
    const jobs = await see('/v1/jobs', tokenId);
    expect(jobs.map(({ id }) => id).sort()).toEqual([...new Set(entries.map((entry) => entry.jobId as string))].sort());
    expect(jobs[0]).not.toHaveProperty('budget');
    expect(jobs[0]).not.toHaveProperty('contractPrice');
    const [self, ...others] = await see('/v1/workers', tokenId);
    expect(others).toEqual([]);
    expect(self).toMatchObject({ id: workerId, wage: '25.00', email: 'ana@example.com' });
    expect((await see('/v1/wage-records', tokenId)).map((row) => row.workerId)).toEqual([workerId]);
    expect(await see('/v1/budgets', tokenId)).toEqual([]);
  });

  describe('of clients and properties', () => {
    const ids: Record<string, string> = {};
    beforeAll(async () => {
      const put = (name: string, kind: 'client' | 'property', parentId: string | null = null) =>
        putRecord(
          api.table,
          api.scope,
          'client',
          name,
          { ...PLACE, kind, name, parentId },
          { space: kind, sourceStatus: null },
        ).then((id) => {
          ids[name] = id;
          return id;
        });
      // Only job 0 is done at the lake house, only job 1 at the mill, whose client it does not name; nothing at all for Mr Gray.
      const clientId = await put('mill owner', 'client');
      await put('lake house', 'property', seed.clientId);
      await put('mill', 'property', clientId);
      await put('mr gray', 'client');
      const place = (i: number) => ({ branchId: seed.branches[i % 2]!, divisionId: seed.divisions[0] });
      const first = { ...JOB, name: 'Job 0', number: 'J-0', clientId: seed.clientId, propertyId: ids['lake house']! };
      await putRecord(api.table, api.scope, 'job', 'j0', { ...first, ...place(0), routeId: seed.routeId });
      await putRecord(api.table, api.scope, 'job', 'j1', {
        ...JOB,
        name: 'Job 1',
        number: 'J-1',
        ...place(1),
        propertyId: ids.mill!,
      });
      await catchUp(api);
    });
    const expectSeen = async (tokenId: string, seen: readonly string[]) => {
      const all = [seed.clientId, ...Object.values(ids)];
      expect((await see('/v1/clients', tokenId)).map(({ id }) => id).sort()).toEqual([...seen].sort());
      for (const id of all)
        expect([id, (await api.call('GET', `/v1/clients/${id}`, { tokenId })).status]).toEqual([
          id,
          seen.includes(id) ? 200 : 404,
        ]);
      const found = await api.call<List>('GET', '/v1/clients', { tokenId, query: { sourceId: 'mr gray' } });
      expect(found.body.items).toEqual([]);
    };

    it('a worker sees those of jobs they have time on', async () => {
      const put = async (name: string, jobId: string | null) => {
        const workerId = await putRecord(api.table, api.scope, 'worker', name, { ...WORKER, displayName: name });
        if (jobId !== null)
          await putRecord(api.table, api.scope, 'time_entry', `t-${name}`, { ...ENTRY, jobId, workerId, milestoneId: null });
        return api.grant('worker', { workerId });
      };
      await expectSeen(await put('lee', seed.jobs[0]!), [seed.clientId, ids['lake house']!]);
      await expectSeen(await put('mia', seed.jobs[1]!), [ids.mill!, ids['mill owner']!]);
      await expectSeen(await put('new', null), []);
      await expectSeen(await api.grant('worker'), []);
    });

    it('a crew lead sees those of their routes’ jobs', async () => {
      const scope = { ...NO_SCOPE, routeIds: [seed.routeId] };
      await expectSeen(await api.grant('crew_lead', { scope }), [seed.clientId, ids['lake house']!]);
      await expectSeen(await api.grant('crew_lead'), []);
    });

    it('a manager sees those of their scope’s jobs', async () => {
      const of = (branchId: string) => api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [branchId] } });
      await expectSeen(await of(seed.branches[0]), [seed.clientId, ids['lake house']!]);
      await expectSeen(await of(seed.branches[1]), [seed.clientId, ids.mill!, ids['mill owner']!]);
      await expectSeen(await api.grant('manager'), []);
    });
  });

  it('an auditor reads everything but contact data', async () => {
    const { body } = await api.call<Row>('GET', `/v1/workers/${seed.workers[0]}`, { as: 'auditor' });
    expect(body.wage).toBe('25.00');
    expect(body).not.toHaveProperty('phone');
  });
});
