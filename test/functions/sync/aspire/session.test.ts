import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aspireConnector } from '#functions/sync/aspire/index.ts';
import { manifest } from '#functions/sync/aspire/manifest.ts';
import { STREAMS } from '#functions/sync/aspire/streams.ts';
import { isoWeek } from '#kernel/instant.ts';
import type { ConnectorSession, ReadRequest } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import { readAll, recordOf, rowsOfPages } from '#test/support/mapped-rows.ts';
import { Bench, mapList, rowsOf, settings, ZONE } from './aspire-support.ts';

let bench: Bench;
let session: ConnectorSession;

beforeEach(async () => {
  bench = await new Bench().start();
  session = await aspireConnector.open(bench.options());
  bench.mark();
});
afterEach(() => bench.stop());

const full = (stream: string): Omit<ReadRequest, 'pageToken'> => ({ stream, since: null, window: null });
const since = (stream: string, instant: string): Omit<ReadRequest, 'pageToken'> => ({ stream, since: instant, window: null });
const between = (stream: string, from: string, to: string): Omit<ReadRequest, 'pageToken'> => ({
  stream,
  since: null,
  window: { from, to },
});
const idsOf = async (request: Omit<ReadRequest, 'pageToken'>): Promise<string[]> =>
  rowsOfPages(await readAll(session, request)).map((row) =>
    row.kind === 'record' ? row.record.sourceId : `!${row.rejected.sourceId}`,
  );

/** A scheduled run's cycle reading, as the engine asks for it. */
async function cycle(stamp: string): Promise<void> {
  for (const { stream, refresh, delta } of [...manifest.streams, ...manifest.auxiliary]) {
    if (refresh !== 'cycle') continue;
    const window = delta.kind === 'window' ? { from: '2026-03-18', to: '2026-03-21' } : null;
    await readAll(session, { stream, since: delta.kind === 'watermark' ? stamp : null, window });
  }
}

describe('the manifest', () => {
  it('names streams that can be read, each after those it depends on (M-40, M-81)', () => {
    const names = manifest.streams.map(({ stream }) => stream);
    expect(Object.keys(STREAMS).sort()).toEqual([...names].sort());
    for (const [index, { dependsOn }] of manifest.streams.entries()) {
      for (const parent of dependsOn) expect(names.slice(0, index)).toContain(parent);
    }
    for (const { touches } of manifest.auxiliary) for (const stream of touches) expect(names).toContain(stream);
  });
});

describe('a full reading', () => {
  it('gives every record of the company, mapped as from the recording', async () => {
    for (const [stream, { list }] of Object.entries(STREAMS)) {
      expect(rowsOfPages(await readAll(session, full(stream)))).toEqual(await mapList(list));
    }
  });

  it('asks each list once, its empty page, and for joins nothing twice: 38 calls and the login', async () => {
    for (const { stream } of manifest.streams) await readAll(session, full(stream));
    for (const { stream, delta } of manifest.auxiliary) {
      await readAll(session, delta.kind === 'window' ? between(stream, '2026-03-06', '2026-05-19') : full(stream));
    }
    expect(bench.requests()).toEqual([
      'Branches',
      'Branches+2',
      'Divisions',
      'Divisions+2',
      'Routes',
      'Routes+3',
      'Companies',
      'Companies+12',
      'Properties',
      'Properties+12',
      'Contacts',
      'Users',
      'Users+6',
      'Contacts+16',
      'PayRates',
      'PayRates+11',
      'Opportunities',
      'OpportunityServices',
      'OpportunityServices+20',
      'Services',
      'Services+9',
      'Jobs',
      'Jobs+19',
      'Opportunities+20',
      'WorkTickets',
      'WorkTicketVisits',
      'WorkTicketVisits+61',
      'WorkTickets+60',
      'WorkTicketItems',
      'WorkTicketTimes',
      'PayCodes',
      'PayCodes+3',
      'WorkTicketTimes+203',
      'ClockTimes',
      'ClockTimes+119',
      'OpportunityServices',
      'WorkTicketVisits',
      'WorkTicketVisits+52',
    ]);
  });

  it('tells the source’s own time with each page', async () => {
    const [page] = await readAll(session, full('branches'));
    expect(page?.sourceTime).toBe('2026-03-20T20:00:00.000Z');
  });
});

