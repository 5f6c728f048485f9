import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#kernel/canonical.ts';
import { recordOf, recordsOf, rejectionOf } from '#test/support/mapped-rows.ts';
import { mapList, rowsOf, rowWith, settings } from './aspire-support.ts';

const byId = <T extends { sourceId: string }>(records: readonly T[], id: string): T => {
  const found = records.find((record) => record.sourceId === id);
  if (found === undefined) throw new Error(`no record ${id}`);
  return found;
};

describe('the recorded company, mapped whole', () => {
  it('has every record of every list accounted for', async () => {
    const counts: Record<string, [number, number, number]> = {};
    const lists = [
      'Branches',
      'Divisions',
      'Routes',
      'Companies',
      'Properties',
      'Contacts',
      'PayRates',
      'Opportunities',
    ] as const;
    for (const list of [...lists, 'WorkTickets', 'WorkTicketTimes', 'ClockTimes'] as const) {
      const rows = await mapList(list);
      const rejected = rows.filter((row) => row.kind === 'rejected').length;
      const skipped = rows.filter((row) => row.kind === 'record' && row.record.skip !== undefined).length;
      counts[list] = [rows.length - rejected - skipped, skipped, rejected];
    }
    expect(counts).toEqual({
      Branches: [2, 0, 0],
      Divisions: [2, 0, 0],
      Routes: [3, 0, 0],
      Companies: [12, 0, 0],
      Properties: [12, 0, 0],
      Contacts: [11, 5, 0],
      PayRates: [11, 0, 0],
      Opportunities: [18, 2, 0],
      WorkTickets: [59, 1, 0],
      WorkTicketTimes: [203, 0, 0],
      ClockTimes: [119, 0, 0],
    });
  });

  it('holds 890.15 worked hours, drive time included, to the hundredth', async () => {
    const rows = await mapList('WorkTicketTimes');
    const work = recordsOf(rows, 'time_entry');
    const drive = recordsOf(rows, 'drive_time');
    expect([work.length, drive.length]).toEqual([121, 82]);
    const seconds = [...work, ...drive].reduce((sum, { fields }) => sum + fields.durationSeconds, 0);
    expect(Math.floor(seconds / 36) / 100).toBe(890.15);
    expect(new Set(drive.map(({ fields }) => fields.basis))).toEqual(new Set(['pay_code']));
    expect(new Set([...work, ...drive].map(({ space }) => space))).toEqual(new Set(['time']));
  });

  it('contains only integers, texts and booleans: no float, nothing undefined (M-2)', async () => {
    for (const list of ['Opportunities', 'WorkTickets', 'WorkTicketTimes', 'ClockTimes', 'PayRates', 'Contacts'] as const) {
      for (const row of await mapList(list)) expect(() => canonicalJson(row)).not.toThrow();
    }
  });

  it('warns nowhere except where the recording says so', async () => {
    const rows = [...(await mapList('WorkTicketTimes')), ...(await mapList('ClockTimes'))];
    expect(rows.filter((row) => row.kind === 'record' && row.record.warnings !== undefined)).toEqual([]);
  });
});

