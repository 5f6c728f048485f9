import { describe, expect, it } from 'vitest';
import { mapClient, mapProperty } from '#functions/sync/jobber/map/client.ts';
import { mapJob } from '#functions/sync/jobber/map/job.ts';
import { mapVisit } from '#functions/sync/jobber/map/milestone.ts';
import { mapAccount } from '#functions/sync/jobber/map/organisation.ts';
import { mapUser } from '#functions/sync/jobber/map/worker.ts';
import { recordOf, rejectionOf } from '#test/support/mapped-rows.ts';
import { context, dataset, gid, rowsOf, rowWith, settings } from './jobber-support.ts';

const job = (n: number, changes = {}, changed = {}) => mapJob(rowWith('jobs', 'Job', n, changes), context(changed));
const visit = (n: number, changes = {}, changed = {}) => mapVisit(rowWith('visits', 'Visit', n, changes), context(changed));
const user = (n: number, changes = {}) => mapUser(rowWith('users', 'User', n, changes), context());

describe('every recorded row', () => {
  it('gives a record, and nothing that was marked never to be stored', () => {
    const mapped = [
      ...rowsOf('account').map(mapAccount),
      ...rowsOf('clients').map(mapClient),
      ...rowsOf('properties').map(mapProperty),
      ...rowsOf('users').map((row) => mapUser(row, context())),
      ...rowsOf('jobs').map((row) => mapJob(row, context())),
      ...rowsOf('visits').map((row) => mapVisit(row, context())),
    ];
    expect(mapped.filter(({ kind }) => kind !== 'record')).toEqual([]);
    expect(JSON.stringify(dataset)).toContain('DO-NOT-STORE');
    expect(JSON.stringify(mapped)).not.toContain('DO-NOT-STORE');
  });
});