describe('a delta in which nothing changed', () => {
  it('asks each due list once, and goes on only where rows came', async () => {
    await bench.order({ delete: { WorkTicketVisits: rowsOf('WorkTicketVisits').map((row) => row.WorkTicketVisitID) } });
    await bench.order({ delete: { ClockTimes: rowsOf('ClockTimes').map((row) => row.ClockTimeID) } });
    bench.mark();
    bench.nowMs += 3_600_000;
    await cycle('2026-03-20T20:45:00.000Z');
    expect(bench.requests()).toEqual([
      'Contacts',
      'Opportunities',
      'WorkTickets',
      'WorkTicketTimes',
      'ClockTimes',
      'OpportunityServices',
      'WorkTicketVisits',
    ]);
  });

  it('with visits and shifts in their windows costs their end pages and the zones of the shifts', async () => {
    await cycle('2026-03-20T20:30:00.000Z');
    expect(bench.requests()).toEqual([
      'Contacts',
      'Opportunities',
      'WorkTickets',
      'WorkTicketTimes',
      'ClockTimes',
      'Branches',
      'Branches+2',
      'ClockTimes+31',
      'OpportunityServices',
      'WorkTicketVisits',
      'WorkTicketVisits+12',
    ]);
    bench.mark();
    const branchZones = { 3: ZONE, 4: ZONE };
    session = await aspireConnector.open(bench.options({ branchZones }));
    await cycle('2026-03-20T20:30:00.000Z');
    expect(bench.requests()).not.toContain('Branches');
    expect(bench.requests()).toHaveLength(10);
  });
});

describe('a delta', () => {
  it('gives what was modified since, the stamp itself included', async () => {
    expect(await idsOf(since('contacts', '2026-03-06T15:30:00.000Z'))).toEqual(['508', '511']);
    expect(await idsOf(since('contacts', '2026-03-06T15:30:00.001Z'))).toEqual(['511']);
  });

  it('joins by id, and stops without the empty page once each key was answered', async () => {
    bench.nowMs += 60_000;
    await bench.order({ put: { WorkTickets: [{ WorkTicketID: 88013, HoursEst: 19 }] } });
    bench.mark();
    const rows = rowsOfPages(await readAll(session, since('work_tickets', '2026-03-20T20:00:30.000Z')));
    expect(rows).toHaveLength(1);
    expect(recordOf(rows[0], 'milestone').fields).toMatchObject({ scheduledDate: '2026-03-18', serviceType: 'Maintenance' });
    expect(bench.requests()).toEqual([
      'WorkTickets',
      'WorkTicketVisits',
      'WorkTicketVisits+1',
      'OpportunityServices',
      'Services',
      'Services+9',
      'Opportunities',
      'WorkTickets+1',
    ]);
  });

  it('never reads time further back than the import date', async () => {
    const late = await aspireConnector.open(bench.options({ settings: { ...settings, timeImportFrom: '2026-03-16' } }));
    const rows = rowsOfPages(await readAll(late, full('work_ticket_times')));
    expect(rows.length).toBeLessThan(100);
    const dates = rows.flatMap((row) =>
      row.kind === 'record' && row.record.skip === undefined && 'workDate' in row.record.fields
        ? [row.record.fields.workDate]
        : [],
    );
    expect([...dates].sort()[0]).toBe('2026-03-16');
  });
});

describe('a date window', () => {
  it('holds exactly the rows of its days', async () => {
    const rows = rowsOfPages(await readAll(session, between('clock_times', '2026-03-10', '2026-03-12')));
    const days = new Set(rows.map((row) => recordOf(row, 'time_entry').fields.workDate));
    expect([...days].sort()).toEqual(['2026-03-10', '2026-03-11', '2026-03-12']);
    const expected = rowsOf('ClockTimes').filter((row) => /^2026-03-1[012]/.test(String(row.ClockStart))).length;
    expect(rows).toHaveLength(expected);
  });

  it('works for job time too, for the daily re-reading (M-82)', async () => {
    const rows = rowsOfPages(await readAll(session, between('work_ticket_times', '2026-03-12', '2026-03-12')));
    expect(rows).toHaveLength(18);
  });
});

describe('rows by id', () => {
  it('come complete, absent ones are simply not there, and old ones are wanted', async () => {
    const late = await aspireConnector.open(bench.options({ settings: { ...settings, timeImportFrom: '2026-03-19' } }));
    const { rows } = await late.fetch({ stream: 'opportunities', ids: ['9009', '9999', 'none'] });
    expect(rows.map((row) => recordOf(row, 'job').skip)).toEqual([undefined]);
    const listed = rowsOfPages(await readAll(late, full('opportunities')));
    expect(
      recordOf(
        listed.find((row) => row.kind === 'record' && row.record.sourceId === '9009'),
        'job',
      ).skip?.code,
    ).toBe('before_import_window');
  });

  it('or by their parents', async () => {
    const { rows } = await session.fetch({ stream: 'work_tickets', parentIds: ['9009', '9010'] });
    expect(new Set(rows.map((row) => recordOf(row, 'milestone').fields.jobId))).toEqual(new Set(['9009', '9010']));
  });

  it('are asked for in groups of a hundred', async () => {
    const ids = rowsOf('WorkTicketTimes')
      .slice(0, 150)
      .map((row) => String(row.WorkTicketTimeID));
    const { rows } = await session.fetch({ stream: 'work_ticket_times', ids });
    expect(rows).toHaveLength(150);
    expect(bench.requests().filter((name) => name.startsWith('WorkTicketTimes'))).toEqual(['WorkTicketTimes', 'WorkTicketTimes']);
  });
});

