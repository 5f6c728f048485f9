import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, startBench } from './aspire-bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const stampOf = async (ticket: number): Promise<unknown> =>
  (await bench.get(`/WorkTickets?$filter=WorkTicketID%20eq%20${ticket}`)).rows[0]?.LastModifiedDateTime;

test('the control door lists the switches of this source after the general ones', async () => {
  const { switches, entities } = (await (await fetch(`${bench.url}/__control`)).json()) as {
    switches: string[];
    entities: string[];
  };
  expect(switches.slice(11)).toEqual([
    'pageCap',
    'envelope',
    'jwtSeconds',
    'refreshReuse',
    'scopes',
    'insertWhilePaging',
    'removeWhilePaging',
    'selectBreaks',
    'slowFilter',
    'otherClientsLoad',
    'sandboxLimit',
    'ticketStampMovesWithChildren',
    'pageNumberWorks',
    'errorBody',
    'timeZoneForm',
  ]);
  expect(entities).toHaveLength(33);
});

describe('pages', () => {
  test('pageCap holds pages below $top, for one list or all; off it is 500 again', async () => {
    await bench.arm('pageCap', { value: 10 });
    await bench.arm('pageCap', { value: 3, entity: 'Routes' });
    expect((await bench.get('/WorkTickets?$top=500')).rows).toHaveLength(10);
    expect((await bench.get('/WorkTickets?$top=4')).rows).toHaveLength(4);
    expect((await bench.get('/Routes')).rows).toHaveLength(3);
    expect(await bench.readAll('WorkTickets')).toHaveLength(60);
    await bench.control({ fault: 'pageCap', on: false });
    expect((await bench.get('/WorkTickets')).rows).toHaveLength(60);
    expect((await bench.arm('pageCap', { value: 1001 })).status).toBe(400);
  });

  test('pageNumberWorks lets $pageNumber and $limit page; else they do nothing', async () => {
    expect((await bench.get('/WorkTickets?$pageNumber=2&$limit=5')).rows).toHaveLength(60);
    await bench.arm('pageNumberWorks');
    const { rows } = await bench.get('/WorkTickets?$orderby=WorkTicketID&$pageNumber=2&$limit=5');
    expect(rows.map((row) => row.WorkTicketID)).toEqual([88006, 88007, 88008, 88009, 88010]);
  });

  test('insertWhilePaging lets a row with a low key appear: the reader sees one row twice and drops it by id', async () => {
    await bench.arm('insertWhilePaging', { times: 1 });
    const read = (await bench.readAll('WorkTicketVisits', 20)).map((row) => row.WorkTicketVisitID);
    expect(read).toHaveLength(62);
    expect(new Set(read).size).toBe(61);
    const [first] = (await bench.get('/WorkTicketVisits?$orderby=WorkTicketVisitID')).rows;
    expect(first).toMatchObject({ WorkTicketVisitID: 99000, WorkTicketID: 88001 });
  });

  test('removeWhilePaging makes a naive skip miss a row', async () => {
    await bench.arm('removeWhilePaging', { entity: 'WorkTicketVisits', times: 1 });
    const read = (await bench.readAll('WorkTicketVisits', 20)).map((row) => row.WorkTicketVisitID);
    expect(read).toHaveLength(60);
    expect(read).not.toContain(99021);
    expect((await bench.get('/WorkTicketVisits?$filter=WorkTicketVisitID%20eq%2099001')).rows).toEqual([]);
  });

  test('neither fires on a list that fits into one page', async () => {
    await bench.arm('removeWhilePaging');
    await bench.arm('insertWhilePaging');
    await bench.get('/Routes');
    expect((await bench.get('/Routes')).rows).toHaveLength(3);
  });

  test('a duplicate row and short pages lose no row to the reader', async () => {
    await bench.arm('duplicateRow');
    await bench.arm('shortPage');
    const read = await bench.readAll('WorkTickets', 13);
    expect(read).toHaveLength(61);
    expect(new Set(read.map((row) => row.WorkTicketID)).size).toBe(60);
  });

  test('loopPage never ends', async () => {
    await bench.arm('loopPage', { entity: 'Routes' });
    expect((await bench.get('/Routes?$skip=1000')).rows).toHaveLength(3);
  });

  test('envelope wraps the rows: always, or when the Accept header asks', async () => {
    const asking = { accept: 'application/json;odata.metadata=minimal' };
    expect(Array.isArray((await bench.get('/Routes', undefined, asking)).json)).toBe(true);
    await bench.arm('envelope', { value: 'accept' });
    expect(Array.isArray((await bench.get('/Routes')).json)).toBe(true);
    expect((await bench.get('/Routes', undefined, asking)).json).toMatchObject({ value: [{ RouteID: 21 }, {}, {}] });
    await bench.arm('envelope');
    expect((await bench.get('/Routes')).json).toMatchObject({ value: [{ RouteID: 21 }, {}, {}] });
  });
});

