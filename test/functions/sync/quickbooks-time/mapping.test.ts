import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { offline } from '#functions/sync/quickbooks-time/offline.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import { recordOf, rejectionOf } from '#test/support/mapped-rows.ts';
import { DRIVE_CODE, dataset, mapList, mapOne, rowsOf, rowWith, type Wire } from './quickbooks-time-support.ts';

const time = async (changes: Wire, changed: Partial<ConnectionSettings> = {}) =>
  recordOf(await mapOne('timesheets', rowWith('timesheets', 135281081, changes), changed), 'time_entry');

describe('people', () => {
  it('keep what M-27 names and nothing private', async () => {
    const { fields } = recordOf(await mapOne('users', rowWith('users', 7100033)), 'worker');
    expect(fields).toEqual({
      displayName: 'Jordan P.',
      firstName: 'Jordan',
      lastName: 'Pike',
      email: 'jordan.pike@example.com',
      phone: null,
      employeeNumber: '1003',
      payrollId: 'P1003',
      branchId: 'account:4711',
      divisionId: null,
      sourceActive: true,
      sourceRole: null,
      hireDate: '2019-03-11',
      terminationDate: null,
      loginId: null,
    });
    expect(JSON.stringify(await mapList('users'))).not.toContain('DO-NOT-STORE');
  });

  it('are named by first and last name where they have no name of their own; 0, "" and 0000-00-00 are nothing', async () => {
    const { fields } = recordOf(await mapOne('users', rowWith('users', 7100022)), 'worker');
    expect(fields).toMatchObject({ displayName: 'Robin Ashdown', employeeNumber: null, payrollId: null, hireDate: null });
    const nobody = rowWith('users', 7100022, { first_name: '', last_name: ' ' });
    expect(rejectionOf(await mapOne('users', nobody))).toMatchObject({ reason: 'required_field_missing', value: null });
  });

  it('belong to their group where groups are branches', async () => {
    const row = rowWith('users', 7100033);
    expect(recordOf(await mapOne('users', row, { branchFrom: 'group' }), 'worker').fields.branchId).toBe('64101');
    const none = { ...row, group_id: 0 };
    expect(recordOf(await mapOne('users', none, { branchFrom: 'group' }), 'worker').fields.branchId).toBe('account:4711');
  });

  it('bring their hourly rate exactly; unset, yearly and too fine ones are no wage', async () => {
    const wage = async (changes: Wire) => (await mapOne('users', rowWith('users', 7100033, changes)))!;
    const rates = async (changes: Wire) => {
      const row = await wage(changes);
      return row.kind === 'record' ? row.also.map(({ fields }) => (fields as { rateE4: number }).rateE4) : null;
    };
    expect(await rates({})).toEqual([275_000]);
    expect(await rates({ pay_rate: '21.1234' })).toEqual([211_234]);
    expect(await rates({ pay_rate: 0 })).toEqual([]);
    expect(await rates({ pay_rate: 93_600, pay_interval: 'year' })).toEqual([]);
    expect(await rates({ pay_rate: '21.12345' })).toEqual([]);
  });
});