describe('auxiliary lists', () => {
  it('digest of logins changes with a role and with nothing else', async () => {
    const digest = async (): Promise<string | null> => {
      const other = await aspireConnector.open(bench.options());
      return (await other.readPage({ ...full('users'), pageToken: null })).digestText;
    };
    const before = await digest();
    await bench.order({ put: { Users: [{ UserID: 33, ContactFirstName: 'Jo' }] } });
    expect(await digest()).toBe(before);
    await bench.order({ put: { Users: [{ UserID: 33, UserRoles: [{ RoleID: 3, RoleName: 'Operations Manager' }] }] } });
    expect(await digest()).not.toBe(before);
  });

  it('digest of services reads the types only where a service lacks the name', async () => {
    const [first] = await readAll(session, full('services'));
    expect(bench.requests()).toEqual(['Services', 'Services+9']);
    await bench.order({ put: { Services: [{ ServiceID: 61, ServiceTypeName: null }] } });
    const other = await aspireConnector.open(bench.options());
    bench.mark();
    const [second] = await readAll(other, full('services'));
    expect(bench.requests()).toEqual(['Services', 'Services+9', 'ServiceTypes', 'ServiceTypes+3']);
    expect(second?.digestText).not.toBe(first?.digestText);
  });

  it('changed service lines name their jobs and those jobs’ milestones; a full reading only the highest stamp', async () => {
    const pages = await readAll(session, since('opportunity_services', '2026-02-10T00:00:00.000Z'));
    expect(pages.flatMap((page) => page.refetch)).toEqual([
      { stream: 'opportunities', ids: ['9019', '9020'] },
      { stream: 'work_tickets', parentIds: ['9019', '9020'] },
    ]);
    expect(pages[0]?.highWater).toBe('2026-02-11T14:15:00.000Z');
    bench.mark();
    expect(await readAll(session, full('opportunity_services'))).toMatchObject([
      { refetch: [], highWater: '2026-02-11T14:15:00.000Z' },
    ]);
    expect(bench.requests()).toEqual(['OpportunityServices']);
  });

  it('visits are parts by ticket and ISO week, and a moved one is another part', async () => {
    const parts = async () =>
      (await readAll(session, between('work_ticket_visits', '2026-03-16', '2026-03-29'))).flatMap((page) => page.parts);
    const before = await parts();
    expect(before.find(({ sourceId }) => sourceId === '88024')).toMatchObject({
      space: 'milestone',
      segment: isoWeek('2026-03-23'),
    });
    await bench.order({ step: 'milestone_moved' });
    const after = await parts();
    const changed = after.filter((part) => !before.some((old) => JSON.stringify(old) === JSON.stringify(part)));
    expect(changed.map(({ sourceId }) => sourceId)).toEqual(['88024']);
  });
});

