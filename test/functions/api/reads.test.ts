import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openedCallback } from '#bonus/commands/callback.ts';
import { routes } from '#functions/api/routes.ts';
import { addSeconds } from '#kernel/instant.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { initialSyncState } from '#model/sync-item.ts';
import type { Upload } from '#model/upload.ts';
import { putCallbackAction } from '#store/callback-repository.ts';
import { createConnectionActions, readConnection } from '#store/connection-repository.ts';
import { putExportAction } from '#store/export-repository.ts';
import { saveUploadAction } from '#store/upload-repository.ts';
import { startTestApi, type TestApi } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, seedFence, workerId } from '#test/support/bonus-world.ts';
import { catchUp } from '#test/support/catch-up.ts';
import { exportRecord } from '#test/support/export-world.ts';
import { goalDesk } from '#test/support/goal-world.ts';
import { putExample, putStop, startGroups } from '#test/support/group-world.ts';
import { MILESTONE, putRecord, type Seed, seedCompany } from '#test/support/mirror-seed.ts';

let api: TestApi;
let seed: Seed;
let bench: BonusBench;
let goalTemplate: string;
const WORKERS = 4;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedCompany(api.table, api.scope, { jobs: 8, workers: WORKERS });
  const milestone = { ...MILESTONE, jobId: seed.jobs[0]! };
  const tombstone = { at: '2026-03-09T00:00:00.000Z', runId: 'R', reason: 'feed' as const };
  await putRecord(api.table, api.scope, 'milestone', 'gone', milestone, { tombstone });
  await putRecord(
    api.table,
    api.scope,
    'material_allocation',
    'i1',
    {
      milestoneId: seed.milestones[0]!,
      item: 'mulch',
      name: 'Mulch',
      unit: 'yd',
      allocatedE4: 10_000,
      installedE4: 5_000,
      unitValueCents: 100,
    },
    { jobId: seed.jobs[0]! },
  );
  await catchUp(api);
  bench = await startBonusBench();
  await seedFence(bench);
  await bench.settle();
  const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', `/v1/propays/${PROPAY}`)).body;
  const approved = await bench.api.call('POST', `/v1/propays/${PROPAY}/approve`, {
    body: { inputsVersion },
    headers: { 'idempotency-key': 'approve-1' },
  });
  expect(approved.status).toBe(200);
  await bench.settle();
  const desk = goalDesk(bench);
  goalTemplate = await desk.live();
  for (const name of ['redo', 'again']) {
    const opened = openedCallback({ originalJobId: jobId('fence'), jobId: jobId(name) }, 'hand', bench.api.now());
    await bench.table.write(bench.scope, [putCallbackAction(bench.scope, opened)]);
  }
  for (const month of ['01', '02', '03']) await desk.start(goalTemplate, `2026-${month}-01`);
});
afterAll(async () => {
  await api.stop();
  await bench.stop();
});

const PROPAY = firstProPayId({ jobId: jobId('fence'), milestoneId: null });

interface List {
  readonly items: readonly { readonly id: string; readonly workerId?: string }[];
  readonly nextCursor: string | null;
}
type Given = Readonly<Record<string, string>>;
type Case = readonly [path: string, query: Given];

