import { describe, expect, it } from 'vitest';
import { mapBudgetLines } from '#functions/sync/procore/map/budget-line.ts';
import type { MapContext } from '#functions/sync/procore/map/context.ts';
import { companyBranch, mapCrew, mapDepartment } from '#functions/sync/procore/map/organisation.ts';
import { mapProject, unpermittedProject } from '#functions/sync/procore/map/project.ts';
import { mapTimecard, type TimeJoins } from '#functions/sync/procore/map/timecard.ts';
import { mapPerson } from '#functions/sync/procore/map/worker.ts';
import { People } from '#functions/sync/procore/people.ts';
import { parseJsonExact } from '#kernel/decimal.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import { recordOf, rejectionOf } from '#test/support/mapped-rows.ts';
import { COMPANY, rowsOf, rowWith, settings, ZONE } from './procore-support.ts';

const PROJECT = 562949953400001;
const STAGES = new Map(rowsOf('project_stages').map((row) => [String(row.id), String(row.category)]));

function context(set: Partial<ConnectionSettings> = {}, byId = false): MapContext {
  return { settings: { ...settings, ...set }, companyId: COMPANY, zone: ZONE, today: '2026-03-20', byId };
}
const project = (changes: Record<string, unknown> = {}, set: Partial<ConnectionSettings> = {}): MappedRow =>
  mapProject(rowWith('projects', PROJECT, changes), context(set), STAGES, null);

describe('projects become jobs (M-67)', () => {
  it.each([
    ['pre_construction', true, 'pending', 'draft'],
    ['course_of_construction', true, 'in_progress', undefined],
    ['post_construction', true, 'in_progress', undefined],
    ['completed', true, 'completed', undefined],
    ['course_of_construction', false, 'completed', undefined],
    ['not_awarded', true, 'canceled', 'canceled'],
    ['canceled', false, 'canceled', 'canceled'],
    ['pre_construction', false, 'pending', 'draft'],
  ])('of stage category %s, active %s: %s', (category, active, status, skip) => {
    const row = rowWith('projects', PROJECT, { active, project_stage: { id: 99, name: 'Ours' } });
    const record = recordOf(mapProject(row, context(), new Map([['99', category]]), null), 'job');
    expect([record.fields.status, record.skip?.code]).toEqual([status, skip]);
  });

  it('of a stage that nobody knows are quarantined, until an admin maps it', () => {
    const stage = { id: 99, name: 'On hold' };
    expect(rejectionOf(project({ project_stage: stage }))).toMatchObject({ reason: 'status_unmapped', value: 'On hold' });
    const mapped = recordOf(project({ project_stage: stage }, { statusMap: { 'on hold': 'in_progress' } }), 'job');
    expect(mapped.fields.status).toBe('in_progress');
  });

  it('carry number, dates, price, branch and division', () => {
    const { fields, sourceUpdatedAt, sourceStatus } = recordOf(project(), 'job');
    expect(fields).toMatchObject({
      name: 'Maple Court Grounds 2026',
      number: '26-001',
      branchId: 'office:8101',
      divisionId: '8201',
      startDate: '2026-03-01',
      endDate: '2026-11-30',
      contractPriceCents: 2_880_000,
      serviceType: 'Lawn Maintenance',
      recurring: false,
    });
    expect([sourceUpdatedAt, sourceStatus]).toEqual(['2026-01-14T14:15:00.000Z', 'Course of Construction']);
  });

  it.each([
    ['28800.00', 2_880_000],
    [28800.1, 2_880_010],
  ])('read money written as %j', (total_value, cents) => {
    expect(recordOf(project({ total_value }), 'job').fields.contractPriceCents).toBe(cents);
  });

  it('refuse money with parts of a cent, and negative money', () => {
    expect(rejectionOf(project({ total_value: '19.995' })).reason).toBe('money_invalid');
    expect(rejectionOf(project({ total_value: -1 })).reason).toBe('value_out_of_range');
  });

  it('have a branch without office and region too (M-28), and no division where several departments claim them', () => {
    const branchOf = (changes: object, set: Partial<ConnectionSettings>) =>
      recordOf(project({ ...changes }, set), 'job').fields.branchId;
    expect(branchOf({ office: null }, { branchFrom: 'office' })).toBe('account:4210');
    expect(branchOf({}, { branchFrom: 'region' })).toBe('region:8301');
    expect(branchOf({}, { branchFrom: 'derived' })).toBe('account:4210');
    const departments = [
      { id: 8201, name: 'A' },
      { id: 8202, name: 'B' },
    ];
    expect(recordOf(project({ departments }), 'job').fields.divisionId).toBeNull();
    expect(recordOf(project({ departments: [{ name: 'Maintenance' }] }), 'job').fields.divisionId).toBe('name:Maintenance');
  });

  it('nobody has switched on are marked, also those whose status means nothing here (M-66)', () => {
    const off = { projectAllowList: [] };
    const skip = { kind: 'out_of_scope', code: 'project_not_enabled', rule: 'connection.projectAllowList' };
    expect(recordOf(project({}, off), 'job').skip).toEqual(skip);
    expect(recordOf(project({ project_stage: { id: 99, name: '?' } }, off), 'job').skip).toEqual(skip);
    expect(recordOf(unpermittedProject('7'), 'job').skip?.code).toBe('project_not_permitted');
  });

  it('that ended before the first import are marked, unless asked for by id (M-78)', () => {
    const row = rowWith('projects', PROJECT, { active: false, completion_date: '2026-02-27' });
    expect(recordOf(mapProject(row, context(), STAGES, null), 'job').skip?.code).toBe('before_import_window');
    expect(recordOf(mapProject(row, context({}, true), STAGES, null), 'job').skip).toBeUndefined();
  });

  it('keep custom fields with a use only (M-49)', () => {
    const custom_fields = {
      custom_field_1: { data_type: 'lov_entry', value: { id: 5, label: 'Internal' } },
      custom_field_2: { data_type: 'string', value: 'secret' },
      custom_field_3: { data_type: 'decimal', value: 12.5 },
    };
    const uses = { customFieldUses: { '1': 'exclusion', custom_field_3: 'exclusion', '2': 'ignore' } };
    const { fields } = recordOf(project({ custom_fields }, uses), 'job');
    expect(fields.customFields).toEqual({ '1': 'Internal', custom_field_3: '12.5' });
    expect(fields.serviceType).toBeNull();
  });

  it('name their crew where they have exactly one', () => {
    const crew = { crewKey: `${PROJECT}/5101`, leadId: '53' };
    const { fields } = recordOf(mapProject(rowWith('projects', PROJECT), context(), STAGES, crew), 'job');
    expect([fields.routeId, fields.crewLeadId]).toEqual([`${PROJECT}/5101`, '53']);
  });
});