describe('jobcodes', () => {
  it('are jobs at the top and milestones below, with what the mapped fields say', async () => {
    const job = recordOf(await mapOne('jobcodes', rowWith('jobcodes', 17600118)), 'job');
    expect(job.fields).toMatchObject({
      name: 'Larch patio and seat wall',
      number: 'J09',
      branchId: '3880001',
      status: 'completed',
      recurring: false,
      serviceType: 'Hardscape',
      startDate: '2026-03-02',
      endDate: '2026-03-13',
      completedAt: '2026-03-13T04:00:00.000Z',
      customFields: { 650102: 'Construction' },
    });
    const milestone = recordOf(await mapOne('jobcodes', rowWith('jobcodes', 17601082)), 'milestone');
    expect(milestone.fields).toMatchObject({ jobId: '17600118', kind: 'task', status: 'in_progress', review: 'none' });
    expect(recordOf(await mapOne('jobcodes', rowWith('jobcodes', 17600102)), 'job').fields.recurring).toBe(true);
  });

  it('bring their budget from the mapped field, else from the estimate of their project', async () => {
    const budget = async (changed: Partial<ConnectionSettings>) => {
      const row = await mapOne('jobcodes', rowWith('jobcodes', 17600118), changed);
      return row.kind === 'record' ? row.also[0]?.fields : null;
    };
    expect(await budget({})).toMatchObject({ budgetSeconds: 784_800, basis: 'customfield:650105', jobId: '17600118' });
    expect(await budget({ customFieldUses: {} })).toMatchObject({ budgetSeconds: 784_800, basis: 'project_estimate' });
  });

  it.each([
    ['decimal_hours', '12.5', 45_000],
    ['decimal_hours', '12:30', null],
    ['hh_mm', '112:30', 405_000],
    ['hh_mm', '12.5', null],
    ['seconds', '45000', 45_000],
    ['seconds', '12:30', null],
    ['decimal_hours', '12,5', null],
  ])('read a budget in %s from %j as %s seconds; a budget in another form is put aside alone', async (format, value, seconds) => {
    const row = rowWith('jobcodes', 17600118, { customfields: { 650105: value } });
    const mapped = await mapOne('jobcodes', row, { budgetTimeFormat: format });
    expect(recordOf(mapped, 'job').sourceId).toBe('17600118');
    if (mapped.kind !== 'record') throw new Error('unreachable');
    if (seconds !== null) expect(mapped.also[0]?.fields).toMatchObject({ budgetSeconds: seconds });
    else
      expect(mapped).toMatchObject({
        also: [],
        refused: [{ entity: 'budget_info', sourceId: 'jobcode:17600118', reason: 'time_format_mismatch', value }],
      });
  });

  it('of leave and breaks are never jobs; deeper ones roll up, and say so', async () => {
    const skip = async (row: Wire, changed: Partial<ConnectionSettings> = {}, others = dataset.endpoints) =>
      recordOf(await mapOne('jobcodes', row, changed, others), 'job').skip;
    expect(await skip(rowWith('jobcodes', 17600094))).toEqual({ kind: 'out_of_scope', code: 'type_not_read', rule: 'built-in' });
    expect(await skip(rowWith('jobcodes', Number(DRIVE_CODE)))).toMatchObject({ rule: 'connection.jobcodeMap' });
    const deep = rowWith('jobcodes', 17601082, { id: 5, parent_id: 17601082 });
    expect(await skip(deep)).toEqual({ kind: 'out_of_scope', code: 'jobcode_ignored', rule: 'connection.jobcodeLevels' });
  });

  it('are clients at the top where the levels say so', async () => {
    const levels = { jobcodeLevels: 'client>job>milestone' };
    recordOf(await mapOne('jobcodes', rowWith('jobcodes', 17600118), levels), 'client');
    expect(recordOf(await mapOne('jobcodes', rowWith('jobcodes', 17601082), levels), 'job').fields.clientId).toBe('17600118');
  });

  it('follow the state of their project, else their own', async () => {
    const status = async (id: number) => recordOf(await mapOne('jobcodes', rowWith('jobcodes', id)), 'job').fields.status;
    expect(await status(17600102)).toBe('in_progress');
    expect(await status(17600134)).toBe('pending');
    const archived = rowWith('jobcodes', 17600102, { active: false, last_modified: '2026-03-19T10:00:00+00:00' });
    expect(recordOf(await mapOne('jobcodes', archived), 'job').fields).toMatchObject({ status: 'completed', completedAt: null });
    const long = { ...archived, last_modified: '2026-02-01T10:00:00+00:00' };
    expect(recordOf(await mapOne('jobcodes', long), 'job').skip?.code).toBe('before_import_window');
    const projects = [{ ...rowWith('projects', 527009), status: 'paused' }];
    expect(
      rejectionOf(await mapOne('jobcodes', rowWith('jobcodes', 17600118), {}, { ...dataset.endpoints, projects })),
    ).toMatchObject({
      reason: 'status_unmapped',
      value: 'paused',
    });
  });
});

