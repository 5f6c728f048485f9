import { describe, expect, it } from 'vitest';
import type { ListName } from '#functions/sync/aspire/lists.ts';
import { recordOf, recordsOf, rejectionOf } from '#test/support/mapped-rows.ts';
import { everything, mapList, rowWith, settings, ZONE } from './aspire-support.ts';

const time = async (
  id: number,
  changes: Record<string, unknown> = {},
  more: Parameters<typeof mapList>[2] = {},
  others = everything,
) => (await mapList('WorkTicketTimes', [rowWith('WorkTicketTimes', id, changes)], more, others))[0];
const entry = async (...args: Parameters<typeof time>) => recordOf(await time(...args), 'time_entry');

describe('time entries of the recording', () => {
  it('read local times in the branch zone and keep the reported hours (M-33, M-35)', async () => {
    expect(await entry(120108)).toEqual({
      entity: 'time_entry',
      space: 'time',
      sourceId: '120108',
      sourceUpdatedAt: '2026-03-11T19:01:01.000Z',
      sourceCreatedAt: '2026-03-11T11:25:03.000Z',
      sourceStatus: null,
      fields: {
        workerId: '504',
        jobId: null,
        milestoneId: '88012',
        start: '2026-03-11T11:25:00.000Z',
        end: '2026-03-11T19:00:00.000Z',
        workDate: '2026-03-11',
        zone: ZONE,
        durationSeconds: 25_500,
        open: false,
        category: 'work',
        breakSeconds: 1800,
        warranty: false,
        sourceOvertimeSeconds: 0,
        approvedAtSource: false,
        lockedAtSource: false,
      },
    });
  });

  it('show the running clock as open with no duration (M-34), also where the field is missing', async () => {
    const running = { open: true, durationSeconds: 0, start: '2026-03-20T16:30:00.000Z', end: null, workDate: '2026-03-20' };
    expect((await entry(120203)).fields).toMatchObject(running);
    const { EndTime: _, ...absent } = rowWith('WorkTicketTimes', 120203, {});
    expect(recordOf((await mapList('WorkTicketTimes', [absent]))[0], 'time_entry').fields).toMatchObject(running);
  });

  it('keep one entry across midnight whole, on the source’s own date', async () => {
    expect((await entry(120131)).fields).toMatchObject({
      start: '2026-03-13T00:00:00.000Z',
      end: '2026-03-13T05:30:00.000Z',
      workDate: '2026-03-12',
      durationSeconds: 19_800,
    });
  });

  it('count three hours between one and five on the night the clocks go forward', async () => {
    for (const id of [120072, 120073]) {
      const { fields, warnings } = await entry(id);
      expect(fields).toMatchObject({
        start: '2026-03-08T06:00:00.000Z',
        end: '2026-03-08T09:00:00.000Z',
        durationSeconds: 10_800,
      });
      expect(warnings).toBeUndefined();
    }
  });

  it('keep time on a canceled job: the worker’s hours count (M-36)', async () => {
    expect((await entry(120041)).fields).toMatchObject({ milestoneId: '88056', durationSeconds: 3600 });
    expect((await entry(120041)).skip).toBeUndefined();
  });

  it('keep the entry typed in by hand like any other', async () => {
    expect((await entry(120089)).fields).toMatchObject({ durationSeconds: 14_400, open: false });
  });
});

describe('instants and zones', () => {
  it('take the second occurrence of an autumn hour when the first would end before the start (M-35)', async () => {
    const row = {
      WorkTicketTimeDate: '2026-11-01T00:00:00',
      StartTime: '2026-11-01T01:45:00',
      EndTime: '2026-11-01T01:15:00',
      Hours: 0.5,
      BreakTime: 0,
    };
    expect((await entry(120089, row)).fields).toMatchObject({
      start: '2026-11-01T05:45:00.000Z',
      end: '2026-11-01T06:15:00.000Z',
    });
  });

  it('let an offset win over every zone', async () => {
    const row = { StartTime: '2026-03-09T08:00:00+02:00', EndTime: '2026-03-09T10:00:00Z' };
    expect((await entry(120089, row)).fields).toMatchObject({
      start: '2026-03-09T06:00:00.000Z',
      end: '2026-03-09T10:00:00.000Z',
    });
  });

  it('take the zone from the row, else the branch, else the tenant; Windows and IANA names alike (M-57)', async () => {
    const zoneOf = async (name: string | null, others: Partial<Record<ListName, readonly unknown[]>>) =>
      (await entry(120089, { BranchTimeZone: name }, { zone: 'America/Denver' }, others)).fields.zone;
    expect(await zoneOf('Pacific Standard Time', {})).toBe('America/Los_Angeles');
    expect(await zoneOf('America/Phoenix', {})).toBe('America/Phoenix');
    expect(await zoneOf('Nowhere Time', everything)).toBe(ZONE);
    expect(await zoneOf(null, {})).toBe('America/Denver');
  });

  it('use the local date of the start when the source gives none', async () => {
    const fields = (await entry(120131, { WorkTicketTimeDate: null })).fields;
    expect(fields.workDate).toBe('2026-03-12');
  });
});