describe('people become workers', () => {
  const people = new People(
    [...rowsOf('users'), ...rowsOf('users_inactive')],
    [...rowsOf('people'), ...rowsOf('people_inactive')],
  );

  it('by their party id, with e-mail and job title of the login', () => {
    const record = recordOf(mapPerson(rowWith('people', 562949953000053), people, true), 'worker');
    expect([record.sourceId, record.fields]).toMatchObject([
      '562949953000053',
      { displayName: 'Jordan Pike', email: 'jordan.pike@example.com', loginId: '910003', sourceActive: true, phone: null },
    ]);
  });

  it('without a login too, and inactive from the inactive list (M-69)', () => {
    expect(recordOf(mapPerson(rowWith('people', 562949953000054), people, true), 'worker').fields.loginId).toBeNull();
    expect(recordOf(mapPerson(rowsOf('people_inactive')[0], people, false), 'worker').fields.sourceActive).toBe(false);
  });

  it('only when they are employees', () => {
    const outsider = recordOf(mapPerson(rowWith('people', 562949953000052), people, true), 'worker');
    expect([outsider.skip?.code, outsider.fields.email]).toEqual(['not_an_employee', null]);
  });

  it('never two for one login: that conflict is quarantined', () => {
    const two = [
      { id: 1, first_name: 'A', is_employee: true, user_id: 9 },
      { id: 2, first_name: 'B', is_employee: true, user_id: 9 },
    ];
    const conflict = new People([], two);
    expect(two.map((row) => rejectionOf(mapPerson(row, conflict, true)).reason)).toEqual([
      'duplicate_identity',
      'duplicate_identity',
    ]);
    expect(conflict.personOf('9')).toBeNull();
  });

  it('are joined by the user where the person does not name it', () => {
    const joined = new People([{ id: 9, contact_id: 1, email_address: 'a@example.com' }], [{ id: 1, user_id: null }]);
    const row = { id: 1, first_name: 'A', last_name: 'B', is_employee: true, user_id: null };
    expect(recordOf(mapPerson(row, joined, true), 'worker').fields).toMatchObject({ loginId: '9', email: 'a@example.com' });
  });
});