describe('a job', () => {
  it('maps field by field (M-27, M-59)', () => {
    const id = gid('Job', 409);
    const row = job(409);
    expect(recordOf(row, 'job')).toEqual({
      entity: 'job',
      space: 'job',
      sourceId: id,
      sourceUpdatedAt: '2026-03-16T14:00:12.000Z',
      sourceCreatedAt: '2026-01-21T14:15:00.000Z',
      sourceStatus: 'requires_invoicing',
      fields: {
        name: 'Larch patio and seat wall',
        number: '9',
        clientId: gid('Client', 109),
        propertyId: gid('Property', 209),
        branchId: 'account:A1',
        divisionId: null,
        routeId: null,
        managerId: null,
        crewLeadId: null,
        parentJobId: null,
        status: 'completed',
        recurring: false,
        serviceType: null,
        invoiceType: 'FIXED_PRICE',
        startDate: '2026-03-02',
        endDate: '2026-03-13',
        completedAt: '2026-03-16T14:00:12.000Z',
        canceledAt: null,
        contractPriceCents: 2_450_000,
        customFields: {},
        sourceUrl: 'https://secure.getjobber.com/work_orders/409',
      },
    });
  });

  it.each([
    ['unscheduled', 'pending'],
    ['upcoming', 'pending'],
    ['today', 'in_progress'],
    ['late', 'in_progress'],
    ['active', 'in_progress'],
    ['action_required', 'in_progress'],
    ['on_hold', 'in_progress'],
    ['expiring_within_30_days', 'in_progress'],
    ['requires_invoicing', 'completed'],
    ['archived', 'completed'],
  ])('in status %s is %s (M-59)', (jobStatus, status) => {
    const record = recordOf(job(409, { jobStatus }), 'job');
    expect(record.fields.status).toBe(status);
    expect(record.fields.completedAt).toBe(status === 'completed' ? '2026-03-16T14:00:12.000Z' : null);
    expect(record.sourceStatus).toBe(jobStatus);
  });

  it.each(['UPCOMING', 'quoted', '', null])(
    'in the unknown status %s is quarantined until an admin maps it (M-44)',
    (jobStatus) => {
      expect(rejectionOf(job(409, { jobStatus }))).toMatchObject({ reason: 'status_unmapped', field: 'jobStatus' });
    },
  );

  it('takes what an admin mapped a status to, and is not mirrored as draft or canceled (M-45)', () => {
    const statusMap = { quoted: 'draft', lost: 'canceled', paused: 'in_progress' };
    const mapped = (jobStatus: string) => recordOf(job(401, { jobStatus }, { settings: { ...settings, statusMap } }), 'job');
    expect(mapped('quoted').skip).toEqual({ kind: 'ignored', code: 'draft', rule: 'built-in' });
    expect(mapped('lost')).toMatchObject({ skip: { code: 'canceled' }, fields: { status: 'canceled' } });
    expect(mapped('paused')).toMatchObject({ fields: { status: 'in_progress' } });
    expect(mapped('paused').skip).toBeUndefined();
  });

  it('is skipped in a status that the tenant ignores, and once finished before the import, unless asked for by id (M-45, M-78)', () => {
    const ignoring = { settings: { ...settings, ignoredStatuses: [' On_Hold '] } };
    expect(recordOf(job(401, { jobStatus: 'on_hold' }, ignoring), 'job').skip).toMatchObject({ code: 'ignored_status' });
    const old = { jobStatus: 'archived', completedAt: '2026-02-28T23:00:00Z' };
    expect(recordOf(job(409, old), 'job').skip).toMatchObject({ code: 'before_import_window' });
    expect(recordOf(job(409, old, { byId: true }), 'job').skip).toBeUndefined();
    expect(recordOf(job(409, { ...old, completedAt: '2026-03-01T05:00:00Z' }), 'job').skip).toBeUndefined();
    expect(recordOf(job(409, { ...old, completedAt: null }), 'job').skip).toBeUndefined();
  });

  it('is the same whatever day its calendar status is read on, as far as the map goes (M-59)', () => {
    const { sourceStatus: _upcoming, ...one } = recordOf(job(401, { jobStatus: 'today' }), 'job');
    const { sourceStatus: _late, ...other } = recordOf(job(401, { jobStatus: 'late' }), 'job');
    expect(one).toEqual(other);
  });

  it('recurs by its type', () => {
    expect(recordOf(job(401), 'job').fields.recurring).toBe(true);
    expect(recordOf(job(409), 'job').fields.recurring).toBe(false);
    expect(recordOf(job(409, { jobType: null }), 'job').fields.recurring).toBe(false);
    expect(rejectionOf(job(409, { jobType: 'SOMETIMES' }))).toMatchObject({ reason: 'enum_unknown', field: 'jobType' });
  });

  it('is named by its number without a title, and must have one of them', () => {
    expect(recordOf(job(409, { title: null }), 'job').fields.name).toBe('Job 9');
    expect(recordOf(job(409, { title: '  ' }), 'job').fields.name).toBe('Job 9');
    expect(rejectionOf(job(409, { title: null, jobNumber: null }))).toMatchObject({ reason: 'required_field_missing' });
  });

  it('stands with every optional field null, and needs an id (section 7: every field may be missing)', () => {
    const bare = { id: 'J', jobStatus: 'active', jobNumber: 5 };
    const { fields } = recordOf(mapJob(bare, context()), 'job');
    expect(fields).toMatchObject({ clientId: null, propertyId: null, startDate: null, endDate: null, contractPriceCents: null });
    const nulls = Object.fromEntries(Object.keys(rowsOf('jobs')[0]!).map((name) => [name, null]));
    expect(recordOf(mapJob({ ...nulls, ...bare }, context()), 'job').fields).toEqual(fields);
    expect(rejectionOf(mapJob({ ...bare, id: null }, context()))).toMatchObject({ reason: 'id_missing', sourceId: null });
    expect(rejectionOf(mapJob({ ...bare, id: 'x'.repeat(257) }, context()))).toMatchObject({ reason: 'id_too_long' });
    for (const raw of [null, 7, 'job', [], true])
      expect(rejectionOf(mapJob(raw, context()))).toMatchObject({ reason: 'row_invalid' });
  });

  it.each([
    ['more decimals than the currency has', 19.995, 'money_invalid'],
    ['a negative price', -1, 'value_out_of_range'],
    ['a price beyond all bounds', 1e308, 'value_out_of_range'],
    ['a price as text', '24500.0', 'type_invalid'],
  ])('%s is quarantined, never rounded (M-2, M-39)', (_name, total, reason) => {
    expect(rejectionOf(job(409, { total }))).toMatchObject({ reason, field: 'total' });
  });

  it('links to its page only over https', () => {
    expect(recordOf(job(409, { jobberWebUri: 'javascript:alert(1)' }), 'job').fields.sourceUrl).toBeNull();
  });

  it('keeps ids byte for byte (A-38)', () => {
    for (const id of ['ABC=', 'abc=', ' x ', 'é'])
      expect(recordOf(job(409, { id, client: { id } }), 'job')).toMatchObject({ sourceId: id, fields: { clientId: id } });
  });

  it('has its days in the zone of the company, on both sides of a change of clocks', () => {
    const days = (startAt: string, endAt: string, zone?: string) => {
      const { startDate, endDate } = recordOf(job(409, { startAt, endAt }, zone === undefined ? {} : { zone }), 'job').fields;
      return [startDate, endDate];
    };
    expect(days('2026-03-01T05:00:00Z', '2026-12-01T04:59:00Z')).toEqual(['2026-03-01', '2026-11-30']);
    expect(days('2026-07-01T04:00:00Z', '2026-07-02T03:59:00Z')).toEqual(['2026-07-01', '2026-07-01']);
    expect(days('2026-03-01T05:00:00Z', '2026-12-01T04:59:00Z', 'America/Los_Angeles')).toEqual(['2026-02-28', '2026-11-30']);
    expect(rejectionOf(job(409, { startAt: 'next week' }))).toMatchObject({ reason: 'time_invalid', field: 'startAt' });
    expect(rejectionOf(job(409, { startAt: '1999-01-01T00:00:00Z' }))).toMatchObject({ reason: 'value_out_of_range' });
  });
});

