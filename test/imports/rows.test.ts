import { describe, expect, it } from 'vitest';
import type { Profile } from '#imports/profile.ts';
import { canonicalProfile } from '#imports/shipped.ts';
import { type Imported, importFile } from './importing.ts';

/** Time entries with some of their locale and rules changed. */
function times(locale: Partial<Profile['locale']> = {}, more: Partial<Profile> = {}): Profile {
  const base = canonicalProfile('time_entries');
  return { ...base, ...more, locale: { ...base.locale, ...locale } };
}

const codes = ({ reports }: Imported) => reports.map(({ severity, code }) => `${severity} ${code}`);
const lines = (...rows: string[]) => `${rows.join('\n')}\n`;

describe('a row of time', () => {
  const HEADER = 'id,worker_id,job_id,date,start,end,hours,break_hours,kind';
  const one = async (row: string, profile: Profile = times()) => importFile(lines(HEADER, row), profile);

  it('becomes a time entry in whole seconds, hours before clock times', async () => {
    const { records, reports } = await one('t1,w1,j1,2026-03-02,07:00,15:30,8.0,0.5,');
    expect(reports).toEqual([]);
    expect(records).toEqual([
      {
        entity: 'time_entry',
        space: 'time',
        sourceId: 't1',
        sourceUpdatedAt: null,
        sourceCreatedAt: null,
        sourceStatus: null,
        fields: {
          workerId: 'w1',
          jobId: 'j1',
          milestoneId: null,
          start: '2026-03-02T12:00:00.000Z',
          end: '2026-03-02T20:30:00.000Z',
          workDate: '2026-03-02',
          zone: 'America/New_York',
          durationSeconds: 28_800,
          open: false,
          category: 'work',
          breakSeconds: 1_800,
          warranty: false,
          sourceOvertimeSeconds: null,
          approvedAtSource: null,
          lockedAtSource: null,
        },
      },
    ]);
  });

  it('may have hours alone or times alone, and nothing else', async () => {
    expect((await one('t,w,,2026-03-02,,,7.5,,')).records[0]?.fields).toMatchObject({ start: null, durationSeconds: 27_000 });
    expect((await one('t,w,,2026-03-02,07:00,15:30,,0.5,')).records[0]?.fields).toMatchObject({ durationSeconds: 28_800 });
    expect(codes(await one('t,w,,2026-03-02,07:00,,,,'))).toEqual(['error MISSING_VALUE']);
    expect(codes(await one('t,w,,2026-03-02,,,,,'))).toEqual(['error MISSING_VALUE']);
  });

  it('tells of hours that differ from the times by more than a minute; the hours count unless the profile says otherwise', async () => {
    const row = 't,w,,2026-03-02,07:00,15:00,7.5,0,';
    const told = await one(row);
    expect(codes(told)).toEqual(['warning HOURS_MISMATCH']);
    expect(told.records[0]).toMatchObject({ warnings: ['duration_mismatch'], fields: { durationSeconds: 27_000 } });
    const byTimes = await one(row, times({}, { duration: 'times' }));
    expect(byTimes.records[0]?.fields).toMatchObject({ durationSeconds: 28_800 });
    expect(codes(await one('t,w,,2026-03-02,07:00,15:01,8,,'))).toEqual([]);
    expect(codes(await one('t,w,,2026-03-02,07:00:00,15:01:01,8,,'))).toEqual(['warning HOURS_MISMATCH']);
  });

  it('is bounded by 25 hours, and told of from 16', async () => {
    expect(codes(await one('t,w,,2026-03-02,,,16,,'))).toEqual([]);
    expect(codes(await one('t,w,,2026-03-02,,,16.01,,'))).toEqual(['warning TOO_LONG']);
    expect(codes(await one('t,w,,2026-03-02,,,25,,'))).toEqual(['warning TOO_LONG']);
    expect(codes(await one('t,w,,2026-03-02,,,25.01,,'))).toEqual(['error TOO_LONG']);
    expect(codes(await one('t,w,,2026-03-02,,,-1,,'))).toEqual(['error NEGATIVE']);
    expect(codes(await one('t,w,,2026-03-02,07:00,08:00,,2,'))).toEqual(['error NEGATIVE']);
  });

  it('ends on the next day only where the profile says so', async () => {
    const row = 't,w,,2026-03-02,22:00,06:00,,,';
    expect(codes(await one(row))).toEqual(['error END_BEFORE_START']);
    const night = await one(row, times({}, { overnight: true }));
    expect(night.records[0]?.fields).toMatchObject({ end: '2026-03-03T11:00:00.000Z', durationSeconds: 28_800 });
    expect(codes(await one('t,w,,2026-03-02,2026-03-02 22:00,2026-03-02 06:00,,,', times({}, { overnight: true })))).toEqual([
      'error END_BEFORE_START',
    ]);
    expect((await one('t,w,,2026-03-02,2026-03-02 22:00,2026-03-03 06:00,,,')).records[0]?.fields).toMatchObject({
      durationSeconds: 28_800,
    });
  });

  it('follows its offset before any zone', async () => {
    const { records } = await one('t,w,,2026-03-02,2026-03-02T07:00:00-08:00,2026-03-02T18:00:00Z,,,');
    expect(records[0]?.fields).toMatchObject({ start: '2026-03-02T15:00:00.000Z', durationSeconds: 10_800 });
  });

  it('is marked where the clocks are changed', async () => {
    const spring = await one('t,w,,2026-03-08,02:30,06:00,,,');
    expect(codes(spring)).toEqual(['warning DST_AMBIGUOUS']);
    expect(spring.records[0]?.fields).toMatchObject({ start: '2026-03-08T07:30:00.000Z', durationSeconds: 9_000 });
    const autumn = 't,w,,2026-11-01,01:30,05:00,,,';
    expect((await one(autumn)).records[0]?.fields).toMatchObject({ start: '2026-11-01T05:30:00.000Z' });
    expect((await one(autumn, times({ dstOverlap: 'second' }))).records[0]?.fields).toMatchObject({
      start: '2026-11-01T06:30:00.000Z',
    });
    expect(codes(await one(autumn, times({ dstOverlap: 'error' })))).toEqual(['error DST_AMBIGUOUS']);
    expect(codes(await one('t,w,,2026-03-08,02:30,06:00,,,', times({ dstGap: 'error' })))).toEqual(['error DST_AMBIGUOUS']);
    // The first 01:15 would put the end before the start.
    const both = await one('t,w,,2026-11-01,01:45,01:15,,,');
    expect(both.records[0]?.fields).toMatchObject({ end: '2026-11-01T06:15:00.000Z', durationSeconds: 1_800 });
  });

  it.each([
    ['work', { entity: 'time_entry', fields: { category: 'work' } }],
    ['Shop', { entity: 'time_entry', fields: { category: 'shop' } }],
    ['break', { entity: 'time_entry', fields: { category: 'break_unpaid' } }],
    ['BREAK PAID', { entity: 'time_entry', fields: { category: 'break_paid' } }],
    ['leave', { entity: 'time_entry', fields: { category: 'leave' } }],
    ['drive', { entity: 'drive_time', space: 'time', fields: { basis: 'column', routeId: null } }],
  ])('of kind %s', async (kind, record) => {
    expect((await one(`t,w,,2026-03-02,,,1,,${kind}`)).records[0]).toMatchObject(record);
  });

  it('tells of a kind that nobody knows, and counts the word', async () => {
    const read = await one('t,w,,2026-03-02,,,1,,Wrok');
    expect(read.reports).toEqual([
      {
        line: 2,
        record: 1,
        column: 'kind',
        severity: 'error',
        code: 'UNKNOWN_WORD',
        message: 'no map knows this word',
        value: 'Wrok',
      },
    ]);
    expect(read.rows[0]?.mapped).toEqual({
      kind: 'rejected',
      rejected: { sourceId: 't', reason: 'row_invalid', field: 'kind', value: 'Wrok' },
    });
    expect(read.survey.unknownWords).toEqual([{ column: 'kind', word: 'Wrok', count: 1 }]);
  });

  it('is a tombstone where it is flagged as deleted, and takes its pay code by the map of the connection', async () => {
    const text = lines(
      'id,worker_id,date,hours,pay_code,deleted,approved,modified_at',
      '1,w,2026-03-02,1,DRV,,yes,2026-03-03T10:00:00Z',
      '2,w,2026-03-02,1,??,TRUE,0,2026-03-03 05:00:00',
    );
    const { records } = await importFile(text, 'time_entries', {
      settings: { statusMap: {}, ignoredStatuses: [], payCodeMap: { drv: 'drive' }, importWages: false },
    });
    expect(records[0]).toMatchObject({ entity: 'drive_time', sourceUpdatedAt: '2026-03-03T10:00:00.000Z' });
    expect(records[0]?.fields).toMatchObject({ basis: 'pay_code' });
    expect(records[1]).toMatchObject({
      tombstone: 'flag',
      sourceUpdatedAt: '2026-03-03T10:00:00.000Z',
      fields: { category: 'work', approvedAtSource: false },
    });
  });
});