describe('durations', () => {
  it('that differ from the times by more than a minute stay and are told (M-33)', async () => {
    const longer = await entry(120089, { Hours: 4.1 });
    expect(longer).toMatchObject({ warnings: ['duration_mismatch'], fields: { durationSeconds: 14_760 } });
    expect((await entry(120089, { Hours: 4.01 })).warnings).toBeUndefined();
  });

  it('are computed from the times only where nothing is reported', async () => {
    expect((await entry(120089, { Hours: null, BreakTime: 0.5 })).fields).toMatchObject({
      durationSeconds: 12_600,
      breakSeconds: 1800,
    });
  });

  it('above 16 hours are told, above 25 hours quarantined, negative ones too (M-39)', async () => {
    const untimed = { StartTime: null, EndTime: null };
    expect((await entry(120089, { ...untimed, Hours: 25 })).warnings).toEqual(['long_entry']);
    expect(rejectionOf(await time(120089, { ...untimed, Hours: 25.001 }))).toMatchObject({
      reason: 'duration_out_of_range',
      field: 'Hours',
    });
    expect(rejectionOf(await time(120089, { ...untimed, Hours: -1 }))).toMatchObject({
      reason: 'value_out_of_range',
      field: 'Hours',
    });
    expect(rejectionOf(await time(120089, { ...untimed, Hours: null }))).toMatchObject({ reason: 'required_field_missing' });
  });

  it('with an end before the start are quarantined', async () => {
    expect(rejectionOf(await time(120089, { EndTime: '2026-03-09T07:00:00' }))).toMatchObject({
      reason: 'time_invalid',
      field: 'EndTime',
    });
    expect(rejectionOf(await time(120089, { StartTime: 'yesterday' }))).toMatchObject({
      reason: 'time_invalid',
      field: 'StartTime',
    });
    expect(rejectionOf(await time(120089, { WorkTicketTimeDate: '1999-12-31T00:00:00' }))).toMatchObject({
      reason: 'value_out_of_range',
    });
  });
});

describe('what the hours are', () => {
  const categoryOf = async (payCodeMap: Record<string, string>, changes: Record<string, unknown> = {}) => {
    const row = await time(120001, changes, { settings: { ...settings, payCodeMap } });
    if (row?.kind !== 'record') throw new Error('rejected');
    const { record } = row;
    return record.entity === 'time_entry'
      ? recordOf(row, 'time_entry').fields.category
      : `drive:${recordOf(row, 'drive_time').fields.basis}`;
  };

  it('is said by the pay code map, by code, name or id, whatever its case', async () => {
    expect(await categoryOf({ drv: 'drive' })).toBe('drive:pay_code');
    expect(await categoryOf({ ' Drive time': 'drive' })).toBe('drive:pay_code');
    expect(await categoryOf({ '3': 'leave' })).toBe('leave');
    expect(await categoryOf({})).toBe('work');
    expect(await categoryOf({ constructor: 'drive', DRV: 'nonsense' })).toBe('work');
  });

  it('is driving where the source distributed it', async () => {
    expect(await categoryOf({}, { DistributedTime: true })).toBe('drive:flag');
  });

  it('is shop in an indirect division, unless the pay code says otherwise (M-57)', async () => {
    const Divisions = [{ DivisionID: 11, DivisionName: 'Overhead', Indirect: true }];
    const others = { ...everything, Divisions };
    const row = rowWith('WorkTicketTimes', 120001, {});
    const category = async (payCodeMap: Record<string, string>) =>
      recordOf((await mapList('WorkTicketTimes', [row], { settings: { ...settings, payCodeMap } }, others))[0], 'time_entry')
        .fields.category;
    expect(await category({})).toBe('shop');
    expect(await category({ DRV: 'work' })).toBe('work');
  });

  it('keeps the route of driving', async () => {
    expect(recordOf(await time(120001), 'drive_time').fields).toMatchObject({
      routeId: '21',
      milestoneId: '88001',
      durationSeconds: 1500,
    });
  });
});

describe('shifts', () => {
  it('are time of category shift in a space of their own (M-37)', async () => {
    const shifts = recordsOf(await mapList('ClockTimes'), 'time_entry');
    expect(shifts).toHaveLength(119);
    expect(shifts[0]).toMatchObject({
      space: 'shift',
      sourceId: '150001',
      fields: {
        category: 'shift',
        workerId: '503',
        start: '2026-03-02T12:00:00.000Z',
        durationSeconds: 28_500,
        breakSeconds: 1800,
        milestoneId: null,
      },
    });
    expect(shifts.filter(({ fields }) => fields.open).map(({ sourceId }) => sourceId)).toEqual(['150119']);
  });

  it('keep the time of the worker’s branch where branches differ', async () => {
    const Branches = [
      { BranchID: 3, BranchName: 'A', TimeZone: 'Pacific Standard Time' },
      { BranchID: 4, BranchName: 'B', TimeZone: 'Eastern Standard Time' },
    ];
    const rows = await mapList('ClockTimes', [rowWith('ClockTimes', 150001, {})], {}, { ...everything, Branches });
    expect(recordOf(rows[0], 'time_entry').fields).toMatchObject({
      zone: 'America/Los_Angeles',
      start: '2026-03-02T15:00:00.000Z',
    });
  });

  it('need a start', async () => {
    expect(rejectionOf((await mapList('ClockTimes', [rowWith('ClockTimes', 150001, { ClockStart: null })]))[0])).toMatchObject({
      reason: 'required_field_missing',
      field: 'ClockStart',
    });
  });
});

it('time before the import date is out of scope, shifts alike (M-78)', async () => {
  const later = { settings: { ...settings, timeImportFrom: '2026-03-10' } };
  expect((await entry(120089, {}, later)).skip?.code).toBe('before_import_window');
  const [shift] = await mapList('ClockTimes', [rowWith('ClockTimes', 150001, {})], later);
  expect(recordOf(shift, 'time_entry').skip?.code).toBe('before_import_window');
});