describe('the budget of a job', () => {
  const withFields = (customFields: unknown, changed: object) => {
    const row = job(409, { customFields }, { settings: { ...settings, ...changed } });
    if (row.kind !== 'record') return row;
    return { kind: 'record' as const, record: row.also[0]!, also: [] };
  };
  const field = (label: string, value: object) => ({ id: `cf-${label}`, label, ...value });
  const hours = (value: object, budgetTimeFormat: string | undefined) =>
    withFields([field('Hours', value)], {
      customFieldUses: { Hours: 'hours_budget' },
      ...(budgetTimeFormat === undefined ? {} : { budgetTimeFormat }),
    });

  it('is the contract price, of which a setting gives labour its share (M-50)', () => {
    const row = job(409);
    if (row.kind !== 'record') throw new Error('no job');
    expect(row.also).toHaveLength(1);
    expect(row.also[0]).toMatchObject({
      entity: 'budget_info',
      sourceId: `job:${gid('Job', 409)}`,
      fields: {
        jobId: gid('Job', 409),
        milestoneId: null,
        contractPriceCents: 2_450_000,
        budgetSeconds: null,
        basis: 'Job.total',
      },
    });
  });

  it.each([
    ['decimal_hours', { valueNumeric: 12.5 }, 45_000],
    ['decimal_hours', { valueText: ' 0.1 ' }, 360],
    ['hh_mm', { valueText: '12:30' }, 45_000],
    ['seconds', { valueNumeric: 5400 }, 5_400],
    ['seconds', { valueText: '5400' }, 5_400],
  ])('is read from a custom field in %s (M-60)', (format, value, budgetSeconds) => {
    const basis = 'Job.customFields:Hours';
    expect(recordOf(hours(value, format), 'budget_info').fields).toMatchObject({ budgetSeconds, basis });
  });

  it.each([
    ['decimal_hours', { valueText: '12:30' }],
    ['hh_mm', { valueText: '12.5' }],
    ['hh_mm', { valueText: '12:75' }],
    ['hh_mm', { valueNumeric: 12 }],
    ['seconds', { valueText: '1.5' }],
    [undefined, { valueNumeric: 12 }],
  ])('in another format than %s is quarantined, no silent number (A-8)', (format, value) => {
    expect(rejectionOf(hours(value, format))).toMatchObject({ reason: 'time_format_mismatch', field: 'Hours' });
  });

  it('is nothing where the field is empty, and negative hours are refused', () => {
    expect(recordOf(hours({ valueText: ' ' }, 'hh_mm'), 'budget_info').fields.budgetSeconds).toBeNull();
    expect(
      recordOf(withFields(null, { customFieldUses: { Hours: 'hours_budget' } }), 'budget_info').fields.budgetSeconds,
    ).toBeNull();
    expect(rejectionOf(hours({ valueNumeric: -1 }, 'decimal_hours'))).toMatchObject({ reason: 'value_out_of_range' });
  });

  it('finds a field by id before its name, and gives each its one use (M-49)', () => {
    const fields = [
      field('Labor', { valueNumeric: 1200.5 }),
      field('Kind', { valueDropdown: 'Warranty' }),
      field('Service', { valueText: 'Mowing' }),
      field('Secret', { valueText: 'not mirrored' }),
      field('Internal', { valueTrueFalse: true }),
    ];
    const customFieldUses = {
      'cf-Labor': 'labor_budget',
      kind: 'exclusion',
      Service: 'service_type',
      Secret: 'ignore',
      Internal: 'exclusion',
      Gone: 'exclusion',
    };
    const row = job(409, { customFields: fields }, { settings: { ...settings, customFieldUses } });
    expect(recordOf(row, 'job').fields).toMatchObject({
      serviceType: 'Mowing',
      customFields: { kind: 'Warranty', Internal: 'true' },
    });
    if (row.kind !== 'record') throw new Error('no job');
    expect(row.also[0]?.fields).toMatchObject({ laborAmountCents: 120_050, basis: 'Job.customFields:cf-Labor' });
    expect(JSON.stringify(row)).not.toContain('not mirrored');
  });
});

