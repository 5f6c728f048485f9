import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APP, Bench, dataset, gid, rowsOf } from '../jobber-support.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().start();
});
afterEach(() => bench.stop());

const VERSION = '2026-05-12';

interface Answer {
  status: number;
  body: {
    data?: Record<string, { nodes: Record<string, unknown>[]; pageInfo: { endCursor: string | null; hasNextPage: boolean } }>;
    errors?: { message: string; extensions?: { code: string }; path?: unknown[] }[];
    message?: string;
    extensions?: {
      cost: { requestedQueryCost: number; actualQueryCost: number; throttleStatus: Record<string, number> };
      versioning: { version: string; warning?: string };
    };
  };
}

async function ask(
  query: string,
  more: { token?: string | null; version?: string | null; variables?: object } = {},
): Promise<Answer> {
  const { token = bench.fake.accessToken('one'), version = VERSION, variables = {} } = more;
  const reply = await fetch(`${bench.url}/api/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(version === null ? {} : { 'X-JOBBER-GRAPHQL-VERSION': version }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const text = await reply.text();
  return { status: reply.status, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

const costOf = async (query: string, variables = {}) => (await ask(query, { variables })).body.extensions!.cost;

describe('access', () => {
  it('needs a token that holds: else 401 in its own words', async () => {
    for (const token of [null, 'nonsense', `${bench.fake.accessToken('one')}x`])
      expect(await ask('{ account { id } }', { token })).toEqual({ status: 401, body: { message: 'Token not recognized' } });
    const token = bench.fake.accessToken('one');
    bench.nowMs += 3_600_000;
    expect((await ask('{ account { id } }', { token })).status).toBe(401);
  });

  it('keeps accounts apart, and says so once one has disconnected', async () => {
    const idOf = async (tenant: string) => {
      const { body } = await ask('{ account { id } }', { token: bench.fake.accessToken(tenant) });
      return (body.data!.account as unknown as { id: string }).id;
    };
    expect(await idOf('one')).toBe(dataset.endpoints.account![0]!.id);
    expect(await idOf('two')).not.toBe(await idOf('one'));
    await bench.arm('revoked');
    expect((await ask('{ account { id } }')).body.message).toMatch(/disconnected/);
    expect(await idOf('two')).toBeTruthy();
  });

  it('needs the version header; an unknown one is 404, a retired one is answered by the oldest with a warning', async () => {
    expect((await ask('{ account { id } }', { version: null })).status).toBe(400);
    expect(await ask('{ account { id } }', { version: '2020-01-01' })).toEqual({
      status: 404,
      body: { message: "GraphQL API version '2020-01-01' does not exist" },
    });
    expect((await ask('{ account { id } }')).body.extensions?.versioning).toEqual({ version: VERSION });
    await bench.arm('versions', { value: ['2026-07-27'] });
    const { versioning } = (await ask('{ account { id } }')).body.extensions!;
    expect(versioning).toMatchObject({ version: '2026-07-27' });
    expect(versioning.warning).toContain(VERSION);
  });

  it('gives a pair for a code and a new one for a refresh token, which holds once', async () => {
    const back = 'https://example.com/back';
    const page = new URLSearchParams({
      response_type: 'code',
      client_id: APP.id,
      redirect_uri: back,
      state: 's',
      account: 'two',
    });
    const sent = await fetch(`${bench.url}/api/oauth/authorize?${page}`, { redirect: 'manual' });
    const location = new URL(sent.headers.get('location')!);
    expect(location.searchParams.get('state')).toBe('s');
    const token = (form: Record<string, string>) =>
      fetch(`${bench.url}/api/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: APP.id, client_secret: APP.secret, ...form }),
      });
    const code = location.searchParams.get('code')!;
    const first = (await (await token({ grant_type: 'authorization_code', code, redirect_uri: back })).json()) as Record<
      string,
      string
    >;
    expect(Object.keys(first)).not.toContain('expires_in');
    const claims = JSON.parse(Buffer.from(first.access_token!.split('.')[1]!, 'base64url').toString());
    expect(claims.exp - claims.iat).toBe(3600);
    expect((await ask('{ account { id } }', { token: first.access_token! })).status).toBe(200);
    const refresh = () => token({ grant_type: 'refresh_token', refresh_token: first.refresh_token! });
    expect((await refresh()).status).toBe(200);
    const again = await refresh();
    expect([again.status, await again.json()]).toEqual([401, { message: 'The provided refresh token is not valid.' }]);
  });
});