describe('access', () => {
  test('jwtSeconds shortens new tokens', async () => {
    await bench.arm('jwtSeconds', { value: 3600 });
    const token = await bench.login();
    bench.clock.ms += 3_600_000;
    expect((await bench.get('/Routes', token)).status).toBe(401);
    expect((await bench.get('/Routes')).status).toBe(200);
  });

  test('refreshReuse accepts a used refresh token', async () => {
    await bench.arm('refreshReuse');
    const { RefreshToken } = (await bench.post('/Authorization', { ClientId: 'client-1', Secret: 'secret-1' })).json as {
      RefreshToken: string;
    };
    for (let use = 0; use < 2; use += 1)
      expect((await bench.post('/Authorization/RefreshToken', { RefreshToken })).status).toBe(200);
  });

  test('scopes leave only the ticked lists, or take one away', async () => {
    await bench.arm('scopes', { value: ['WorkTickets', '/Routes'] });
    expect((await bench.get('/Routes')).status).toBe(200);
    expect((await bench.get('/ClockTimes')).status).toBe(403);
    await bench.control({ fault: 'scopes', on: false });
    await bench.arm('scopes', { entity: 'ClockTimes' });
    expect((await bench.get('/ClockTimes')).status).toBe(403);
    expect((await bench.get('/Contacts')).status).toBe(200);
  });

  test('1,200 requests a minute for all clients of a tenant, beyond that 429 without headers', async () => {
    await bench.arm('otherClientsLoad', { value: 1195 });
    const seen: number[] = [];
    for (let call = 0; call < 6; call += 1) seen.push((await bench.get('/Regions')).status);
    expect(seen).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = await bench.get('/Regions');
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(refused.text).toContain('quota');
    expect((await bench.get('/Regions', await bench.login(2))).status).toBe(200);
    bench.clock.ms += 60_000;
    expect((await bench.get('/Regions')).status).toBe(200);
  });

  test('sandboxLimit is 60 a minute', async () => {
    await bench.arm('sandboxLimit');
    await bench.arm('otherClientsLoad', { value: 59 });
    expect([(await bench.get('/Regions')).status, (await bench.get('/Regions')).status]).toEqual([200, 429]);
  });

  test('otherAccount leads the client to the other company: old tokens die, new ones name it, data are its own', async () => {
    await bench.arm('otherAccount');
    expect((await bench.get('/Routes')).status).toBe(401);
    const token = await bench.login();
    expect(JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())).toMatchObject({ TenantId: 'two' });
    expect((await bench.get('/Routes', token)).rows.map((row) => row.RouteID)).toEqual([100021, 100022, 100023]);
    await bench.control({ fault: 'otherAccount', on: false });
    expect((await bench.get('/Routes', token)).status).toBe(401);
    expect((await bench.get('/Routes')).rows.map((row) => row.RouteID)).toEqual([21, 22, 23]);
  });

  test('otherAccount for one list swaps that list alone', async () => {
    await bench.arm('otherAccount', { entity: 'Routes' });
    expect((await bench.get('/Routes')).rows[0]?.RouteID).toBe(100021);
    expect((await bench.get('/Branches')).rows[0]?.BranchID).toBe(3);
  });

  test('a fault named for the login hits the login', async () => {
    await bench.arm('status', { value: 503, entity: 'Authorization', times: 1 });
    expect((await bench.post('/Authorization', { ClientId: 'client-1', Secret: 'secret-1' })).status).toBe(503);
    expect((await bench.post('/Authorization', { ClientId: 'client-1', Secret: 'secret-1' })).status).toBe(200);
  });
});

describe('answers', () => {
  test('selectBreaks is on for Opportunities and can be on elsewhere or off', async () => {
    const path = '?$select=';
    expect((await bench.get(`/Opportunities${path}OpportunityID`)).status).toBe(400);
    await bench.arm('selectBreaks', { entity: 'Routes' });
    expect((await bench.get(`/Routes${path}RouteID`)).status).toBe(400);
    await bench.control({ fault: 'selectBreaks', on: false });
    expect((await bench.get(`/Opportunities${path}OpportunityID`)).status).toBe(200);
  });

  test('slowFilter can be off, or set for another field a few times', async () => {
    await bench.control({ fault: 'slowFilter', on: false });
    expect((await bench.get('/Opportunities?$filter=DivisionID%20eq%2011')).rows.length).toBeGreaterThan(5);
    await bench.arm('slowFilter', { entity: 'WorkTickets', value: 'BranchID', times: 1 });
    const slow = '/WorkTickets?$filter=BranchID%20eq%203';
    expect([(await bench.get('/WorkTickets')).status, (await bench.get(slow)).status, (await bench.get(slow)).status]).toEqual([
      200, 504, 200,
    ]);
  });

  test.each([
    ['text', /^The query/],
    ['problem', /^\{"type":".*","title":"The query.*","status":400\}$/],
    ['odata', /^\{"error":\{"code":"400","message":"The query.*"\}\}$/],
  ])('errorBody %s', async (value, form) => {
    await bench.arm('errorBody', { value });
    expect((await bench.get('/Routes?$filter=Nope%20eq%201')).text).toMatch(form);
  });

  test.each([
    ['windows', 'Eastern Standard Time'],
    ['iana', 'America/New_York'],
    ['none', null],
  ])('timeZoneForm %s', async (value, zone) => {
    await bench.arm('timeZoneForm', { value });
    expect((await bench.get('/Branches')).rows.map((row) => row.TimeZone)).toEqual([zone, zone]);
    expect((await bench.get('/WorkTicketTimes?$top=1')).rows[0]?.BranchTimeZone).toBe(zone);
  });
});

