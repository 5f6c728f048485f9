import { describe, expect, it } from 'vitest';
import { mapTimeSheetEntry } from '#functions/sync/jobber/map/time.ts';
import { recordOf, rejectionOf } from '#test/support/mapped-rows.ts';
import { context, gid, rowsOf, rowWith, settings } from './jobber-support.ts';

const NOTABLE = { open: 90406, midnight: 90262, drive: 90002 };
const WORK = 90217;
const entry = (n: number, changes = {}, changed = {}) =>
  mapTimeSheetEntry(rowWith('timeSheetEntries', 'TimeSheetEntry', n, changes), context(changed));

describe('time sheet entries', () => {
  it('give a record for every recorded row, with the hours of the company', () => {
    const mapped = rowsOf('timeSheetEntries').map((row) => mapTimeSheetEntry(row, context()));
    expect(mapped.every(({ kind }) => kind === 'record')).toBe(true);
    const seconds = mapped.map((row) =>
      row.kind === 'record' && 'durationSeconds' in row.record.fields ? row.record.fields.durationSeconds : 0,
    );
    expect(seconds.reduce((sum, one) => sum + one, 0)).toBe(890.15 * 3600);
    const kinds = mapped.map((row) => (row.kind === 'record' ? row.record.entity : null));
    expect(kinds.filter((one) => one === 'drive_time')).toHaveLength(82);
    expect(kinds.filter((one) => one === 'time_entry')).toHaveLength(233);
  });

  it('map field by field (M-27)', () => {
    const record = recordOf(entry(WORK), 'time_entry');
    expect(record).toMatchObject({ space: 'time', sourceId: gid('TimeSheetEntry', WORK), sourceStatus: null });
    const row = rowWith('timeSheetEntries', 'TimeSheetEntry', WORK);
    expect(record.fields).toEqual({
      workerId: gid('User', 4),
      jobId: gid('Job', 403),
      milestoneId: gid('Visit', 3012),
      start: '2026-03-11T16:30:00.000Z',
      end: new Date(String(row.endAt)).toISOString(),
      workDate: '2026-03-11',
      zone: 'America/New_York',
      durationSeconds: row.finalDuration,
      open: false,
      category: 'work',
      breakSeconds: 0,
      warranty: false,
      sourceOvertimeSeconds: null,
      approvedAtSource: true,
      lockedAtSource: false,
    });
  });

  it('never hold a wage or a note, though the rows have them (M-25)', () => {
    const text = JSON.stringify(entry(WORK, { note: 'gate code 1234', labourRate: 31.77 }));
    expect(text).not.toContain('1234');
    expect(text).not.toContain('31.77');
  });

  it('that run are open, count nothing and have no end (M-34)', () => {
    expect(recordOf(entry(NOTABLE.open), 'time_entry').fields).toMatchObject({ open: true, durationSeconds: 0, end: null });
    const odd = { ticking: true, endAt: '2026-03-20T17:00:00Z', finalDuration: 1800 };
    expect(recordOf(entry(NOTABLE.open, odd), 'time_entry').fields).toMatchObject({ open: true, durationSeconds: 0, end: null });
    const silent = { ticking: null, finalDuration: null };
    expect(recordOf(entry(NOTABLE.open, silent), 'time_entry').fields).toMatchObject({ open: true, durationSeconds: 0 });
  });

  it('that were stopped keep the reported seconds, also where the end is not told (M-33)', () => {
    const stopped = { ticking: false, endAt: null, finalDuration: 5400 };
    expect(recordOf(entry(NOTABLE.open, stopped), 'time_entry').fields).toMatchObject({
      open: false,
      durationSeconds: 5400,
      start: '2026-03-20T16:30:00.000Z',
      end: null,
    });
    const unreported = { finalDuration: null };
    const { start, end, durationSeconds } = recordOf(entry(WORK, unreported), 'time_entry').fields;
    expect(durationSeconds).toBe((Date.parse(end!) - Date.parse(start!)) / 1000);
  });

  it('whose seconds differ from their span keep what is reported and say so (M-33)', () => {
    const reported = recordOf(entry(WORK, { finalDuration: 60 }), 'time_entry');
    expect(reported.fields.durationSeconds).toBe(60);
    expect(reported.warnings).toEqual(['duration_mismatch']);
  });

  it.each([
    ['over 25 hours', { finalDuration: 90_001 }, 'duration_out_of_range'],
    ['negative', { finalDuration: -1 }, 'duration_out_of_range'],
    ['a fraction', { finalDuration: 1.5 }, 'type_invalid'],
    ['text', { finalDuration: '5400' }, 'type_invalid'],
    ['absurd', { finalDuration: 1e308 }, 'duration_out_of_range'],
  ])('with %s seconds are quarantined (M-39)', (_name, changes, reason) => {
    expect(rejectionOf(entry(WORK, changes))).toMatchObject({ reason, field: 'finalDuration' });
  });

  it('with an end before the start, without a start or without a worker are quarantined', () => {
    expect(rejectionOf(entry(WORK, { endAt: '2026-03-11T10:00:00Z' }))).toMatchObject({ reason: 'time_invalid', field: 'endAt' });
    expect(rejectionOf(entry(WORK, { startAt: null }))).toMatchObject({ reason: 'required_field_missing', field: 'startAt' });
    expect(rejectionOf(entry(WORK, { user: null }))).toMatchObject({ reason: 'required_field_missing', field: 'user' });
  });

  it('over 16 hours are told', () => {
    const long = { startAt: '2026-03-11T10:00:00Z', endAt: '2026-03-12T03:00:00Z', finalDuration: 17 * 3600 };
    expect(recordOf(entry(WORK, long), 'time_entry').warnings).toEqual(['long_entry']);
  });

  it('across midnight belong to the day they began, where the company works (M-35)', () => {
    const { fields } = recordOf(entry(NOTABLE.midnight), 'time_entry');
    expect(fields.workDate).toBe('2026-03-12');
    expect(fields.end! > '2026-03-13T04:00:00.000Z').toBe(true);
    expect(recordOf(entry(NOTABLE.midnight, {}, { zone: 'Pacific/Auckland' }), 'time_entry').fields.workDate).toBe('2026-03-13');
  });

  it('in the night of the change of clocks count what was worked (I7)', () => {
    for (const id of [90144, 90146]) {
      const { start, end, durationSeconds, workDate } = recordOf(entry(id), 'time_entry').fields;
      expect(workDate).toBe('2026-03-08');
      expect(durationSeconds).toBe((Date.parse(end!) - Date.parse(start!)) / 1000);
    }
  });

  it('before the import are out of scope, also when asked for by id (M-78)', () => {
    const early = { settings: { ...settings, timeImportFrom: '2026-03-12' }, byId: true };
    expect(recordOf(entry(WORK, {}, early), 'time_entry').skip).toMatchObject({ code: 'before_import_window' });
  });

  it('paid at the source are locked there', () => {
    expect(recordOf(entry(WORK, { paidBy: { id: gid('User', 12) } }), 'time_entry').fields.lockedAtSource).toBe(true);
    expect(recordOf(entry(WORK, { approved: null }), 'time_entry').fields.approvedAtSource).toBeNull();
  });
});