/** Lists of one range: filters that choose a part of the list that lies together. */
const oneRange = (): readonly Case[] => {
  const [branchId, divisionId, job, milestoneId] = [seed.branches[0], seed.divisions[0], seed.jobs[1]!, seed.milestones[2]!];
  const time = ['/v1/time-entries', '/v1/drive-times'].flatMap((path): Case[] => [
    [path, { jobId: job }],
    [path, { jobId: job, milestoneId }],
  ]);
  return [
    ['/v1/workers', {}],
    ['/v1/workers', { branchId }],
    ['/v1/workers', { branchId, status: 'active' }],
    ['/v1/jobs', {}],
    ['/v1/jobs', { branchId }],
    ['/v1/jobs', { branchId, divisionId }],
    ['/v1/jobs', { branchId, divisionId, status: 'in_progress' }],
    ['/v1/milestones', {}],
    ['/v1/milestones', { jobId: seed.jobs[0]! }],
    [`/v1/jobs/${seed.jobs[0]}/milestones`, {}],
    ['/v1/clients', {}],
    ['/v1/clients', { kind: 'client' }],
    ['/v1/branches', {}],
    ['/v1/divisions', {}],
    ['/v1/routes', {}],
    ['/v1/wage-records', {}],
    ['/v1/wage-records', { workerId: seed.workers[0]! }],
    ['/v1/budgets', {}],
    ['/v1/budgets', { jobId: seed.jobs[0]! }],
    ['/v1/materials', {}],
    ['/v1/materials', { milestoneId: seed.milestones[0]! }],
    ...time,
  ];
};
/** Lists that are a sequence of ranges: a page that meets the end of one goes on with the next. */
const manyRanges = (): readonly (readonly [...Case, ranges: number])[] => [
  ['/v1/workers', { status: 'active' }, 3],
  ['/v1/jobs', { status: 'in_progress' }, 9],
  ['/v1/jobs', { status: 'completed', branchId: seed.branches[0] }, 3],
  ...['/v1/workers', '/v1/jobs', '/v1/milestones', '/v1/clients', '/v1/wage-records', '/v1/budgets', '/v1/materials'].map(
    (path) => [path, { includeDeleted: 'true' }, 2] as const,
  ),
];

/** Page after page of a list, with what each has read. */
async function* pagesOf(of: TestApi, path: string, query: Given, limit: number) {
  let cursor: string | null = null;
  do {
    of.db.counters.reset();
    const given: Record<string, string | number> = { ...query, limit, ...(cursor === null ? {} : { cursor }) };
    const answer: { status: number; body: List } = await of.call<List>('GET', path, { query: given });
    expect([path, query, answer.status]).toEqual([path, query, 200]);
    const [get, ask, batch] = ['GetItem', 'Query', 'BatchGetItem'].map((operation) => of.db.counters.total({ operation }));
    expect(of.db.counters.total({ operation: 'Scan' }).requests).toBe(0);
    yield { items: answer.body.items, get: get!, ask: ask!, batch: batch!, last: answer.body.nextCursor === null };
    cursor = answer.body.nextCursor;
  } while (cursor !== null);
}

const LIMITS = [1, 2, 3, 7, 200];
/** Read beside the rows of the mirror: the token; in one BatchGet the tenant, and along with the page a connection's sync state. */
const BESIDE = { get: 1, batches: 2, batch: 2 };