describe('people', () => {
  it('takes employees only, and of others no more than a name (M-25, M-56)', async () => {
    const rows = await mapList('Contacts');
    const outside = byId(recordsOf(rows, 'worker'), '502');
    expect(outside.skip).toEqual({ kind: 'out_of_scope', code: 'not_an_employee', rule: 'connection.employeeContactTypes' });
    expect(outside.fields).toMatchObject({ displayName: 'Robin Ashdown', email: null, phone: null, loginId: null });
    const wider = await mapList('Contacts', undefined, {
      settings: { ...settings, employeeContactTypes: ['employee ', 'Outside Office'] },
    });
    expect(recordsOf(wider, 'worker').filter(({ skip }) => skip === undefined)).toHaveLength(12);
  });

  it('gives a worker name, contact data, number with its zeros, login and the role of the login', async () => {
    const [row] = await mapList('Contacts', [rowWith('Contacts', 503, { EmployeeNumber: '0007' })]);
    expect(recordOf(row, 'worker')).toEqual({
      entity: 'worker',
      space: 'worker',
      sourceId: '503',
      sourceUpdatedAt: '2026-02-20T15:00:00.000Z',
      sourceCreatedAt: '2025-12-01T14:03:00.000Z',
      sourceStatus: 'Employee',
      fields: {
        displayName: 'Jordan Pike',
        firstName: 'Jordan',
        lastName: 'Pike',
        email: 'jordan.pike@example.com',
        phone: '555-0100-03',
        employeeNumber: '0007',
        payrollId: null,
        branchId: '3',
        divisionId: null,
        sourceActive: true,
        sourceRole: 'Crew Leader',
        hireDate: null,
        terminationDate: null,
        loginId: '33',
      },
    });
  });

  it('keeps an inactive worker with the date of leaving, and one without login without role', async () => {
    const rows = recordsOf(await mapList('Contacts'), 'worker');
    expect(byId(rows, '511').fields).toMatchObject({ sourceActive: false, terminationDate: '2026-03-10', sourceRole: null });
    expect(byId(rows, '510').fields.firstName).toBe('Zoë');
  });

  it('takes the role that the role map ranks highest, else the source’s first (M-48)', async () => {
    const users = [
      {
        UserID: 33,
        UserRoles: [
          { RoleID: 1, RoleName: 'Administrator' },
          { RoleID: 3, RoleName: 'operations manager' },
          { RoleID: 2, RoleName: 'Crew Leader' },
        ],
      },
    ];
    const others = { Users: users };
    const row = rowWith('Contacts', 503, {});
    expect(recordOf((await mapList('Contacts', [row], {}, others))[0], 'worker').fields.sourceRole).toBe('operations manager');
    const unmapped = await mapList('Contacts', [row], { settings: { ...settings, roleMap: {} } }, others);
    expect(recordOf(unmapped[0], 'worker').fields.sourceRole).toBe('Administrator');
  });

  it('needs a name and nothing else (M-100)', async () => {
    const bare = { ContactID: 700, ContactTypeName: 'Employee', LastName: 'Only' };
    expect(recordOf((await mapList('Contacts', [bare]))[0], 'worker').fields.displayName).toBe('Only');
    const nameless = await mapList('Contacts', [{ ContactID: 701, ContactTypeName: 'Employee', FirstName: ' ' }]);
    expect(rejectionOf(nameless[0])).toMatchObject({ sourceId: '701', reason: 'required_field_missing' });
  });
});

describe('wages', () => {
  it('come from the pay rates with date and burden; a worker without a row has none', async () => {
    const wages = recordsOf(await mapList('PayRates'), 'wage_record');
    expect(
      wages
        .filter(({ fields }) => fields.workerId === '505')
        .map(({ fields }) => [fields.effectiveFrom, fields.rateE4, fields.burdenBp]),
    ).toEqual([
      ['2025-01-01', 190_000, 1850],
      ['2026-03-09', 200_000, 1850],
    ]);
    expect(wages.some(({ fields }) => fields.workerId === '508')).toBe(false);
  });

  it('of zero or less is no wage: a marker and a warning, no record (M-39)', async () => {
    const rows = await mapList('PayRates', [
      rowWith('PayRates', 302, { HourlyBasePay: 0 }),
      rowWith('PayRates', 303, { HourlyBasePay: -5 }),
    ]);
    for (const row of rows) {
      expect(recordOf(row, 'wage_record')).toMatchObject({
        skip: { code: 'type_not_read' },
        warnings: ['wage_not_positive'],
        fields: { rateE4: 0 },
      });
    }
  });

  it('with more than four decimals is quarantined without showing it (M-2)', async () => {
    const [row] = await mapList('PayRates', [rowWith('PayRates', 302, { HourlyBasePay: 27.12345 })]);
    expect(rejectionOf(row)).toEqual({ sourceId: '302', reason: 'money_invalid', field: 'HourlyBasePay', value: null });
  });

  it('leaves no trace when wages are not imported (M-25)', async () => {
    const rows = await mapList('PayRates', undefined, { settings: { ...settings, importWages: false } });
    expect(rows.every((row) => row.kind === 'record' && row.record.skip?.rule === 'connection.importWages')).toBe(true);
    expect(JSON.stringify(rows)).not.toMatch(/[1-9]\d{4,}/);
  });
});