describe('points', () => {
  it('are those of the published arithmetic', async () => {
    const visits = 'id title startAt endAt allDay duration visitStatus isComplete completedAt createdAt instructions';
    const dear = await ask(`{ visits { nodes { ${visits} assignedUsers { nodes { id } } } } }`);
    expect(dear.body.errors?.[0]).toMatchObject({ message: 'Throttled', extensions: { code: 'THROTTLED' } });
    expect(dear.body.extensions?.cost).toMatchObject({ requestedQueryCost: 11_100, actualQueryCost: 0 });
    const modest = await costOf(`{ visits(first: 50) { nodes { ${visits} assignedUsers(first: 20) { nodes { id } } } } }`);
    expect(modest.requestedQueryCost).toBe(1_550);
    expect(
      (await costOf('{ users(first: 100) { nodes { id status } pageInfo { endCursor hasNextPage } } }')).requestedQueryCost,
    ).toBe(202);
    expect((await costOf('{ users(first: 10) { edges { cursor node { id } } } }')).requestedQueryCost).toBe(20);
  });

  it('are counted over variables, aliases and fragments, and paid by what was returned', async () => {
    const query = `query($n: Int) { a: users(first: $n) { nodes { ...U } } b: account { id } } fragment U on User { id status }`;
    const { requestedQueryCost, actualQueryCost } = await costOf(query, { n: 5 });
    expect([requestedQueryCost, actualQueryCost]).toEqual([12, 12]);
    const many = await costOf(query, { n: 100 });
    expect([many.requestedQueryCost, many.actualQueryCost]).toEqual([202, 26]);
    expect(many.throttleStatus).toEqual({ maximumAvailable: 10_000, currentlyAvailable: 9_962, restoreRate: 500 });
  });

  it('come back by the clock; a query beyond what is there is throttled now, beyond the maximum for ever', async () => {
    await bench.arm('bucket', { value: { maximum: 100, rate: 10 } });
    const query = '{ users(first: 40) { nodes { id status } } }';
    expect((await ask(query)).body.data?.users?.nodes).toHaveLength(12);
    await ask('{ clients(first: 12) { nodes { id name isLead isArchived } } }');
    expect((await ask(query)).body.errors?.[0]?.extensions?.code).toBe('THROTTLED');
    bench.nowMs += 10_000;
    expect((await ask(query)).body.data?.users?.nodes).toHaveLength(12);
    bench.nowMs += 3_600_000;
    expect((await ask('{ users(first: 51) { nodes { id status } } }')).body.errors?.[0]?.extensions?.code).toBe('THROTTLED');
  });

  it('stand beside a limit of requests, told without a time', async () => {
    await bench.arm('requestLimit', { value: 2 });
    await ask('{ account { id } }');
    await ask('{ account { id } }');
    expect((await ask('{ account { id } }')).status).toBe(429);
    bench.nowMs += 300_001;
    expect((await ask('{ account { id } }')).status).toBe(200);
  });
});

describe('queries', () => {
  it('are checked against the schema, at 200', async () => {
    const { status, body } = await ask('{ jobs(filter: { updatedAt: { after: "2026-01-01" } }) { nodes { id } } }');
    expect(status).toBe(200);
    expect(body.errors?.[0]?.message).toMatch(/updatedAt/);
    expect((await ask('{ users { nodes { wage } } }')).body.errors?.[0]?.message).toMatch(/wage/);
    expect((await ask('{ nonsense')).body.errors).toHaveLength(1);
  });

  it('resolve references, nested lists and single records', async () => {
    const { body } = await ask(
      `{ visit(id: "${gid('Visit', 3001)}") { job { title client { name } } assignedUsers(first: 2) { nodes { name { full } } pageInfo { hasNextPage } }
        timeSheetEntries(first: 100) { nodes { id } } } user(id: "nobody") { id } }`,
    );
    expect(body.data).toMatchObject({
      visit: {
        job: { title: 'Maple Court Grounds 2026', client: { name: 'Maple Court HOA' } },
        assignedUsers: { nodes: [{ name: { full: 'Jordan Pike' } }, {}], pageInfo: { hasNextPage: true } },
      },
      user: null,
    });
  });

  it('page by cursors, at most a hundred rows', async () => {
    const page = async (after: string | null) =>
      (
        await ask('query($a: String) { visits(first: 25, after: $a) { nodes { id } pageInfo { endCursor hasNextPage } } }', {
          variables: { a: after },
        })
      ).body.data!.visits!;
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    const third = await page(second.pageInfo.endCursor);
    expect([...first.nodes, ...second.nodes, ...third.nodes].map(({ id }) => id)).toEqual(rowsOf('visits').map(({ id }) => id));
    expect(third.pageInfo).toEqual({ endCursor: null, hasNextPage: false });
    expect((await ask('{ visits(after: "nonsense") { nodes { id } } }')).body.errors?.[0]?.message).toMatch(/cursor/);
    expect((await ask('{ timeSheetEntries(first: 500) { nodes { id } } }')).body.data?.timeSheetEntries?.nodes).toHaveLength(100);
  });

  it('filter and sort as the schema lets them', async () => {
    const ids = async (query: string) => Object.values((await ask(`{ ${query} }`)).body.data!)[0]!.nodes.map(({ id }) => id);
    expect(await ids('users(filter: { status: DEACTIVATED }) { nodes { id } }')).toEqual([gid('User', 11)]);
    expect(await ids('timeSheetEntries(filter: { ticking: true }) { nodes { id } }')).toEqual([gid('TimeSheetEntry', 90406)]);
    const sorted = await ids('jobs(sort: [{ key: UPDATED_AT, direction: DESCENDING }]) { nodes { id } }');
    const byStamp = [...rowsOf('jobs')].sort((a, b) => (String(a.updatedAt) < String(b.updatedAt) ? 1 : -1));
    expect(sorted[0]).toBe(byStamp[0]?.id);
    expect(await ids(`jobs(filter: { ids: ["${gid('Job', 409)}"] }) { nodes { id } }`)).toEqual([gid('Job', 409)]);
    const exact = rowsOf('clients')[0]!.updatedAt;
    expect(await ids(`clients(filter: { updatedAt: { after: "${String(exact)}" } }) { nodes { id } }`)).not.toContain(
      rowsOf('clients')[0]?.id,
    );
  });
});