describe('a page of a mirror list', () => {
  it('takes one Query and one BatchGet, and reads what it returns, at every page size', async () => {
    for (const [path, query] of oneRange()) {
      const ofJob = path.endsWith('/milestones') && path !== '/v1/milestones';
      // The job in the path is read, and its tenant once more to see whether the caller may see it.
      const beside = ofJob ? { get: 1, batches: 4, batch: 4 } : BESIDE;
      for (const limit of LIMITS) {
        let rows = 0;
        for await (const { items, get, ask, batch } of pagesOf(api, path, query, limit)) {
          rows += items.length;
          const told = [path, query, limit] as const;
          expect([...told, ask.requests, ask.itemReads]).toEqual([...told, 1, items.length]);
          expect([...told, get.requests, batch.requests]).toEqual([...told, beside.get, beside.batches]);
          // Rows of the table itself come whole with the Query.
          expect([0, items.length]).toContain(batch.itemReads - beside.batch);
        }
        // Drive time of the seed hangs on jobs, not on milestones.
        if (!(path === '/v1/drive-times' && 'milestoneId' in query)) expect([path, query, rows]).not.toEqual([path, query, 0]);
      }
    }
  });

  it('of several ranges takes a Query for each that it touches, one BatchGet, and reads what it returns', async () => {
    for (const [path, query, ranges] of manyRanges())
      for (const limit of LIMITS) {
        let queries = 0;
        let pages = 0;
        for await (const { items, get, ask, batch } of pagesOf(api, path, query, limit)) {
          queries += ask.requests;
          pages += 1;
          const told = [path, query, limit] as const;
          expect([...told, ask.itemReads, batch.itemReads - BESIDE.batch]).toEqual([...told, items.length, items.length]);
          expect([get.requests, batch.requests]).toEqual([BESIDE.get, BESIDE.batches]);
        }
        // Every page one, and at most one more for each border.
        expect([path, query, limit, queries <= pages + ranges - 1]).toEqual([path, query, limit, true]);
      }
  });

  it('of a milestone’s time and budgets finds the milestone first: one key of the index, one record', async () => {
    const milestoneId = seed.milestones[2]!;
    for (const path of ['/v1/time-entries', '/v1/drive-times', '/v1/budgets'])
      for (const limit of LIMITS)
        for await (const { items, ask, batch } of pagesOf(api, path, { milestoneId }, limit)) {
          expect([path, ask.requests, ask.itemReads]).toEqual([path, 2, items.length + 1]);
          expect([path, batch.itemReads]).toEqual([path, BESIDE.batch + 1]);
        }
  });

  it('of a worker’s time by date reads the keys of that range and the entries of its kind', async () => {
    const cases: readonly Given[] = [
      { workerId: seed.workers[1]!, workedFrom: '2026-03-01', workedTo: '2026-04-01' },
      { workerId: seed.workers[1]! },
    ];
    for (const query of cases)
      for await (const { items, ask, batch } of pagesOf(api, '/v1/time-entries', query, 200)) {
        expect(items.length).toBeGreaterThan(0);
        expect(ask.requests).toBe(1);
        expect(batch.itemReads).toBe(items.length + BESIDE.batch);
      }
  });

  it('of everybody’s time goes through the ranges of the workers: their keys, and the entries that it returns', async () => {
    for (const query of [{}, { workedFrom: '2026-03-04' }] as readonly Given[])
      for (const limit of [3, 200])
        for await (const { items, ask, batch } of pagesOf(api, '/v1/time-entries', query, limit)) {
          // Two lists of workers, those that are gone in one of their own.
          expect(ask.requests).toBeLessThanOrEqual(2 + WORKERS + limit);
          expect(batch.itemReads).toBe(items.length + BESIDE.batch);
          expect(batch.requests).toBe(BESIDE.batches);
        }
  });

  it('of clients for a scoped role also reads jobs: own ones by id, or the list until every client of the page is found', async () => {
    const [workerId, branchId] = [seed.workers[0]!, seed.branches[0]];
    const readBy = async (tokenId: string) => {
      api.db.counters.reset();
      const { body } = await api.call<List>('GET', '/v1/clients', { tokenId });
      const [ask, batch] = ['Query', 'BatchGetItem'].map((operation) => api.db.counters.total({ operation }));
      return { clients: body.items.length, queries: ask!.requests, keys: ask!.itemReads, records: batch!.itemReads };
    };
    // The client, the tenant, a sync state, and for a scoped role the toggles.
    const page = 1 + BESIDE.batch + 1;
    const entries = await api.call<{ items: { jobId: string }[] }>('GET', '/v1/time-entries', {
      query: { workerId, limit: 200 },
    });
    const drives = await api.call<{ items: { jobId: string }[] }>('GET', '/v1/drive-times', { query: { workerId, limit: 200 } });
    const time = [...entries.body.items, ...drives.body.items];
    const own = new Set(time.map((entry) => entry.jobId)).size;
    const worker = await api.grant('worker', { workerId });
    expect(await readBy(worker)).toEqual({ clients: 1, queries: 2, keys: 1 + time.length, records: page + 1 + own });
    const jobs = seed.jobs.length;
    const manager = await api.grant('manager', { scope: { branchIds: [branchId], divisionIds: [], routeIds: [] } });
    expect(await readBy(manager)).toEqual({ clients: 1, queries: 2, keys: 1 + jobs, records: page + jobs });
    expect(await readBy(await api.grant('crew_lead'))).toEqual({ clients: 0, queries: 2, keys: 1 + jobs, records: page + jobs });
  });

  it('by source id takes no Query where the key is computed, else one for the key', async () => {
    for (const [path, sourceId, queries] of [
      ['/v1/jobs', 'j0', 0],
      ['/v1/workers', 'w0', 0],
      ['/v1/branches', 'b1', 0],
      ['/v1/milestones', 'm0-0', 1],
      ['/v1/budgets', 'j0', 1],
    ] as const)
      for await (const { items, ask, batch } of pagesOf(api, path, { sourceId }, 50)) {
        expect([path, items.length, ask.requests, ask.itemReads]).toEqual([path, 1, queries, queries]);
        expect([path, batch.itemReads]).toEqual([path, 1 + BESIDE.batch]);
      }
  });
});