describe('jobs', () => {
  it('carry organisation, people, service, price and dates of the opportunity', async () => {
    const rows = await mapList('Opportunities');
    expect(byId(recordsOf(rows, 'job'), '9009')).toEqual({
      entity: 'job',
      space: 'job',
      sourceId: '9009',
      sourceUpdatedAt: '2026-03-16T14:00:12.000Z',
      sourceCreatedAt: '2026-01-21T14:15:00.000Z',
      sourceStatus: 'Complete',
      fields: {
        name: 'Larch patio and seat wall',
        number: '4709',
        clientId: '809',
        propertyId: '709',
        branchId: '3',
        divisionId: '12',
        routeId: '22',
        managerId: '512',
        crewLeadId: '506',
        parentJobId: null,
        status: 'completed',
        recurring: false,
        serviceType: 'Construction',
        invoiceType: 'Fixed Price on Completion',
        startDate: '2026-03-02',
        endDate: '2026-03-13',
        completedAt: '2026-03-13T04:00:00.000Z',
        canceledAt: null,
        contractPriceCents: 2_450_000,
        customFields: {},
        sourceUrl: null,
      },
    });
    expect(recordsOf(rows, 'job').filter(({ fields }) => fields.recurring)).toHaveLength(8);
  });

  it('that are drafts or canceled are skipped on sight; a canceled one says so in its status (M-45, M-46)', async () => {
    const jobs = recordsOf(await mapList('Opportunities'), 'job');
    expect(byId(jobs, '9017')).toMatchObject({
      skip: { kind: 'ignored', code: 'draft', rule: 'built-in' },
      fields: { status: 'pending' },
    });
    expect(byId(jobs, '9016')).toMatchObject({
      skip: { kind: 'ignored', code: 'canceled', rule: 'built-in' },
      fields: { status: 'canceled', canceledAt: '2026-03-05T05:00:00.000Z' },
    });
  });

  it('of the warranty and the test kind are jobs like any other', async () => {
    const jobs = recordsOf(await mapList('Opportunities'), 'job');
    expect(byId(jobs, '9014').fields).toMatchObject({ serviceType: 'Warranty', invoiceType: 'No Charge', contractPriceCents: 0 });
    expect(byId(jobs, '9015').fields).toMatchObject({ name: 'TEST do not use', routeId: null, status: 'pending' });
  });

  it('count by stage and by the system name of the job status, whatever the tenant calls them (M-44, M-55)', async () => {
    const others = {
      Jobs: [
        { JobID: 1, OpportunityID: 9009, JobStatusID: 3 },
        { JobID: 2, OpportunityID: 9010, JobStatusID: 4 },
      ],
      JobStatuses: [
        { JobStatusID: 3, JobStatus: 'Complete' },
        { JobStatusID: 4, JobStatus: 'Canceled' },
      ],
    };
    const rows = [
      rowWith('Opportunities', 9009, { JobStatusName: 'Fertig', CompleteDate: null, OpportunityStatusName: 'Gewonnen' }),
      rowWith('Opportunities', 9010, { JobStatusName: 'Abgesagt' }),
      rowWith('Opportunities', 9011, { OpportunityStage: 'Lost' }),
      rowWith('Opportunities', 9012, { OpportunityStage: null, OpportunityStatus: 'Won' }),
    ];
    const statuses = recordsOf(await mapList('Opportunities', rows, {}, others), 'job').map(({ fields }) => fields.status);
    expect(statuses).toEqual(['completed', 'canceled', 'canceled', 'pending']);
  });

  it('in a stage nobody knows are quarantined until an admin maps it', async () => {
    const row = rowWith('Opportunities', 9010, { OpportunityStage: 'Parked', OpportunityStatusName: '5. Parked' });
    expect(rejectionOf((await mapList('Opportunities', [row]))[0])).toEqual({
      sourceId: '9010',
      reason: 'status_unmapped',
      field: 'OpportunityStage',
      value: 'Parked',
    });
    const mapped = await mapList('Opportunities', [row], { settings: { ...settings, statusMap: { '5. parked': 'pending' } } });
    expect(recordOf(mapped[0], 'job').fields.status).toBe('pending');
  });

  it('in a raw status the admin ignores are marked with that rule', async () => {
    const rows = await mapList('Opportunities', [rowWith('Opportunities', 9010, {})], {
      settings: { ...settings, ignoredStatuses: ['in process'] },
    });
    expect(recordOf(rows[0], 'job').skip).toEqual({
      kind: 'ignored',
      code: 'ignored_status',
      rule: 'connection.ignoredStatuses',
    });
  });

  it('finished before the import are out of scope, unless somebody asks for them by id (M-78)', async () => {
    const later = { settings: { ...settings, timeImportFrom: '2026-03-14' } };
    const rows = [rowWith('Opportunities', 9009, {})];
    expect(recordOf((await mapList('Opportunities', rows, later))[0], 'job').skip?.code).toBe('before_import_window');
    expect(recordOf((await mapList('Opportunities', rows, { ...later, byId: true }))[0], 'job').skip).toBeUndefined();
  });

  it('have a route and a service type only where their services agree, and a parent as change orders', async () => {
    const line = (id: number, ServiceID: number, RouteID: number, removed: number | null = null) => ({
      OpportunityServiceID: id,
      OpportunityID: 9009,
      ServiceID,
      OpportunityServiceRoutes: [{ RouteID }],
      RemovedOpportunityRevisionID: removed,
    });
    const others = { OpportunityServices: [line(1, 62, 22), line(2, 64, 23)], Services: rowsOf('Services') };
    const row = rowWith('Opportunities', 9009, { MasterOpportunityID: 9001 });
    const mixed = recordOf((await mapList('Opportunities', [row], {}, others))[0], 'job').fields;
    expect(mixed).toMatchObject({ serviceType: null, routeId: null, parentJobId: '9001' });
    const revised = { ...others, OpportunityServices: [line(1, 62, 22), line(2, 64, 23, 5)] };
    expect(recordOf((await mapList('Opportunities', [row], {}, revised))[0], 'job').fields).toMatchObject({
      serviceType: 'Construction',
      routeId: '22',
    });
  });

  it('bring their budget along, with the field it came from', async () => {
    const rows = await mapList('Opportunities', [
      rowWith('Opportunities', 9009, { WonDollars: null, EstimatedLaborCost: 5123.45 }),
    ]);
    expect(rows[0]?.kind === 'record' && rows[0].also).toMatchObject([
      {
        entity: 'budget_info',
        sourceId: 'opportunity:9009',
        fields: {
          jobId: '9009',
          milestoneId: null,
          budgetSeconds: 784_800,
          laborAmountCents: 512_345,
          contractPriceCents: 2_450_000,
          basis: 'Opportunity.EstimatedLaborHours',
        },
      },
    ]);
  });

  it('bring it also when skipped: whether it is wanted depends on what is mirrored already', async () => {
    const [canceled] = await mapList('Opportunities', [rowWith('Opportunities', 9016, {})]);
    expect(canceled?.kind === 'record' && canceled.also.map(({ sourceId }) => sourceId)).toEqual(['opportunity:9016']);
  });

  it('with money of more than two decimals are quarantined, never rounded (M-2)', async () => {
    const [row] = await mapList('Opportunities', [rowWith('Opportunities', 9009, { WonDollars: 19.995 })]);
    expect(rejectionOf(row)).toEqual({ sourceId: '9009', reason: 'money_invalid', field: 'WonDollars', value: '19.995' });
  });
});