describe('dates and numbers', () => {
  const HEADER = 'id,worker_id,date,hours';
  const one = async (date: string, hours: string, profile: Profile) =>
    importFile(lines(HEADER.replaceAll(',', ';'), `t;w;${date};${hours}`), profile);
  const seconds = async (hours: string, profile: Profile = times()) => {
    const { records, reports } = await one('2026-03-02', hours, profile);
    return (records[0]?.fields as { durationSeconds: number } | undefined)?.durationSeconds ?? reports[0]?.code;
  };
  const withUnit = (unit: 'hours' | 'minutes' | 'seconds' | 'hh:mm') => {
    const profile = times();
    return { ...profile, columns: { ...profile.columns, hours: { ...profile.columns.hours!, unit } } };
  };

  it('become whole seconds exactly, halves away from zero', async () => {
    expect(await seconds('0.1')).toBe(360);
    expect(await seconds('7.33')).toBe(26_388);
    expect(await seconds('0.000138888')).toBe(0);
    expect(await seconds('0.000138889')).toBe(1);
    expect(await seconds('90', withUnit('minutes'))).toBe(5_400);
    expect(await seconds('0.0083333', withUnit('minutes'))).toBe(0);
    expect(await seconds('0.008334', withUnit('minutes'))).toBe(1);
    expect(await seconds('59.5', withUnit('seconds'))).toBe(60);
    expect(await seconds('24:59', withUnit('hh:mm'))).toBe(89_940);
    expect(await seconds('7:05:30', withUnit('hh:mm'))).toBe(25_530);
  });

  it('are refused in another unit or form than the profile says', async () => {
    expect(await seconds('7:30')).toBe('BAD_UNIT');
    expect(await seconds('7.5', withUnit('hh:mm'))).toBe('BAD_UNIT');
    expect(await seconds('7:60', withUnit('hh:mm'))).toBe('BAD_NUMBER');
    for (const text of ['8h', '1e1', '0x8', 'NaN', '8 5', '1,5', '1.234,50', '1,234.50', '--1', '.'])
      expect(await seconds(text), text).toBe('BAD_NUMBER');
    expect(await seconds('-0:30', withUnit('hh:mm'))).toBe('NEGATIVE');
  });

  it('take decimal commas and thousands marks as the profile says, and no others', async () => {
    const comma = times({ decimal: ',', thousands: '.' });
    const [minutes, unit] = [withUnit('minutes'), 'minutes' as const];
    const profile = { ...comma, columns: { ...minutes.columns, hours: { ...minutes.columns.hours!, unit } } };
    expect(await seconds('7,5', comma)).toBe(27_000);
    expect(await seconds('1.234,50', profile)).toBe(74_070);
    expect(await seconds('7.5', comma)).toBe('BAD_NUMBER');
    expect(await seconds('1.23,5', comma)).toBe('BAD_NUMBER');
    expect(await seconds('1,234', times({ decimal: ',', thousands: '' }))).toBe(4_442);
  });

  it('are dates in a form of the profile, without guessing', async () => {
    const date = async (text: string, forms: string[]) => {
      const { records, reports } = await one(text, '1', times({ date: forms }));
      return (records[0]?.fields as { workDate: string } | undefined)?.workDate ?? reports[0]?.code;
    };
    expect(await date('3/4/2026', ['M/d/yyyy'])).toBe('2026-03-04');
    expect(await date('04.03.2026', ['dd.MM.yyyy'])).toBe('2026-03-04');
    expect(await date('2026-03-04 07:00', ['M/d/yyyy'])).toBe('2026-03-04');
    // Read by both forms as different days it could be either; by one of them only it is that one.
    expect(await date('3/4/2026', ['M/d/yyyy', 'd/M/yyyy'])).toBe('BAD_DATE');
    expect(await date('3/14/2026', ['M/d/yyyy', 'd/M/yyyy'])).toBe('2026-03-14');
    expect(await date('5/5/2026', ['M/d/yyyy', 'd/M/yyyy'])).toBe('2026-05-05');
    for (const text of ['3/4/26', '3/4', '2026-02-30', '02/30/2026', 'today', '1999-12-31', '2100-01-01', '20260304'])
      expect(await date(text, ['yyyy-MM-dd', 'M/d/yyyy']), text).toBe('BAD_DATE');
  });

  it('read clocks of twelve hours', async () => {
    const start = async (text: string) => {
      const { records, reports } = await importFile(
        lines('id,worker_id,date,start,hours', `t,w,2026-01-05,${text},1`),
        times({ time: ['h:mm a', 'HH:mm'] }),
      );
      return (records[0]?.fields as { start: string } | undefined)?.start ?? reports[0]?.code;
    };
    expect(await start('12:05 AM')).toBe('2026-01-05T05:05:00.000Z');
    expect(await start('12:05 pm')).toBe('2026-01-05T17:05:00.000Z');
    expect(await start('1:05\u202fp.m.')).toBe('2026-01-05T18:05:00.000Z');
    for (const text of ['13:05 PM', '0:05 AM', '24:00', '7:5', 'noon', '7']) expect(await start(text), text).toBe('BAD_TIME');
  });
});

