import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ASPIRE_LISTS } from '#functions/sync/aspire/fake/entities.ts';
import { type Bench, DATASET, SECOND, startBench } from './aspire-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

function claims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
}

describe('login', () => {
  test('gives a JWT with the real expiry and the tenant, and a refresh token', async () => {
    const { status, json } = await bench.post('/Authorization', { ClientId: 'client-1', Secret: 'secret-1' });
    const pair = json as { Token: string; RefreshToken: string };
    expect(status).toBe(200);
    expect(Object.keys(pair)).toEqual(['Token', 'RefreshToken']);
    expect(claims(pair.Token)).toMatchObject({ TenantId: 'one', exp: bench.clock.ms / 1000 + 86_400 });
  });

  test.each([
    ['a wrong secret', { ClientId: 'client-1', Secret: 'no' }, 401],
    ['an unknown client', { ClientId: 'nobody', Secret: 'secret-1' }, 401],
    ['a missing field', { ClientId: 'client-1' }, 400],
    ['no object', 'text', 400],
  ])('refuses %s', async (_name, body, status) => {
    expect((await bench.post('/Authorization', body)).status).toBe(status);
  });

  test('a refresh gives a new pair and kills the old refresh token', async () => {
    const first = (await bench.post('/Authorization', { ClientId: 'client-2', Secret: 'secret-2' })).json as {
      RefreshToken: string;
    };
    const second = await bench.post('/Authorization/RefreshToken', { RefreshToken: first.RefreshToken });
    const pair = second.json as { Token: string; RefreshToken: string };
    expect(claims(pair.Token).TenantId).toBe('two');
    expect(pair.RefreshToken).not.toBe(first.RefreshToken);
    expect((await bench.post('/Authorization/RefreshToken', { RefreshToken: first.RefreshToken })).status).toBe(401);
    expect((await bench.post('/Authorization/RefreshToken', { RefreshToken: 'made up' })).status).toBe(401);
    expect((await bench.get('/Routes', pair.Token)).rows.map((row) => row.RouteID)).toEqual([100021, 100022, 100023]);
  });

  test('a list without a token, with a broken or a changed one answers 401', async () => {
    const token = await bench.login();
    const [head, , signature] = token.split('.');
    const forged = `${head}.${Buffer.from(JSON.stringify({ TenantId: 'two', sub: 'client-2', exp: 9e9 })).toString('base64url')}.${signature}`;
    for (const bad of [null, 'x', `${token}x`, forged]) expect((await bench.get('/Routes', bad)).status).toBe(401);
  });

  test('a token runs out at its exp', async () => {
    const other = await startBench();
    const token = await other.login();
    other.clock.ms += 86_399_000;
    expect((await other.get('/Routes', token)).status).toBe(200);
    other.clock.ms += 1000;
    expect((await other.get('/Routes', token)).status).toBe(401);
    await other.stop();
  });
});