describe('budget lines become milestones with their budget (M-67)', () => {
  const line = (changes: Record<string, unknown> = {}) => ({
    id: 1,
    unit_of_measure: 'hrs',
    quantity: 112.5,
    cost_code: { id: 61011, name: 'Lawn Maintenance', full_code: '01-100' },
    ...changes,
  });
  const budgetOf = (row: MappedRow | undefined) =>
    row?.kind === 'record' ? (row.also[0] as MappedRecord<'budget_info'>).fields : null;

  it('under the key of project, cost code and category', () => {
    const [plain, typed] = mapBudgetLines([line(), line({ id: 2, line_item_type_id: 7 })], '5', 'in_progress');
    expect(recordOf(plain, 'milestone').sourceId).toBe('5/procore:budget_line:cc:61011:cat:none');
    expect(recordOf(typed, 'milestone').sourceId).toBe('5/procore:budget_line:cc:61011:cat:7');
    expect(recordOf(plain, 'milestone').fields).toMatchObject({
      jobId: '5',
      name: 'Lawn Maintenance',
      number: '01-100',
      kind: 'cost_line',
      status: 'in_progress',
      review: 'none',
    });
    expect(budgetOf(plain)).toMatchObject({ milestoneId: '5/procore:budget_line:cc:61011:cat:none', budgetSeconds: 405_000 });
  });

  it('of hours, or of another unit', () => {
    const [row, ...more] = mapBudgetLines(
      [line(), line({ id: 2, unit_of_measure: 'sf', quantity: '1200.25' }), line({ id: 3 })],
      '5',
      'completed',
    );
    expect(more).toEqual([]);
    expect(budgetOf(row)).toMatchObject({ budgetSeconds: 810_000, quantityE4: 12_002_500 });
    expect(recordOf(row, 'milestone').fields).toMatchObject({ status: 'completed', review: 'pending_review' });
  });

  it('or are refused alone, under the line they are of', () => {
    const rows = mapBudgetLines([line({ quantity: '-1' }), line({ id: 8, cost_code: null }), null], '5', 'pending');
    expect(rows.map((row) => rejectionOf(row))).toMatchObject([
      { sourceId: '5/procore:budget_line:cc:61011:cat:none', reason: 'value_out_of_range', field: 'quantity' },
      { sourceId: '5/procore:production_quantity:8', reason: 'required_field_missing', field: 'cost_code' },
      { sourceId: null, reason: 'row_invalid' },
    ]);
  });
});