describe('what is wrong with a row', () => {
  it('is told by line, record, column and value, for every row', async () => {
    const read = await importFile(
      lines('id,worker_id,date,hours', 'a,w,2026-03-02,1', '"b', 'c",,x,', '', 'd,w', 'e,w,2026-03-02,1,', 'f,w,2026-03-02,1,z'),
      'time_entries',
    );
    expect(read.rows.map(({ line, record, status }) => [line, record, status])).toEqual([
      [2, 1, 'ok'],
      [3, 2, 'error'],
      [6, 3, 'error'],
      [7, 4, 'ok'],
      [8, 5, 'error'],
    ]);
    expect(read.reports.map(({ line, column, code, value }) => [line, column, code, value])).toEqual([
      [3, 'worker_id', 'MISSING_VALUE', null],
      [3, 'date', 'BAD_DATE', 'x'],
      [6, null, 'CELL_COUNT', null],
      [8, null, 'CELL_COUNT', null],
    ]);
    expect(read.survey.counts).toEqual({
      records: 5,
      ok: 2,
      warning: 0,
      error: 3,
      parked: 0,
      duplicates: 0,
      filtered: 0,
      blankLines: 1,
    });
    expect(read.survey.reports).toEqual(read.reports);
  });

  it('refuses ids that a spreadsheet has reformatted, and keeps those that only look odd', async () => {
    const row = async (id: string) => codes(await importFile(lines('id,name', `"${id.replaceAll('"', '""')}",x`), 'branches'));
    for (const id of ['1.23E+05', "'00123", '="00123"', '1E+05', '1,5e+12', '1.5E10', '=A1'])
      expect(await row(id), id).toEqual(['error SPREADSHEET_ID']);
    const odd = ['00123', '4E2', 'E+05', '12E4', 'a=b', '+1', '-5', ' 7 ', '☃', '9007199254740993'];
    const { records } = await importFile(lines('id,name', ...odd.map((id) => `"${id}",x`)), 'branches');
    expect(records.map(({ sourceId }) => sourceId)).toEqual(odd);
    expect(await row('x'.repeat(256))).toEqual([]);
    expect(await row('x'.repeat(257))).toEqual(['error BAD_TEXT']);
  });

  it('stops at texts that the mirror cannot hold', async () => {
    expect(codes(await importFile(lines('id,name', `1,${'é'.repeat(2_049)}`), 'branches'))).toEqual(['error BAD_TEXT']);
  });

  it('never shows a value that is dropped or private', async () => {
    const base = times();
    const secret: Profile = { ...base, drop: ['pay_code', 'start', 'Phone'] };
    const read = await importFile(
      lines('id,worker_id,date,hours,start,pay_code,Phone', 't,w,2026-03-02,1,SECRET-1,SECRET-2,SECRET-3'),
      secret,
    );
    expect(codes(read)).toEqual(['error BAD_TIME']);
    expect(JSON.stringify(read)).not.toContain('SECRET');
    const wages = await importFile(lines('worker_id,effective_date,hourly_wage', 'w,2026-01-01,25.x7'), 'wages');
    expect(codes(wages)).toEqual(['error BAD_NUMBER']);
    expect(JSON.stringify(wages)).not.toContain('25.x7');
  });
});