describe('statuses', () => {
  const statuses = async () => {
    const { body } = await ask('{ jobs(first: 100) { nodes { id jobStatus } } visits(first: 100) { nodes { id visitStatus } } }');
    return [...body.data!.jobs!.nodes, ...body.data!.visits!.nodes].map(({ id, jobStatus, visitStatus }) => [
      id,
      jobStatus ?? visitStatus,
    ]);
  };

  it('on the day of the recording are those recorded', async () => {
    expect(await statuses()).toEqual(
      [...rowsOf('jobs'), ...rowsOf('visits')].map(({ id, jobStatus, visitStatus }) => [id, jobStatus ?? visitStatus]),
    );
  });

  it('follow the date without any edit, unless told not to', async () => {
    const before = await statuses();
    bench.nowMs += 4 * 86_400_000;
    const after = await statuses();
    expect(after).not.toEqual(before);
    expect(after.filter(([, status]) => status === 'LATE').length).toBeGreaterThan(
      before.filter(([, status]) => status === 'LATE').length,
    );
    await bench.order({ fault: 'driftStatusDaily', on: false });
    expect(await statuses()).toEqual(before);
  });
});

describe('events', () => {
  const sent = async () => {
    await bench.order({ step: 'corrected' });
    await bench.order({ step: 'deleted' });
    return bench.fake.takeEvents('one');
  };

  it("of edits are pointers, signed over their raw bytes with the app's secret", async () => {
    const [updated, destroyed] = await sent();
    expect(JSON.parse(updated!.body)).toEqual({
      data: {
        webHookEvent: {
          topic: 'TIMESHEET_UPDATE',
          appId: APP.id,
          accountId: dataset.endpoints.account![0]!.id,
          itemId: gid('TimeSheetEntry', 90217),
          occurredAt: '2026-03-20T16:00:00-04:00',
        },
      },
    });
    expect(JSON.parse(destroyed!.body).data.webHookEvent.topic).toBe('TIMESHEET_DESTROY');
    const hmac = createHmac('sha256', APP.secret).update(updated!.body).digest('base64');
    expect(updated!.headers['X-Jobber-Hmac-SHA256']).toBe(hmac);
  });

  it.each([
    ['duplicate', 4],
    ['lost', 0],
    ['reorder', 2],
  ])('come as the switch says: %s', async (value, count) => {
    await bench.arm('webhooks', { value });
    const events = await sent();
    expect(events).toHaveLength(count);
    if (value === 'reorder') expect(events[0]?.body).toContain('DESTROY');
  });

  it('can be wrongly signed, or spell their time as older apps know it; a deleted user makes none', async () => {
    await bench.arm('webhooks', { value: 'badHmac' });
    const [event] = await sent();
    expect(event!.headers['X-Jobber-Hmac-SHA256']).not.toBe(
      createHmac('sha256', APP.secret).update(event!.body).digest('base64'),
    );
    await bench.arm('webhooks', { value: 'oldSpelling' });
    await bench.order({ put: { users: [{ id: gid('User', 3), status: 'DEACTIVATED' }] } });
    await bench.order({ delete: { users: [gid('User', 3)] } });
    const events = bench.fake.takeEvents('one');
    expect(events).toHaveLength(1);
    expect(JSON.parse(events[0]!.body).data.webHookEvent).toMatchObject({ topic: 'USER_UPDATE', occuredAt: expect.any(String) });
  });
});

describe("the demo's own changes", () => {
  it('start timers on visits and stop them when they have run, the same for the same seed', async () => {
    const open = () => rowsIn('timeSheetEntries').filter(({ ticking }) => ticking === true);
    const rowsIn = (list: string) => bench.fake.shell.data('one').rows(bench.fake.shell.data('one').entityAt(list)!);
    const count = rowsIn('timeSheetEntries').length;
    bench.fake.tick();
    expect(open().length).toBeGreaterThanOrEqual(2);
    const started = open().map(({ id }) => id);
    bench.nowMs += 3_600_000;
    bench.fake.tick();
    for (const row of rowsIn('timeSheetEntries').filter(({ id }) => started.includes(id))) {
      expect(row.ticking).toBe(false);
      const seconds = (Date.parse(String(row.endAt)) - Date.parse(String(row.startAt))) / 1000;
      expect(row.finalDuration).toBe(seconds);
    }
    expect(rowsIn('timeSheetEntries').length).toBeGreaterThan(count);
  });
});