describe('a visit', () => {
  it('maps field by field (M-27, M-59)', () => {
    expect(recordOf(visit(3001), 'milestone')).toEqual({
      entity: 'milestone',
      space: 'milestone',
      sourceId: gid('Visit', 3001),
      sourceUpdatedAt: null,
      sourceCreatedAt: '2026-01-14T14:15:00.000Z',
      sourceStatus: 'COMPLETED',
      fields: {
        jobId: gid('Job', 401),
        name: 'Maple Court Grounds 2026 - Visit 1',
        number: null,
        kind: 'visit',
        status: 'completed',
        review: 'pending_review',
        sequence: null,
        scheduledDate: '2026-03-02',
        scheduledStart: '2026-03-02T12:00:00.000Z',
        scheduledEnd: '2026-03-02T20:30:00.000Z',
        completedAt: '2026-03-02T20:30:00.000Z',
        routeId: null,
        crewLeadId: null,
        assignedIds: [gid('User', 3), gid('User', 4), gid('User', 5)].sort(),
        serviceType: null,
        invoiceType: null,
        percentBp: null,
        timeAndMaterials: false,
      },
    });
  });

  it.each([
    ['UNSCHEDULED', 'pending', 'none'],
    ['UPCOMING', 'scheduled', 'none'],
    ['TODAY', 'scheduled', 'none'],
    ['LATE', 'scheduled', 'none'],
    ['ACTIVE', 'scheduled', 'none'],
    ['COMPLETED', 'completed', 'pending_review'],
  ])('in status %s is %s (M-32, M-59)', (visitStatus, status, review) => {
    const { fields } = recordOf(visit(3001, { visitStatus }), 'milestone');
    expect(fields).toMatchObject({ status, review });
    expect(fields.completedAt === null).toBe(status !== 'completed');
  });

  it.each(['completed', 'SKIPPED', null])('in the unknown status %s is quarantined (M-44)', (visitStatus) => {
    expect(rejectionOf(visit(3001, { visitStatus }))).toMatchObject({ reason: 'status_unmapped', field: 'visitStatus' });
  });

  it('without a start has no day; all day long it has a day and no times', () => {
    const unscheduled = { startAt: null, endAt: null, visitStatus: 'UNSCHEDULED', title: null };
    expect(recordOf(visit(3001, unscheduled), 'milestone').fields).toMatchObject({
      scheduledDate: null,
      scheduledStart: null,
      name: 'Visit without a date',
    });
    const allDay = { startAt: '2026-03-09T04:00:00Z', endAt: '2026-03-10T03:59:00Z', allDay: true };
    expect(recordOf(visit(3001, allDay), 'milestone').fields).toMatchObject({
      scheduledDate: '2026-03-09',
      scheduledStart: null,
      scheduledEnd: null,
    });
  });

  it('needs its job, and an end not before its start', () => {
    expect(rejectionOf(visit(3001, { job: null }))).toMatchObject({ reason: 'required_field_missing', field: 'job' });
    expect(rejectionOf(visit(3001, { job: { id: null } }))).toMatchObject({ reason: 'required_field_missing', field: 'job' });
    expect(rejectionOf(visit(3001, { endAt: '2026-03-01T00:00:00Z' }))).toMatchObject({ reason: 'time_invalid', field: 'endAt' });
  });

  it('names the people assigned once each, in an order of its own (A-24)', () => {
    const nodes = [5, 3, 5].map((n) => ({ id: gid('User', n) }));
    const people = (list: unknown) => recordOf(visit(3001, { assignedUsers: list }), 'milestone').fields.assignedIds;
    expect(people({ nodes })).toEqual([gid('User', 3), gid('User', 5)].sort());
    expect(people({ nodes: [...nodes].reverse() })).toEqual(people({ nodes }));
    expect(people(null)).toEqual([]);
    expect(people({ nodes: null })).toEqual([]);
    expect(rejectionOf(visit(3001, { assignedUsers: { nodes: [{ id: null }] } }))).toMatchObject({ field: 'assignedUsers' });
  });

  it('done before the import is skipped, one still to do is not (M-78)', () => {
    expect(recordOf(visit(3001, { completedAt: '2026-02-27T12:00:00Z' }), 'milestone').skip).toMatchObject({
      code: 'before_import_window',
    });
    const late = { startAt: '2025-11-01T12:00:00Z', endAt: null, visitStatus: 'LATE' };
    expect(recordOf(visit(3001, late), 'milestone').skip).toBeUndefined();
  });
});