describe('a page of the bonus layer', () => {
  it('of ProPays takes one Query, and reads each ProPay’s own records', async () => {
    const status = 'Approved';
    const cases: readonly Given[] = [
      { status },
      { status, branchId: idOf('branch', 'b1') },
      { jobId: jobId('fence') },
      { workerId: workerId('ann') },
    ];
    for (const query of cases)
      for (const limit of [1, 200])
        for await (const { items, ask, last } of pagesOf(bench.api, '/v1/propays', query, limit))
          if (!last || limit > 1) expect([query, ask.requests, ask.itemReads, items.length]).toEqual([query, 1, 1, 1]);
    for await (const { items, ask } of pagesOf(bench.api, '/v1/propays', {}, 200))
      expect([ask.itemReads, items.length]).toEqual([1, 1]);
  });

  it('of line items takes one Query and reads what it returns', async () => {
    for (const query of [{}, { propayId: PROPAY }, { workerId: workerId('ann') }] as readonly Given[])
      for (const limit of LIMITS)
        for await (const { items, ask } of pagesOf(bench.api, '/v1/line-items', query, limit))
          expect([query, limit, ask.requests, ask.itemReads]).toEqual([query, limit, 1, items.length]);
  });

  it('of Pro-Goals and their templates takes one Query and reads what it returns', async () => {
    const lists: readonly Case[] = [
      ['/v1/pro-goal-templates', {}],
      ['/v1/pro-goal-templates', { status: 'Live' }],
      ['/v1/pro-goals', {}],
      ['/v1/pro-goals', { status: 'Active' }],
      ['/v1/pro-goals', { templateId: goalTemplate }],
    ];
    for (const [path, query] of lists)
      for (const limit of LIMITS) {
        let rows = 0;
        for await (const { items, ask } of pagesOf(bench.api, path, query, limit)) {
          rows += items.length;
          expect([path, query, limit, ask.requests, ask.itemReads]).toEqual([path, query, limit, 1, items.length]);
        }
        expect([path, query, rows]).toEqual([path, query, path === '/v1/pro-goals' ? 3 : 1]);
      }
  });

  it('of callbacks takes one Query and reads what it returns', async () => {
    for (const query of [{}, { state: 'Open' }, { jobId: jobId('fence') }] as readonly Given[])
      for (const limit of LIMITS)
        for await (const { items, ask } of pagesOf(bench.api, '/v1/callbacks', query, limit))
          expect([query, limit, ask.requests, ask.itemReads]).toEqual([query, limit, 1, items.length]);
  });

  it('of payroll exports takes one Query and reads what it returns', async () => {
    for (const n of [1, 2, 3])
      await bench.table.write(bench.scope, [putExportAction(bench.scope, exportRecord(bench.api.ports.ulid(), n))]);
    for (const limit of LIMITS) {
      const seen: string[] = [];
      for await (const { items, ask } of pagesOf(bench.api, '/v1/exports', {}, limit)) {
        seen.push(...items.map((one) => one.id));
        expect([limit, ask.requests, ask.itemReads]).toEqual([limit, 1, items.length]);
      }
      expect([limit, seen]).toEqual([limit, [...seen].sort().reverse()]);
      expect(new Set(seen).size).toBe(3);
    }
  });

  it('of groups takes one Query and reads what it returns, and their results in one more reading', async () => {
    const groups = await startBonusBench();
    await startGroups(groups, ['north', 'south']);
    await putExample(groups, 'north');
    await putStop(groups, 'else', { route: 'south', budgetCents: 30_000, hours: { ann: 4 } });
    await groups.settle();
    for (const query of [{}, { status: 'Active' }] as readonly Given[])
      for (const limit of [1, 200]) {
        let rows = 0;
        for await (const { items, ask } of pagesOf(groups.api, '/v1/groups', query, limit)) {
          rows += items.length;
          expect([query, limit, ask.requests, ask.itemReads]).toEqual([query, limit, 1, items.length]);
        }
        expect([query, rows]).toEqual([query, 2]);
      }
    await groups.stop();
  });

  it('of statements takes one Query, and one for each worker whose pay it works out', async () => {
    for (const query of [{}, { workerId: workerId('ann') }] as readonly Given[])
      for (const limit of LIMITS)
        for await (const { items, ask } of pagesOf(bench.api, '/v1/statements', query, limit)) {
          const workers = new Set(items.map((one) => one.workerId)).size;
          expect([query, limit, ask.requests]).toEqual([query, limit, 1 + workers]);
        }
  });
});