describe('milestones', () => {
  it('take date and route from their visit, service and invoice type from their line', async () => {
    const tickets = recordsOf(await mapList('WorkTickets'), 'milestone');
    expect(byId(tickets, '88013')).toMatchObject({
      sourceStatus: 'Pending Approval',
      fields: {
        jobId: '9003',
        name: 'Lawn Maintenance – Hillcrest Dental',
        number: '15013',
        kind: 'ticket',
        status: 'completed',
        review: 'pending_review',
        sequence: 3,
        scheduledDate: '2026-03-18',
        routeId: '21',
        serviceType: 'Maintenance',
        invoiceType: 'Fixed Price on Payment Schedule',
        timeAndMaterials: false,
      },
    });
    expect(byId(tickets, '88060').fields).toMatchObject({
      scheduledDate: '2026-04-06',
      routeId: null,
      status: 'pending',
      review: 'none',
      crewLeadId: '506',
    });
    expect(byId(tickets, '88056')).toMatchObject({ skip: { kind: 'ignored', code: 'canceled' }, fields: { status: 'canceled' } });
    const byEffort = tickets.filter(({ fields }) => fields.timeAndMaterials);
    expect(byEffort.map(({ fields }) => fields.jobId)).toEqual(['9018', '9018', '9019']);
  });

  it('move to the next visit, and to the latest when none is ahead (M-57)', async () => {
    const visits = [
      { WorkTicketVisitID: 1, WorkTicketID: 88001, RouteID: 21, ScheduledDate: '2026-03-18T00:00:00' },
      { WorkTicketVisitID: 2, WorkTicketID: 88001, RouteID: 22, ScheduledDate: '2026-03-24T00:00:00' },
      { WorkTicketVisitID: 3, WorkTicketID: 88001, RouteID: 23, ScheduledDate: '2026-03-30T00:00:00' },
    ];
    const on = async (today: string) => {
      const rows = await mapList('WorkTickets', [rowWith('WorkTickets', 88001, {})], { today }, { WorkTicketVisits: visits });
      const { scheduledDate, routeId } = recordOf(rows[0], 'milestone').fields;
      return [scheduledDate, routeId];
    };
    expect(await on('2026-03-18')).toEqual(['2026-03-18', '21']);
    expect(await on('2026-03-19')).toEqual(['2026-03-24', '22']);
    expect(await on('2026-04-02')).toEqual(['2026-03-30', '23']);
  });

  it('may go back from complete, and then neither finish nor wait for review', async () => {
    const [row] = await mapList('WorkTickets', [
      rowWith('WorkTickets', 88001, { WorkTicketStatusID: 2, WorkTicketStatus: 'Scheduled', WorkTicketStatusName: 'Scheduled' }),
    ]);
    expect(recordOf(row, 'milestone').fields).toMatchObject({ status: 'scheduled', review: 'none', completedAt: null });
  });

  it('read their status by system name, else by what its id meant before, and quarantine what is unknown (M-44)', async () => {
    const rows = [
      rowWith('WorkTickets', 88001, { WorkTicketStatusName: 'Erledigt' }),
      rowWith('WorkTickets', 88002, { WorkTicketStatus: null, WorkTicketStatusName: 'Erledigt' }),
      rowWith('WorkTickets', 88003, { WorkTicketStatus: 'Snowed in', WorkTicketStatusID: 9 }),
    ];
    const mapped = await mapList('WorkTickets', rows);
    expect(recordOf(mapped[0], 'milestone')).toMatchObject({ sourceStatus: 'Erledigt', fields: { status: 'completed' } });
    expect(recordOf(mapped[1], 'milestone').fields.status).toBe('completed');
    expect(rejectionOf(mapped[2])).toMatchObject({ reason: 'status_unmapped', value: 'Snowed in' });
  });

  it('take hours from HoursEst and never from HoursScheduled; no figure is no budget', async () => {
    const budget = async (changes: Record<string, unknown>, budgetSource = 'ticket_hours') => {
      const [row] = await mapList('WorkTickets', [rowWith('WorkTickets', 88001, changes)], {
        settings: { ...settings, budgetSource },
      });
      return row?.kind === 'record' ? row.also[0] : undefined;
    };
    expect(await budget({ HoursEst: 22.5 })).toMatchObject({
      sourceId: 'ticket:88001',
      fields: { jobId: '9001', milestoneId: '88001', budgetSeconds: 81_000, basis: 'WorkTicket.HoursEst' },
    });
    expect(await budget({ HoursEst: null, HoursScheduled: 8 })).toMatchObject({
      fields: { budgetSeconds: null, laborAmountCents: null, basis: 'WorkTicket.HoursEst' },
    });
    expect(await budget({ HoursEst: 1, HourCostEst: 40.5 }, 'ticket_labor')).toMatchObject({
      fields: { laborAmountCents: 4050, basis: 'WorkTicket.HourCostEst' },
    });
    expect(await budget({ HoursEst: 1, HourCostEst: null }, 'ticket_labor')).toMatchObject({
      fields: { basis: 'WorkTicket.HoursEst' },
    });
    expect(await budget({ HoursEst: null, HourCostEst: 40.5 })).toMatchObject({ fields: { basis: 'WorkTicket.HourCostEst' } });
  });

  it('go by their number where nothing else names them, and find their job through their line', async () => {
    const bare = {
      WorkTicketID: 5,
      WorkTicketNumber: 42.0,
      OpportunityID: null,
      OpportunityServiceID: 40001,
      WorkTicketStatus: 'Open',
    };
    expect(recordOf((await mapList('WorkTickets', [{ ...bare, OpportunityID: 1 }], {}, {}))[0], 'milestone').fields.name).toBe(
      'Ticket 42',
    );
    expect(recordOf((await mapList('WorkTickets', [bare]))[0], 'milestone').fields.jobId).toBe('9001');
    expect(rejectionOf((await mapList('WorkTickets', [bare], {}, {}))[0])).toMatchObject({
      reason: 'required_field_missing',
      field: 'OpportunityID',
    });
  });

  it('round a percentage that the source computed, and refuse one above 100', async () => {
    const percent = async (PercentComplete: number) =>
      (await mapList('WorkTickets', [rowWith('WorkTickets', 88001, { PercentComplete })]))[0];
    expect(recordOf(await percent(66.66666666666667), 'milestone').fields.percentBp).toBe(6667);
    expect(rejectionOf(await percent(100.1))).toMatchObject({ reason: 'value_out_of_range', field: 'PercentComplete' });
  });
});