describe('paging', () => {
  const everyTicket = rowsOf('WorkTickets').map((row) => String(row.WorkTicketID));

  it('advances by rows received and ends only at an empty page, whatever the server’s cap', async () => {
    await bench.order({ fault: 'pageCap', on: true, value: 7 });
    expect(await idsOf(full('work_tickets'))).toEqual(everyTicket);
    const pages = bench.requests().filter((name) => name.startsWith('WorkTickets'));
    expect(pages.at(-1)).toBe('WorkTickets+60');
  });

  it('accepts the envelope', async () => {
    await bench.order({ fault: 'envelope', on: true, value: 'always' });
    expect(await idsOf(full('work_tickets'))).toEqual(everyTicket);
  });

  it('drops rows seen before when one appears between two pages', async () => {
    await bench.order({ fault: 'pageCap', on: true, value: 20 });
    await bench.order({ fault: 'insertWhilePaging', on: true, entity: 'WorkTickets', times: 1 });
    const ids = await idsOf(full('work_tickets'));
    expect(ids).toEqual(everyTicket);
    expect(await idsOf(full('work_tickets'))).toHaveLength(61);
  });

  it('may miss one when a row disappears between two pages, and has it the next time (A-30)', async () => {
    await bench.order({ fault: 'pageCap', on: true, value: 20 });
    await bench.order({ fault: 'removeWhilePaging', on: true, entity: 'WorkTickets', times: 1 });
    const first = await idsOf(full('work_tickets'));
    expect(new Set(first).size).toBe(first.length);
    const second = await idsOf(full('work_tickets'));
    expect(second).toEqual(everyTicket.filter((id) => id !== '88001'));
  });

  it('takes a row that stands twice once', async () => {
    await bench.order({ fault: 'duplicateRow', on: true, entity: 'WorkTickets' });
    expect(await idsOf(full('work_tickets'))).toEqual(everyTicket);
  });

  it('notices a source that sends the same page for ever', async () => {
    await bench.order({ fault: 'loopPage', on: true, entity: 'WorkTickets' });
    await expect(readAll(session, full('work_tickets'))).rejects.toMatchObject({ code: 'paging_loop' });
    expect(bench.requests().filter((name) => name.startsWith('WorkTickets+')).length).toBeLessThanOrEqual(4);
  });

  it('goes on in another leg from the page token', async () => {
    await bench.order({ fault: 'pageCap', on: true, value: 25 });
    const first = await session.readPage({ ...full('work_tickets'), pageToken: null });
    const other = await aspireConnector.open(bench.options());
    const second = await other.readPage({ ...full('work_tickets'), pageToken: first.next });
    const ids = rowsOfPages([first, second]).map((row) => recordOf(row, 'milestone').sourceId);
    expect(ids).toEqual(everyTicket.slice(0, 50));
  });

  it('gives the same page again when it is asked for again', async () => {
    const page = { ...full('opportunities'), pageToken: null };
    expect(await session.readPage(page)).toEqual(await session.readPage(page));
  });
});

describe('failures', () => {
  const failure = async (work: Promise<unknown>): Promise<SourceError> => {
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof SourceError)) throw new Error(`no SourceError: ${String(error)}`);
    return error;
  };

  it('of a joined list fail the page: nothing is stored as if the rows were not there (M-90)', async () => {
    await bench.order({ fault: 'status', on: true, entity: 'WorkTicketVisits', value: 500 });
    expect((await failure(session.readPage({ ...full('work_tickets'), pageToken: null }))).code).toBe('source_unavailable');
    await bench.order({ fault: 'status', on: false, entity: 'WorkTicketVisits' });
    expect(await idsOf(full('work_tickets'))).toHaveLength(60);
  });

  it.each([
    ['html', true],
    ['truncated', 'cut'],
    ['truncated', 'empty'],
    ['truncated', 'abort'],
  ])('%s %s once is asked for again, always it fails the stream and is never an empty list', async (fault, value) => {
    await bench.order({ fault, on: true, entity: 'Branches', value, times: 2 });
    expect(await idsOf(full('branches'))).toEqual(['3', '4']);
    const other = await aspireConnector.open(bench.options());
    await bench.order({ fault, on: true, entity: 'Branches', value });
    const { code } = await failure(other.readPage({ ...full('branches'), pageToken: null }));
    expect(code).toBe(value === 'abort' ? 'source_unavailable' : 'bad_response');
  });

  it('a timeout is tried again with half the page, and again with a quarter', async () => {
    await bench.order({ fault: 'timeout', on: true, entity: 'Contacts', times: 2 });
    expect(await idsOf(full('contacts'))).toHaveLength(16);
    const tops = bench.fake.shell.log
      .list()
      .filter(({ path }) => path === '/Contacts')
      .map(({ query }) => /top=(\d+)/.exec(query)?.[1]);
    expect(tops.slice(0, 3)).toEqual(['500', '250', '125']);
  });

  it('an unticked list says which one (M-53)', async () => {
    await bench.order({ fault: 'scopes', on: true, entity: 'ClockTimes' });
    const error = await failure(session.readPage({ ...between('clock_times', '2026-03-10', '2026-03-12'), pageToken: null }));
    expect([error.code, error.detail]).toEqual(['scope_missing', 'GET /ClockTimes: status 403, forbidden']);
    expect(await idsOf(full('contacts'))).toHaveLength(16);
  });

  it('poisoned rows are rejected one by one and the page goes on', async () => {
    for (const kind of ['types', 'huge', 'emoji', 'control', 'prototype', 'extreme', 'null']) {
      await bench.order({ fault: 'poisonRow', on: true, entity: 'WorkTicketTimes', value: kind, times: 1 });
      const rows = rowsOfPages(await readAll(session, full('work_ticket_times')));
      expect([kind, rows.length]).toEqual([kind, 203]);
      expect([kind, rows.filter((row) => row.kind === 'rejected').length <= 1]).toEqual([kind, true]);
    }
  });
});