describe('timecards become time', () => {
  const LINE = `${PROJECT}/procore:budget_line:cc:61011:cat:none`;
  const joins: TimeJoins = { linesOf: () => new Set([LINE]), personOf: (login) => (login === '910003' ? '53' : null) };
  const card = (changes: Record<string, unknown> = {}, set: Partial<ConnectionSettings> = {}, known = joins): MappedRow =>
    mapTimecard(
      {
        id: 1,
        date: '2026-03-02',
        hours: '7.5',
        lunch_time: '30',
        time_in: '2026-03-02T13:00:00Z',
        time_out: '2026-03-02T21:00:00Z',
        in_progress: false,
        approval_status: 'pending',
        deleted_at: null,
        party: { id: 9912 },
        project: { id: PROJECT },
        cost_code: { id: 61011 },
        timecard_time_type: { id: 1, time_type: 'Regular Time' },
        updated_at: '2026-03-02T21:05:00Z',
        ...changes,
      },
      context(set),
      known,
    );

  it('with the hours that the row tells, less lunch, on the line of its cost code', () => {
    expect(recordOf(card(), 'time_entry').fields).toMatchObject({
      workerId: '9912',
      jobId: String(PROJECT),
      milestoneId: LINE,
      category: 'work',
      durationSeconds: 27_000,
      breakSeconds: 1_800,
      workDate: '2026-03-02',
      zone: ZONE,
      approvedAtSource: false,
      open: false,
    });
    expect(recordOf(card(), 'time_entry').warnings).toBeUndefined();
  });

  it('whose hours count where the times say otherwise, with a warning (M-33)', () => {
    const record = recordOf(card({ hours: '6.0' }), 'time_entry');
    expect([record.fields.durationSeconds, record.warnings]).toEqual([21_600, ['duration_mismatch']]);
  });

  it('of hours alone, also when only the start is known', () => {
    const alone = recordOf(card({ hours: '4.0', time_in: null, time_out: null }), 'time_entry').fields;
    expect([alone.durationSeconds, alone.start, alone.open, alone.workDate]).toEqual([14_400, null, false, '2026-03-02']);
    const started = recordOf(card({ hours: '4.0', time_out: null }), 'time_entry').fields;
    expect([started.durationSeconds, started.open]).toEqual([14_400, false]);
  });

  it.each(['', null, '0.0'])('that is running while it is in progress, its hours being %j', (hours) => {
    const fields = recordOf(card({ in_progress: true, hours, time_out: null }), 'time_entry').fields;
    expect([fields.open, fields.durationSeconds, fields.start]).toEqual([true, 0, '2026-03-02T13:00:00.000Z']);
  });

  it('or are refused: a day of 26 hours, negative hours, no hours at all, no worker', () => {
    const reason = (changes: Record<string, unknown>) => rejectionOf(card(changes)).reason;
    expect(reason({ hours: '26', time_in: null, time_out: null })).toBe('duration_out_of_range');
    expect(reason({ hours: '-1' })).toBe('value_out_of_range');
    expect(reason({ hours: 'eight' })).toBe('value_out_of_range');
    expect(reason({ hours: null, time_in: null, time_out: null })).toBe('required_field_missing');
    expect(reason({ party: null })).toBe('required_field_missing');
    expect(reason({ party: null, login_information: { id: 1 } })).toBe('unlinked_reference');
    expect(reason({ date: '2126-03-02' })).toBe('value_out_of_range');
    expect(reason({ time_out: 'yesterday' })).toBe('time_invalid');
  });

  it('of the person behind the login where the row names no party', () => {
    expect(recordOf(card({ party: null, login_information: { id: 910003 } }), 'time_entry').fields.workerId).toBe('53');
  });

  it('as drive time or leave by the time type, by name or id', () => {
    const travel = { timecard_time_type: { id: 3, time_type: 'Travel' }, crew: { id: 5101 } };
    expect(recordOf(card(travel), 'drive_time').fields).toMatchObject({ basis: 'time_type', routeId: `${PROJECT}/5101` });
    expect(recordOf(card(travel, { timeTypeMap: {} }), 'time_entry').fields.category).toBe('work');
    expect(recordOf(card(travel, { timeTypeMap: { '3': 'leave' } }), 'time_entry').fields.category).toBe('leave');
  });

  it('on the project alone where its cost code has no budget, on the line without category where budgets have none', () => {
    expect(recordOf(card({ cost_code: { id: 1 } }), 'time_entry').fields.milestoneId).toBeNull();
    expect(recordOf(card({ line_item_type_id: 7 }), 'time_entry').fields.milestoneId).toBe(LINE);
    const unknown = { ...joins, linesOf: () => null };
    expect(recordOf(card({ cost_code: { id: 1 } }, {}, unknown), 'time_entry').fields.milestoneId).toBe(
      `${PROJECT}/procore:budget_line:cc:1:cat:none`,
    );
  });

  it('of a project that is not switched on without a line, of no project without both (M-36)', () => {
    const off = recordOf(card({}, { projectAllowList: [] }), 'time_entry').fields;
    expect([off.jobId, off.milestoneId]).toEqual([String(PROJECT), null]);
    const none = recordOf(card({ project: null }), 'time_entry').fields;
    expect([none.jobId, none.milestoneId]).toEqual([null, null]);
  });

  it('that are gone when the source says so, whatever else the row holds (M-102 c)', () => {
    const gone = recordOf(card({ deleted_at: '2026-03-23T13:40:00Z', hours: '', time_out: 'x' }), 'time_entry');
    expect([gone.tombstone, gone.sourceUpdatedAt]).toEqual(['feed', '2026-03-23T13:40:00.000Z']);
  });

  it.each([
    ['approved', true, null],
    ['Reviewed', false, null],
    ['completed', true, true],
    ['whatever', null, null],
  ])('approved as %s', (approval_status, approved, locked) => {
    const record = recordOf(card({ approval_status }), 'time_entry');
    expect([record.fields.approvedAtSource, record.fields.lockedAtSource, record.sourceStatus]).toEqual([
      approved,
      locked,
      approval_status,
    ]);
  });

  it('keep every digit of their ids', () => {
    const raw = parseJsonExact(
      '{"id":18446744073709551615,"date":"2026-03-02","hours":"1","party":{"id":9223372036854775807},"project":{"id":"9007199254740993"},"cost_code":null}',
    );
    const record = recordOf(mapTimecard(raw, context(), joins), 'time_entry');
    expect([record.sourceId, record.fields.workerId, record.fields.jobId]).toEqual([
      '18446744073709551615',
      '9223372036854775807',
      '9007199254740993',
    ]);
  });
});