describe('lists', () => {
  test('the version door needs no token and returns a string', async () => {
    expect(await bench.get('/Version/GetApiVersion', null)).toMatchObject({ status: 200, text: '1.0' });
  });

  test.each(ASPIRE_LISTS.map((list) => list.name))('%s is a bare array of rows with every field of the schema', async (name) => {
    const { status, headers, json, rows } = await bench.get(`/${name}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/json');
    expect(Array.isArray(json)).toBe(true);
    const recorded = DATASET.endpoints[`/${name}`] ?? [];
    expect(rows).toHaveLength(recorded.length);
    const fields = [...ASPIRE_LISTS.find((list) => list.name === name)!.fields.keys()].sort();
    rows.forEach((row, index) => {
      expect(Object.keys(row).sort()).toEqual(fields);
      expect(row).toMatchObject({ ...DATASET.defaults?.[`/${name}`], ...recorded[index] });
    });
  });

  test('page by $top and $skip in the order asked for, and end in an empty page', async () => {
    const tickets = await bench.readAll('WorkTickets', 7);
    expect(tickets.map((row) => row.WorkTicketID)).toEqual(Array.from({ length: 60 }, (_, index) => 88001 + index));
    expect((await bench.get('/WorkTickets?$top=0')).rows).toEqual([]);
    expect((await bench.get('/WorkTickets?$skip=60')).rows).toEqual([]);
  });

  test('filter, order and choose fields', async () => {
    const filter = encodeURIComponent("LastModifiedDateTime ge 2026-03-20T00:00:00Z and WorkTicketStatusName eq 'Scheduled'");
    const { rows } = await bench.get(`/WorkTickets?$filter=${filter}&$orderby=WorkTicketID desc&$select=WorkTicketID,BranchID`);
    expect(rows).toEqual([
      { WorkTicketID: 88054, BranchID: 4 },
      { WorkTicketID: 88052, BranchID: 3 },
      { WorkTicketID: 88050, BranchID: 3 },
    ]);
  });

  test('one record is read by a filter on its key', async () => {
    expect((await bench.get('/Contacts?$filter=ContactID%20eq%20508')).rows.map((row) => row.LastName)).toEqual(['Frost']);
  });

  test.each([
    '/WorkTickets?$filter=Nope eq 1',
    '/WorkTickets?$Filter=WorkTicketID eq 1',
    '/WorkTickets?$top=1&$top=2',
    '/WorkTickets?$orderby=nope',
    '/Opportunities?$select=OpportunityID',
    '/WorkTickets?api-version=9',
  ])('%s answers 400 with a message', async (path) => {
    const { status, text } = await bench.get(encodeURI(path));
    expect(status).toBe(400);
    expect(text).toContain('The query specified in the URI is not valid');
  });

  test('the api-version header is optional', async () => {
    expect((await bench.get('/Routes', undefined, { 'api-version': '1.0' })).status).toBe(200);
    expect((await bench.get('/Routes', undefined, { 'api-version': '2.0' })).status).toBe(400);
  });

  test('a filter on DivisionID of Opportunities is too slow: 504', async () => {
    expect((await bench.get('/Opportunities?$filter=DivisionID%20eq%2011')).status).toBe(504);
    expect((await bench.get('/Opportunities?$filter=OpportunityID%20gt%209019')).rows).toHaveLength(1);
  });

  test('writes are refused and change nothing', async () => {
    const token = await bench.login();
    const answer = await fetch(`${bench.url}/WorkTicketTimes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: '{"ContactID":1}',
    });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
    expect((await bench.get('/WorkTicketTimes')).rows).toHaveLength(203);
  });

  test('an unknown path is not found', async () => {
    expect((await bench.get('/Nothing')).status).toBe(404);
  });
});

describe('two tenants', () => {
  test('see their own rows only and share no id', async () => {
    const token = await bench.login(2);
    for (const { name, key } of ASPIRE_LISTS) {
      const [one, two] = [await bench.get(`/${name}`), await bench.get(`/${name}`, token)];
      const ids = new Set(one.rows.map((row) => row[key[0]!]));
      expect(two.rows).toHaveLength(one.rows.length);
      expect(two.rows.filter((row) => ids.has(row[key[0]!]))).toEqual([]);
    }
  });

  test('the second company has the same history under other ids and names', () => {
    expect(SECOND._about.company).toBe('Brightwater Gardens and Site Works');
    const text = JSON.stringify(SECOND);
    for (const name of ['Fernhill', 'Holloway', 'holloway', 'Maple', 'North Yard', 'Pike', 'Zoë'])
      expect(text).not.toContain(name);
    expect(text).toContain('chloe.fenn@example.com');
    const [one, two] = [DATASET, SECOND].map((dataset) => dataset.endpoints['/WorkTicketTimes']!);
    expect(two!.map((row) => row.Hours)).toEqual(one!.map((row) => row.Hours));
    expect(two![0]).toMatchObject({
      WorkTicketTimeID: 220001,
      WorkTicketID: 188001,
      ContactName: 'Parker Rowe',
      PayCodeName: 'Drive Time',
    });
    expect(SECOND.changes.map((change) => change.key)).toEqual(DATASET.changes.map((change) => Number(change.key) + 100_000));
  });

  test('references of the second company lead to its own rows', () => {
    const ids = (path: string, field: string): Set<unknown> => new Set(SECOND.endpoints[path]!.map((row) => row[field]));
    const [tickets, contacts, jobs] = [
      ids('/WorkTickets', 'WorkTicketID'),
      ids('/Contacts', 'ContactID'),
      ids('/Opportunities', 'OpportunityID'),
    ];
    for (const row of SECOND.endpoints['/WorkTicketTimes']!) {
      expect(tickets.has(row.WorkTicketID) && contacts.has(row.ContactID)).toBe(true);
    }
    for (const row of SECOND.endpoints['/WorkTickets']!) expect(jobs.has(row.OpportunityID)).toBe(true);
  });
});