describe('edits', () => {
  const NOW = '2026-03-20T20:00:00.000Z';

  test('a put, also by a name in other case, moves the stamp of the row and of its ticket', async () => {
    await bench.control({ put: { worktickettimes: [{ WorkTicketTimeID: 120001, Hours: 9 }] } });
    const [row] = (await bench.get('/WorkTicketTimes?$filter=WorkTicketTimeID%20eq%20120001')).rows;
    expect(row).toMatchObject({ Hours: 9, ContactID: 503, LastModifiedDateTime: NOW });
    expect(await stampOf(88001)).toBe(NOW);
  });

  test('a visit moved to another ticket moves both; a delete moves its own', async () => {
    await bench.control({ put: { WorkTicketVisits: [{ WorkTicketVisitID: 99001, WorkTicketID: 88002 }] } });
    expect([await stampOf(88001), await stampOf(88002)]).toEqual([NOW, NOW]);
    await bench.control({ delete: { WorkTicketTimes: [120193] } });
    expect(await stampOf(88038)).toBe(NOW);
  });

  test('with ticketStampMovesWithChildren off only the child’s own stamp moves', async () => {
    await bench.control({ fault: 'ticketStampMovesWithChildren', on: false });
    await bench.control({ put: { WorkTicketTimes: [{ WorkTicketTimeID: 120001, Hours: 9 }] } });
    expect(await stampOf(88001)).toBe('2026-03-02T21:11:06.000Z');
  });

  test.each([
    ['Contacts', { ContactID: 503 }, 'ModifiedDate'],
    ['Companies', { CompanyID: 801 }, 'ModifiedDateTime'],
    ['Opportunities', { OpportunityID: 9001 }, 'ModifiedDate'],
    ['OpportunityServices', { OpportunityServiceID: 40001 }, 'LastModifiedDateTime'],
  ])('a put on %s moves its own kind of stamp', async (name, row, field) => {
    await bench.control({ put: { [name]: [row] } });
    const moved = (await bench.get(`/${name}`)).rows.filter((found) => found[field] === NOW);
    expect(moved).toHaveLength(1);
  });

  test('the recorded steps apply as recorded once their time has come', async () => {
    bench.clock.ms = Date.parse('2026-03-23T14:00:00Z');
    const token = await bench.login();
    for (const step of ['open_closed', 'milestone_moved', 'corrected', 'deleted'])
      expect((await bench.control({ step })).status).toBe(200);
    const time = async (id: number): Promise<unknown> =>
      (await bench.get(`/WorkTicketTimes?$filter=WorkTicketTimeID%20eq%20${id}`, token)).rows[0];
    expect(await time(120203)).toMatchObject({
      EndTime: '2026-03-20T17:30:00',
      LastModifiedDateTime: '2026-03-20T21:31:02.000Z',
    });
    expect(await time(120108)).toMatchObject({ Hours: 6.0833, LastModifiedDateTime: '2026-03-23T13:05:11.000Z' });
    expect(await time(120193)).toBeUndefined();
    const [ticket] = (await bench.get('/WorkTickets?$filter=WorkTicketID%20eq%2088024', token)).rows;
    expect(ticket).toMatchObject({ ScheduledStartDate: '2026-03-25T00:00:00', LastModifiedDateTime: '2026-03-23T10:00:00.000Z' });
    const visits = (await bench.get('/WorkTicketVisits?$filter=WorkTicketID%20eq%2088024', token)).rows;
    expect(visits.map((row) => row.WorkTicketVisitID)).toEqual([99900]);
  });

  test('a field the schema does not know is served once put: sources grow', async () => {
    await bench.control({ put: { Routes: [{ RouteID: 21, Novelty: 1 }] } });
    expect((await bench.get('/Routes')).rows[0]?.Novelty).toBe(1);
    expect((await bench.get('/Routes?$filter=Novelty%20eq%201')).status).toBe(400);
  });
});