describe('the organisation', () => {
  it('has one branch for the company, whatever else it has', () => {
    expect(recordOf(companyBranch(context(), 'Fernhill'), 'branch')).toMatchObject({
      sourceId: 'account:4210',
      fields: { name: 'Fernhill', derived: true, active: true },
    });
  });

  it('has departments by id, else by name', () => {
    expect(recordOf(mapDepartment({ id: 8201, name: 'Maintenance' }), 'division').sourceId).toBe('8201');
    expect(recordOf(mapDepartment({ name: ' Maintenance ' }), 'division').sourceId).toBe('name:Maintenance');
    expect(rejectionOf(mapDepartment({ id: null })).reason).toBe('id_missing');
  });

  it('has crews under their project', () => {
    const crew = recordOf(mapCrew(rowsOf('crews')[0], String(PROJECT)), 'route');
    expect([crew.sourceId, crew.fields.name, crew.fields.memberIds.length]).toEqual([`${PROJECT}/5101`, 'Mow North', 3]);
  });
});

describe('no row of whatever kind brings the mapping down', () => {
  const values: readonly unknown[] = [
    undefined,
    null,
    '',
    'x',
    '9'.repeat(600),
    -1,
    1e308,
    Number.NaN,
    true,
    [],
    {},
    { id: {} },
    '\ud800',
    'a\u0000b',
  ];
  const maps: readonly [string, (row: unknown) => readonly MappedRow[]][] = [
    ['projects', (row) => [mapProject(row, context(), STAGES, null)]],
    ['people', (row) => [mapPerson(row, new People([row], [row]), true)]],
    ['crews', (row) => [mapCrew(row, '5')]],
    ['budgeted_production_quantities', (row) => mapBudgetLines([row], '5', 'pending')],
    ['timecard_entries', (row) => [mapTimecard(row, context(), { linesOf: () => null, personOf: () => null })]],
    ['departments', (row) => [mapDepartment(row)]],
  ];
  it.each(maps)('%s', (list, map) => {
    const [sample] = rowsOf(list);
    for (const field of Object.keys(sample!)) {
      for (const value of values) {
        for (const row of map({ ...sample, [field]: value })) {
          if (row.kind === 'rejected') expect(row.rejected.reason).toMatch(/^[a-z_]+$/);
          else expect(row.record.sourceId).not.toBe('');
        }
      }
    }
    for (const value of values) expect(map(value).every((row) => row.kind === 'rejected')).toBe(true);
  });
});

it('no private value of a row leaves the mapping (M-25)', () => {
  const people = new People(rowsOf('users'), rowsOf('people'));
  const rows = [
    ...rowsOf('people').map((row) => mapPerson(row, people, true)),
    ...rowsOf('projects').map((row) => mapProject(row, context(), STAGES, null)),
    ...rowsOf('crews').map((row) => mapCrew(row, '5')),
  ];
  expect(JSON.stringify(rowsOf('users'))).toContain('DO-NOT-STORE');
  expect(JSON.stringify(rows)).not.toContain('DO-NOT-STORE');
});