describe('a user', () => {
  it('maps field by field, without phone and wage (M-25, M-58)', () => {
    expect(recordOf(user(3), 'worker').fields).toEqual({
      displayName: 'Jordan Pike',
      firstName: 'Jordan',
      lastName: 'Pike',
      email: 'jordan.pike@example.com',
      phone: null,
      employeeNumber: null,
      payrollId: null,
      branchId: 'account:A1',
      divisionId: null,
      sourceActive: true,
      sourceRole: null,
      hireDate: null,
      terminationDate: null,
      loginId: null,
    });
  });

  it.each([
    ['ACTIVATED', true],
    ['NOT_INVITED', true],
    ['SEND_INVITE', true],
    ['RESEND_INVITE', true],
    [null, true],
    ['DEACTIVATED', false],
  ])('in status %s is active: %s', (status, active) => {
    expect(recordOf(user(3, { status }), 'worker').fields.sourceActive).toBe(active);
  });

  it('in an unknown status is quarantined', () => {
    expect(rejectionOf(user(3, { status: 'LOCKED' }))).toMatchObject({ reason: 'status_unmapped', field: 'status' });
  });

  it('needs an id and a name and nothing else (M-100)', () => {
    const { fields } = recordOf(mapUser({ id: 'U', name: { first: 'Zoë' } }, context()), 'worker');
    expect(fields).toMatchObject({ displayName: 'Zoë', email: null, sourceActive: true });
    expect(
      recordOf(mapUser({ id: 'U', name: { full: ' ', first: 'A', last: 'B' } }, context()), 'worker').fields.displayName,
    ).toBe('A B');
    for (const name of [null, {}, { first: ' ', last: '', full: null }])
      expect(rejectionOf(mapUser({ id: 'U', name, email: { raw: 'x@example.com' } }, context()))).toMatchObject({
        reason: 'required_field_missing',
        value: null,
      });
  });
});

describe('clients and properties', () => {
  it('a client keeps its name and whether it is archived, and no address', () => {
    const row = rowWith('clients', 'Client', 101);
    expect(recordOf(mapClient(row), 'client').fields).toEqual({
      kind: 'client',
      name: 'Maple Court HOA',
      number: null,
      parentId: null,
      line1: null,
      city: null,
      region: null,
      postalCode: null,
      country: null,
      active: true,
    });
    expect(recordOf(mapClient({ ...row, isArchived: true }), 'client').fields.active).toBe(false);
  });

  it('a client without a name goes by its company, else its person', () => {
    const nameOf = (row: object) => recordOf(mapClient({ id: 'C', ...row }), 'client').fields.name;
    expect(nameOf({ name: '', companyName: 'Oak Ltd' })).toBe('Oak Ltd');
    expect(nameOf({ firstName: 'Ann', lastName: 'Lee' })).toBe('Ann Lee');
    expect(rejectionOf(mapClient({ id: 'C' }))).toMatchObject({ reason: 'required_field_missing', field: 'name' });
  });

  it('a property hangs on its client in a space of its own, and goes by its street', () => {
    const record = recordOf(mapProperty(rowWith('properties', 'Property', 201)), 'client');
    expect(record).toMatchObject({
      space: 'property',
      fields: {
        kind: 'property',
        name: '12 Maple Ct',
        line1: '12 Maple Ct',
        city: 'Riverton',
        region: 'NY',
        parentId: gid('Client', 101),
      },
    });
    const place = { id: 'P', address: { city: 'Riverton' } };
    expect(recordOf(mapProperty(place), 'client').fields.name).toBe('Riverton');
    expect(recordOf(mapProperty({ ...place, name: 'Yard' }), 'client').fields.name).toBe('Yard');
    expect(rejectionOf(mapProperty({ id: 'P', address: null }))).toMatchObject({ reason: 'required_field_missing' });
  });
});
