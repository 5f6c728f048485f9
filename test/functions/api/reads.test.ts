import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '#test/support/api.ts';
import { type Seed, seedCompany } from '#test/support/mirror-seed.ts';

let api: TestApi;
let seed: Seed;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedCompany(api.table, api.scope, { jobs: 8, workers: 4 });
});
afterAll(() => api.stop());

interface List {
  readonly items: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

/** Lists whose rows need nothing but themselves, with filters that one range serves. */
const lists = (): readonly (readonly [string, Record<string, string>])[] => [
  ['/v1/clients', {}],
  ['/v1/clients', { kind: 'client' }],
  ['/v1/branches', {}],
  ['/v1/divisions', {}],
  ['/v1/routes', {}],
  ['/v1/wage-records', {}],
  ['/v1/wage-records', { workerId: seed.workers[0]! }],
  ['/v1/budgets', {}],
  ['/v1/budgets', { jobId: seed.jobs[0]! }],
  ['/v1/time-entries', { jobId: seed.jobs[1]! }],
  ['/v1/drive-times', { jobId: seed.jobs[1]! }],
  ['/v1/materials', {}],
];
/** Read beside the rows: the token, and of the tenant its context and one connection's sync state. */
const BESIDE = { get: 1, batch: 2 };

describe('a page', () => {
  it('takes one Query and reads what it returns, at every page size', async () => {
    for (const [path, query] of lists()) {
      for (const limit of [1, 2, 3, 200]) {
        let cursor: string | null = null;
        do {
          api.db.counters.reset();
          const answer: { body: List } = await api.call<List>('GET', path, {
            query: { ...query, limit, ...(cursor === null ? {} : { cursor }) },
          });
          const { items, nextCursor } = answer.body;
          const counters = api.db.counters;
          const queries = counters.total({ operation: 'Query' });
          expect([path, limit, queries.requests]).toEqual([path, limit, 1]);
          expect([path, limit, queries.itemReads]).toEqual([path, limit, items.length]);
          expect(counters.total({ operation: 'GetItem' }).requests).toBe(BESIDE.get);
          const indexed = counters.total({ operation: 'BatchGetItem' }).itemReads - BESIDE.batch;
          expect([0, items.length]).toContain(indexed);
          expect(counters.total({ operation: 'Scan' }).requests).toBe(0);
          cursor = nextCursor;
        } while (cursor !== null);
      }
    }
  });

  it('of a worker’s time by date reads the keys of that range and the entries of its kind', async () => {
    api.db.counters.reset();
    const query = { workerId: seed.workers[1]!, workedFrom: '2026-03-01', workedTo: '2026-04-01', limit: 200 };
    const { items } = (await api.call<List>('GET', '/v1/time-entries', { query })).body;
    expect(items.length).toBeGreaterThan(0);
    expect(api.db.counters.total({ operation: 'Query' }).requests).toBe(1);
    expect(api.db.counters.total({ operation: 'BatchGetItem' }).itemReads).toBe(items.length + BESIDE.batch);
  });
});

describe('a record', () => {
  it('by id takes no Query where its key is computed', async () => {
    for (const path of [`/v1/branches/${seed.branches[0]}`, `/v1/clients/${seed.clientId}`, `/v1/routes/${seed.routeId}`]) {
      api.db.counters.reset();
      expect((await api.call('GET', path)).status).toBe(200);
      expect([path, api.db.counters.total({ operation: 'Query' }).requests]).toEqual([path, 0]);
    }
  });
});
