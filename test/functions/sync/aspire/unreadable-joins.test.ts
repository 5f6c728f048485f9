import { describe, expect, it } from 'vitest';
import { LISTS, type ListName } from '#functions/sync/aspire/lists.ts';
import { MAPPED_LISTS } from '#functions/sync/aspire/offline.ts';
import { canonicalJson } from '#kernel/canonical.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { recordsOf, rejectionOf } from '#test/support/mapped-rows.ts';
import { poisonPage } from '../../../../shared/fake-source/faults.ts';
import { everything, mapList, rowsOf, rowWith, ZONE } from './aspire-support.ts';

type Rows = readonly unknown[];

/** Lists whose rows decide fields of other lists' records. */
const JOINED = [
  ...(['Branches', 'Divisions', 'Routes', 'Contacts', 'Users', 'PayCodes', 'Services', 'ServiceTypes', 'Opportunities'] as const),
  ...(['Jobs', 'JobStatuses', 'OpportunityServices', 'WorkTickets', 'WorkTicketVisits'] as const),
];

/** The recorded company, made to need every join: names left to the catalogues, a second zone, an indirect division, renamed statuses. */
const needy: Partial<Record<ListName, Rows>> = {
  ...everything,
  Services: rowsOf('Services').map(({ ServiceTypeName: _, ...row }) => row),
  Branches: rowsOf('Branches').map((row, index) => (index === 0 ? { ...row, TimeZone: 'Pacific Standard Time' } : row)),
  Divisions: rowsOf('Divisions').map((row, index) => (index === 0 ? { ...row, Indirect: true } : row)),
  Opportunities: rowsOf('Opportunities').map((row) => ({ ...row, JobStatusName: `Our ${String(row.JobStatusName)}` })),
  WorkTickets: rowsOf('WorkTickets').map(({ CrewLeaderContactID: _, ...row }) => row),
  WorkTicketTimes: rowsOf('WorkTicketTimes').map(({ BranchTimeZone: _, PayCodeName: __, ...row }) => row),
};

const map = (list: ListName, others: Partial<Record<ListName, Rows>>): Promise<readonly MappedRow[]> =>
  mapList(list, needy[list] ?? [], { zone: ZONE }, others);

/** How many rows are rejected; every other one has to be what it was. */
function rejectedAmong(rows: readonly MappedRow[], healthy: readonly MappedRow[]): number {
  expect(rows).toHaveLength(healthy.length);
  let rejected = 0;
  rows.forEach((row, index) => {
    if (row.kind === 'rejected' && healthy[index]?.kind === 'record') rejected += 1;
    else expect(canonicalJson(row)).toBe(canonicalJson(healthy[index]));
  });
  return rejected;
}

const spoilings: readonly (readonly [string, (rows: Rows, list: ListName) => Rows])[] = [
  ['types', (rows, list) => poisonPage(rows as Record<string, unknown>[], [LISTS[list]], 'types')],
  ['null', (rows, list) => poisonPage(rows as Record<string, unknown>[], [LISTS[list]], 'null')],
  ['extreme', (rows, list) => poisonPage(rows as Record<string, unknown>[], [LISTS[list]], 'extreme')],
  [
    'every field a list, key kept',
    (rows, list) =>
      rows.map((row, index) =>
        index > 0
          ? row
          : Object.fromEntries(
              Object.entries(row as object).map(([name, value]) => [name, name === LISTS[list] ? value : [[value]]]),
            ),
      ),
  ],
];

/** Nothing in the recording refers to the first row of these, so losing it rejects nothing. */
const NOT_MISSED = new Set<ListName>(['JobStatuses', 'Contacts']);

describe('a joined row that cannot be read never blanks a field (M-90)', () => {
  for (const [kind, spoil] of spoilings) {
    it.each(JOINED)(`${kind} in %s: each record is as it was or rejected`, async (joined) => {
      const others = { ...needy, [joined]: spoil(needy[joined] ?? [], joined) };
      let rejected = 0;
      for (const list of MAPPED_LISTS) {
        rejected += rejectedAmong(await map(list, others), await map(list, needy));
      }
      if (kind === 'null') expect([joined, rejected > 0 || NOT_MISSED.has(joined)]).toEqual([joined, true]);
    });
  }
});

describe('services', () => {
  it('a service that cannot be read rejects its jobs and milestones, and no others', async () => {
    const broken = {
      ...everything,
      Services: rowsOf('Services').map((row) => (row.ServiceID === 61 ? { ...row, ServiceTypeID: {} } : row)),
    };
    for (const list of ['Opportunities', 'WorkTickets'] as const) {
      const rows = await mapList(list, undefined, {}, broken);
      const rejected = rows.filter((row) => row.kind === 'rejected');
      expect(rejected.length).toBeGreaterThan(0);
      expect(rejected.length).toBeLessThan(rows.length);
      for (const row of rejected) {
        expect(rejectionOf(row)).toMatchObject({ reason: 'type_invalid', field: 'Services.ServiceID', value: null });
      }
    }
  });

  it('a service that a complete catalogue does not hold has no type, as ever', async () => {
    const without = { ...everything, Services: rowsOf('Services').filter((row) => row.ServiceID !== 61) };
    const tickets = await mapList('WorkTickets', [rowWith('WorkTickets', 88001, {})], {}, without);
    expect(recordsOf(tickets, 'milestone').map(({ fields }) => fields.serviceType)).toEqual([null]);
  });

  it('a visit that does not say whose it is rejects the tickets it was asked for with', async () => {
    const visits = [...rowsOf('WorkTicketVisits'), { WorkTicketVisitID: 1, WorkTicketID: 'x' }];
    const rows = await mapList('WorkTickets', undefined, {}, { ...everything, WorkTicketVisits: visits });
    expect(new Set(rows.map((row) => rejectionOf(row).field))).toEqual(new Set(['WorkTicketVisits.WorkTicketID']));
  });
});