describe('the label of an entry', () => {
  it('makes it drive time under the same id (M-38)', () => {
    const record = recordOf(entry(NOTABLE.drive), 'drive_time');
    expect(record).toMatchObject({
      space: 'time',
      fields: { basis: 'label', jobId: gid('Job', 401), routeId: null, durationSeconds: 1500 },
    });
    expect(recordOf(entry(NOTABLE.drive, { label: ' drive TIME ' }), 'drive_time').space).toBe('time');
    expect(recordOf(entry(NOTABLE.drive, { label: 'Mowing' }), 'time_entry').space).toBe('time');
  });

  it('counts as the tenant says', () => {
    const changed = {
      settings: { ...settings, driveLabels: ['Travel'], payCodeMap: { Lunch: 'break_unpaid', Sick: 'leave', Haul: 'drive' } },
    };
    expect(entry(WORK, { label: 'Drive time' }, changed)).toMatchObject({
      record: { entity: 'time_entry', fields: { category: 'work' } },
    });
    expect(entry(WORK, { label: 'travel' }, changed)).toMatchObject({ record: { entity: 'drive_time' } });
    expect(entry(WORK, { label: 'Haul' }, changed)).toMatchObject({ record: { entity: 'drive_time' } });
    expect(entry(WORK, { label: 'lunch' }, changed)).toMatchObject({ record: { fields: { category: 'break_unpaid' } } });
    expect(entry(WORK, { label: 'SICK' }, changed)).toMatchObject({ record: { fields: { category: 'leave' } } });
  });

  it('missing, on neither job nor visit, leaves shop time', () => {
    const general = { job: null, visit: null };
    expect(recordOf(entry(WORK, general), 'time_entry').fields).toMatchObject({
      category: 'shop',
      jobId: null,
      milestoneId: null,
    });
    expect(recordOf(entry(WORK, { job: null }), 'time_entry').fields.category).toBe('work');
  });
});