describe('a page of the administration', () => {
  it('takes one Query and reads what it returns', async () => {
    const lists: readonly Case[] = [
      ['/v1/connections/acme1.1/runs', {}],
      ['/v1/connections/acme1.1/quarantine', {}],
      ['/v1/connections/acme1.1/parked', {}],
      ['/v1/audit', { entityId: PROPAY }],
    ];
    for (const [path, query] of lists)
      for (const limit of LIMITS)
        for await (const { items, ask } of pagesOf(bench.api, path, query, limit))
          expect([path, limit, ask.requests, ask.itemReads]).toEqual([path, limit, 1, items.length]);
    // A month has a partition of its own, and the tenant is as old as its first.
    for await (const { items, ask } of pagesOf(bench.api, '/v1/audit', {}, 2)) expect(ask.itemReads).toBe(items.length);
  });

  it('of uploads takes one Query and reads what it returns', async () => {
    const { table, scope, api: served } = bench;
    const own = (await readConnection(table, scope, 1))!;
    const files = { ...own, id: 'acme1.2', n: 2, provider: 'file-import' };
    await table.write(scope, createConnectionActions(scope, files, initialSyncState(0), null));
    for (let at = 0; at < 3; at++) {
      const now = served.ports.now();
      const upload: Upload = {
        ...{ id: served.ports.ulid(), connectionId: files.id, entity: 'worker', stream: 'workers', mode: 'full' },
        ...{ window: null, windowStated: false, status: 'waiting', createdAt: now, createdBy: 'ann' },
        ...{ expiresAt: addSeconds(now, 60), profile: { name: 'canonical-workers', version: 1, document: {} }, file: null },
        ...{ preview: null, refusal: null, runId: null, revision: 1 },
      };
      await table.write(scope, [saveUploadAction(scope, files.n, upload, null)]);
    }
    for (const limit of LIMITS) {
      let rows = 0;
      for await (const { items, ask } of pagesOf(served, '/v1/connections/acme1.2/uploads', {}, limit)) {
        rows += items.length;
        expect([limit, ask.requests, ask.itemReads]).toEqual([limit, 1, items.length]);
      }
      expect([limit, rows]).toEqual([limit, 3]);
    }
  });
});

describe('every list route', () => {
  it('is among those above', () => {
    const template = (path: string) =>
      path.replace(/^\/v1\/jobs\/[^/]+\//, '/v1/jobs/{id}/').replace(/^\/v1\/connections\/[^/]+\//, '/v1/connections/{id}/');
    const counted = new Set([
      ...oneRange().map(([path]) => template(path)),
      ...[
        '/v1/propays',
        '/v1/line-items',
        '/v1/statements',
        '/v1/exports',
        '/v1/callbacks',
        '/v1/groups',
        '/v1/pro-goal-templates',
        '/v1/pro-goals',
        '/v1/audit',
      ],
      // A page of the feed is one item, however many events of it are shown.
      '/v1/changes',
      // Bounds of their own, tested with them.
      '/v1/users',
      '/v1/reports/{name}',
      '/v1/webhooks/{id}/deliveries',
      ...['runs', 'quarantine', 'parked', 'uploads'].map((name) => `/v1/connections/{id}/${name}`),
    ]);
    const lists = routes.filter((route) => 'limit' in (route.query ?? {})).map((route) => route.path);
    expect(lists.filter((path) => !counted.has(path))).toEqual([]);
  });
});

describe('a record', () => {
  it('by id takes no Query where its key is computed', async () => {
    const ids = [
      ['branches', seed.branches[0]],
      ['clients', seed.clientId],
      ['routes', seed.routeId],
      ['jobs', seed.jobs[0]],
      ['workers', seed.workers[0]],
    ];
    for (const [kind, id] of ids) {
      api.db.counters.reset();
      expect((await api.call('GET', `/v1/${kind}/${id}`)).status).toBe(200);
      expect([kind, api.db.counters.total({ operation: 'Query' }).requests]).toEqual([kind, 0]);
    }
  });
});
