import { describe, expect, test } from 'vitest';
import { periodFacts, type WeekTerms, weekFacts } from '#bonus/pay-law/week-facts.ts';
import { workedRecords } from '#bonus/pay-law/worked-records.ts';
import type { WorkCalendar } from '#bonus/pay-law/workweek.ts';
import { localToInstant } from '#kernel/zone.ts';
import type { TimeCategory } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';

const H = 3600;
const CALENDAR: WorkCalendar = { start: { weekday: 1, time: '00:00' }, zone: 'America/Los_Angeles' };
const TERMS: WeekTerms = {
  calendar: CALENDAR,
  rule: 'california',
  hoursKnown: () => true,
  now: '2026-04-01T00:00:00.000Z',
};
type Entry = MirrorRecord<'time_entry'>;
let made = 0;

/** Time of a day from eight in the morning; `hours` null for a running clock. */
function entry(workDate: string, hours: number | null, changes: Partial<Entry> = {}, category: TimeCategory = 'work'): Entry {
  const start = localToInstant(`${workDate}T08:00`, CALENDAR.zone);
  const fields = {
    ...{ workerId: 'ann', workDate, start, end: null, category },
    ...{ durationSeconds: (hours ?? 0) * H, open: hours === null },
  };
  const standing = { tombstone: null, aliasOf: null, outOfScope: null, sourceIgnored: false };
  return { entity: 'time_entry', id: `e${++made}`, revision: 1, ...standing, fields, ...changes } as Entry;
}
const drive = (workDate: string, hours: number) =>
  ({ ...entry(workDate, hours), entity: 'drive_time' }) as unknown as MirrorRecord<'drive_time'>;
const days = (...list: readonly (readonly [date: string, hours: number])[]) => list.map(([date, hours]) => entry(date, hours));
const week = (records: Parameters<typeof workedRecords>[0], changes: Partial<WeekTerms> = {}) =>
  weekFacts(workedRecords(records), '2026-03-02', { ...TERMS, ...changes });

describe('the hours of a week', () => {
  test('are counted by both laws, with the entries behind them', () => {
    const facts = week(days(['2026-03-02', 14], ['2026-03-03', 10], ['2026-03-04', 10], ['2026-03-05', 10], ['2026-03-09', 9]));
    expect(facts.federal).toEqual({ totalSeconds: 44 * H, overtimeSeconds: 4 * H, doubleTimeSeconds: 0 });
    expect(facts.state).toEqual({ totalSeconds: 44 * H, overtimeSeconds: 10 * H, doubleTimeSeconds: 2 * H });
    expect(facts.hours.map(({ seconds }) => seconds)).toEqual([14 * H, 10 * H, 10 * H, 10 * H]);
  });

  test('hold drive time and what lies out of scope, not what is gone, merged away, leave or running', () => {
    const records = [
      drive('2026-03-02', 1),
      entry('2026-03-02', 2, { outOfScope: 'R', sourceIgnored: true }),
      entry('2026-03-02', 4, { tombstone: { at: '2026-03-03T00:00:00.000Z', runId: 'R', reason: 'absent' } }),
      entry('2026-03-02', 8, { aliasOf: 'other' }),
      entry('2026-03-02', 16, {}, 'leave'),
      entry('2026-03-02', null),
    ];
    expect(week(records).federal.totalSeconds).toBe(3 * H);
    expect(
      week(records)
        .hours.map(({ entity }) => entity)
        .sort(),
    ).toEqual(['drive_time', 'time_entry']);
  });

  test('are complete when all time is held, the week is over and no clock runs in it', () => {
    const worked = days(['2026-03-02', 8]);
    expect(week(worked).complete).toBe(true);
    expect(week(worked, { hoursKnown: () => false }).complete).toBe(false);
    expect(week(worked, { now: '2026-03-09T06:59:59.000Z' }).complete).toBe(false);
    expect(week(worked, { now: '2026-03-09T07:00:00.000Z' }).complete).toBe(true);
    expect(week([...worked, entry('2026-03-08', null)]).complete).toBe(false);
    expect(week([...worked, entry('2026-03-09', null)]).complete).toBe(true);
  });
});

describe('the hours of a pay period', () => {
  test('keep the overtime of their own days, where a week reaches beyond it', () => {
    const records = workedRecords(
      days(
        ...[2, 3, 4, 5, 6].map((day) => [`2026-03-0${day}`, 10] as const),
        ...[16, 17, 18].map((day) => [`2026-03-${day}`, 9] as const),
      ),
    );
    // Thursday 5 March to Monday 16 March: Thursday and Friday end a week of 50 hours, Monday begins one of 27.
    const facts = periodFacts(records, { startDate: '2026-03-05', endDate: '2026-03-16' }, TERMS);
    expect(facts.hours).toEqual({
      totalSeconds: 29 * H,
      federalOvertimeSeconds: 10 * H,
      stateOvertimeSeconds: 5 * H,
      stateDoubleTimeSeconds: 0,
    });
    expect(facts.time.map(({ seconds }) => seconds)).toEqual([10 * H, 10 * H, 9 * H]);
    expect(facts.complete).toBe(true);
    expect(periodFacts(records, { startDate: '2026-03-30', endDate: '2026-04-12' }, TERMS).complete).toBe(false);
  });
});