describe('timesheets', () => {
  it('take instants from the offsets, the day from the source, the job from the jobcode', async () => {
    const { fields } = await time({ start: '2026-03-08T01:30:00-0500', end: '2026-03-08T03:30:00-04:00', duration: 3_600 });
    expect(fields).toMatchObject({
      workerId: '7100044',
      start: '2026-03-08T06:30:00.000Z',
      end: '2026-03-08T07:30:00.000Z',
      workDate: '2026-03-11',
      zone: 'America/New_York',
      durationSeconds: 3_600,
      category: 'work',
      lockedAtSource: expect.any(Boolean),
    });
  });

  it('entered by hand count by date and duration, also where times stand beside them', async () => {
    const manual = rowWith('timesheets', 135280890, { start: '2026-03-09T00:00:00+00:00', end: '2026-03-09T01:00:00+00:00' });
    const { fields, warnings } = recordOf(await mapOne('timesheets', manual), 'time_entry');
    expect(fields).toMatchObject({ start: null, end: null, workDate: '2026-03-09', durationSeconds: 14_400 });
    expect(warnings).toBeUndefined();
  });

  it('that run count nothing, whatever their duration says', async () => {
    const running = await time({ end: '', on_the_clock: true, duration: 9_999 });
    expect(running.fields).toMatchObject({ open: true, end: null, durationSeconds: 0 });
    expect((await time({ end: '', on_the_clock: false })).fields.open).toBe(true);
  });

  it.each([
    [17600091, 'leave'],
    [17600094, 'break_unpaid'],
  ])('on jobcode %i are %s and no job’s', async (jobcode_id, category) => {
    expect((await time({ jobcode_id })).fields).toMatchObject({ category, jobId: null, milestoneId: null });
  });

  it('on a paid break code are paid breaks', async () => {
    const jobcodes = [...rowsOf('jobcodes'), rowWith('jobcodes', 17600094, { id: 9, type: 'paid_break' })];
    const row = rowWith('timesheets', 135281081, { jobcode_id: 9 });
    expect(recordOf(await mapOne('timesheets', row, {}, { ...dataset.endpoints, jobcodes }), 'time_entry').fields.category).toBe(
      'break_paid',
    );
  });

  it('on an overhead code are shop time, on an ignored one outside, on a deeper one at the node above', async () => {
    const overhead = await time({ jobcode_id: 17601104 }, { jobcodeMap: { 17600126: 'overhead' } });
    expect(overhead.fields).toMatchObject({ category: 'shop', jobId: null });
    const ignored = await time({ jobcode_id: 17601104 }, { jobcodeMap: { 17600126: 'ignore' } });
    expect(ignored.fields).toMatchObject({ category: 'work', jobId: '17601104', milestoneId: null });
    const jobcodes = [...rowsOf('jobcodes'), rowWith('jobcodes', 17601082, { id: 5, parent_id: 17601082 })];
    const deep = await mapOne(
      'timesheets',
      rowWith('timesheets', 135281081, { jobcode_id: 5 }),
      {},
      { ...dataset.endpoints, jobcodes },
    );
    expect(recordOf(deep, 'time_entry').fields).toMatchObject({ jobId: '17600118', milestoneId: '17601082' });
  });

  it('on a jobcode with settings of its own follow those', async () => {
    const own = { jobcodeSettings: { 17601024: { overhead: true }, 17601076: { category: 'leave' } } };
    expect((await time({ jobcode_id: 17601024 }, own)).fields.category).toBe('shop');
    expect((await time({ jobcode_id: 17601076 }, own)).fields.category).toBe('leave');
  });

  it.each([
    [{ duration: -1 }, 'duration_out_of_range'],
    [{ duration: 90_001 }, 'duration_out_of_range'],
    [{ duration: '1.5' }, 'type_invalid'],
    [{ end: '2026-03-11T01:00:00-04:00' }, 'time_invalid'],
    [{ start: 'yesterday' }, 'time_invalid'],
    [{ date: '2199-01-01' }, 'value_out_of_range'],
    [{ user_id: 0 }, 'required_field_missing'],
    [{ user_id: { id: 1 } }, 'type_invalid'],
    [{ on_the_clock: 'perhaps' }, 'type_invalid'],
  ])('with %j are put aside: %s', async (changes, reason) => {
    expect(rejectionOf(await mapOne('timesheets', rowWith('timesheets', 135281081, changes))).reason).toBe(reason);
  });

  it('that are long or do not add up are told', async () => {
    const long = await time({ start: '2026-03-11T00:00:00-04:00', end: '2026-03-11T17:00:00-04:00', duration: 61_200 });
    expect(long.warnings).toEqual(['long_entry']);
    expect((await time({ duration: 5_400 + 61 })).warnings).toEqual(['duration_mismatch']);
  });

  it('that are deleted are tombstones, also where nothing but their id can be read', async () => {
    const [gone] = await mapList('timesheets_deleted');
    expect(recordOf(gone, 'time_entry')).toMatchObject({ sourceId: '135290001', tombstone: 'feed' });
    const broken = await mapOne('timesheets_deleted', { id: 7, user_id: null, last_modified: '2026-03-04T12:10:00+00:00' });
    expect(recordOf(broken, 'time_entry')).toMatchObject({
      sourceId: '7',
      tombstone: 'feed',
      sourceUpdatedAt: '2026-03-04T12:10:00.000Z',
    });
  });
});

it('maps scalars in any of the forms of the vendor’s examples alike', async () => {
  const drifted = (row: Wire): Wire =>
    Object.fromEntries(
      Object.entries(row).map(([field, value]) => [
        field,
        typeof value === 'number'
          ? String(value)
          : typeof value === 'string'
            ? value.replace(/([+-]\d\d):(\d\d)$/, '$1$2')
            : value,
      ]),
    );
  for (const list of ['users', 'jobcodes', 'timesheets'])
    expect(await mapList(list, rowsOf(list).map(drifted)), list).toEqual(await mapList(list));
});

it('keeps digits beyond 2^53 and gives reasons for rows that are none', async () => {
  const text = '[{"id":9007199254740993123,"first_name":"A","last_name":"B"},null,7,[],{},{"id":null}]';
  const rows = await offline.map('users', text, { zone: 'UTC', importWages: false, now: '2026-03-20T20:00:00.000Z' });
  expect(rows?.map((row) => (row.kind === 'record' ? row.record.sourceId : row.rejected.reason))).toEqual([
    '9007199254740993123',
    'row_invalid',
    'row_invalid',
    'row_invalid',
    'id_missing',
    'id_missing',
  ]);
});

it('gives a record or a reason for every row of the recorded company', async () => {
  const recorded = readFileSync(new URL('../../../../functions/sync/quickbooks-time/fake/dataset.json', import.meta.url), 'utf8');
  for (const list of offline.lists) {
    const rows = await offline.map(list, recorded, { zone: 'UTC', importWages: true, now: '2026-03-20T20:00:00.000Z' });
    expect(rows?.length, list).toBe(rowsOf(list).length);
    expect(rows?.filter((row) => row.kind === 'rejected')).toEqual([]);
  }
});
