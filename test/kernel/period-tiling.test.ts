import { describe, expect, test } from 'vitest';
import { addDays, dateOfDayNumber, dayNumberOf, instantFromMs, isoWeek, type LocalDate, weekday } from '#kernel/instant.ts';
import { nextPeriod, type PayCalendar, periodOf, previousPeriod } from '#kernel/period.ts';
import { localDateOf, offsetSeconds, startOfDay } from '#kernel/zone.ts';

const FIRST_YEAR = 2020;
const LAST_YEAR = 2035;
const FROM_MS = Date.UTC(FIRST_YEAR, 0, 1);
const UNTIL_MS = Date.UTC(LAST_YEAR + 1, 0, 1);
const WEEK_MS = 7 * 86_400_000;

const DAYS = Array.from({ length: 28 }, (_, index) => index + 1);

/** Every calendar there is (B-131): weeks by weekday, fortnights by the days of one, half months, months and quarters by day. */
const CALENDARS: readonly PayCalendar[] = [
  ...DAYS.slice(0, 7).map((startWeekday) => ({ frequency: 'weekly' as const, startWeekday })),
  ...DAYS.slice(0, 14).map((day) => ({ frequency: 'biweekly' as const, anchorDate: addDays('2024-01-01', day) })),
  ...DAYS.flatMap((a) =>
    DAYS.filter((b) => b > a).map((b) => ({ frequency: 'semimonthly' as const, startDays: [a, b] as const })),
  ),
  ...DAYS.map((startDay) => ({ frequency: 'monthly' as const, startDay })),
  ...[1, 2, 3].flatMap((startMonth) => DAYS.map((startDay) => ({ frequency: 'quarterly' as const, startMonth, startDay }))),
];

/** The calendars of each frequency in which a period starts on a date; days above 28 start none by the month. */
function startingOn(date: LocalDate): PayCalendar[] {
  const day = Number(date.slice(8));
  const weeks: PayCalendar[] = [
    { frequency: 'weekly', startWeekday: weekday(date) },
    { frequency: 'biweekly', anchorDate: date },
  ];
  if (day > 28) return weeks;
  return [
    ...weeks,
    { frequency: 'semimonthly', startDays: day === 28 ? [14, 28] : [day, 28] },
    { frequency: 'monthly', startDay: day },
    { frequency: 'quarterly', startMonth: ((Number(date.slice(5, 7)) - 1) % 3) + 1, startDay: day },
  ];
}

/** Every instant at which a zone changes its offset, to the millisecond. Two changes never lie in one week of these years. */
function transitionsOf(zone: string): number[] {
  const offsetAt = (ms: number): number => offsetSeconds(instantFromMs(ms), zone);
  const found: number[] = [];
  let last = offsetAt(FROM_MS);
  for (let week = FROM_MS; week < UNTIL_MS; week += WEEK_MS) {
    const offset = offsetAt(week + WEEK_MS);
    if (offset === last) continue;
    let before = week;
    let after = week + WEEK_MS;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === last) before = middle;
      else after = middle;
    }
    found.push(after);
    last = offset;
  }
  return found;
}

describe('periods tile time', () => {
  test(`in every calendar, every date of ${FIRST_YEAR} to ${LAST_YEAR} lies in one period, and each touches the next`, () => {
    const wrong: unknown[] = [];
    for (const calendar of CALENDARS) {
      let period = periodOf(calendar, `${FIRST_YEAR}-01-01`);
      while (period.startDate < `${LAST_YEAR + 1}-01-01`) {
        const { startDate, endDate } = period;
        const lastDay = dayNumberOf(endDate);
        for (let day = dayNumberOf(startDate); day <= lastDay; day += 1) {
          const found = periodOf(calendar, dateOfDayNumber(day));
          if (found.startDate !== startDate || found.endDate !== endDate) wrong.push({ calendar, period, found });
        }
        const next = nextPeriod(calendar, startDate);
        const back = previousPeriod(calendar, next.startDate);
        if (next.startDate !== addDays(endDate, 1) || back.startDate !== startDate) wrong.push({ calendar, period, next, back });
        period = next;
      }
    }
    expect(CALENDARS).toHaveLength(7 + 14 + 378 + 28 + 84);
    expect(wrong).toEqual([]);
  });

  // Between two changes a zone's wall clock runs evenly, so a gap or an overlap could only lie within a day of a change.
  test('in every time zone, across every change of its clocks, for every frequency (fault 64)', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const wrong: unknown[] = [];
    let changes = 0;
    for (const zone of zones) {
      for (const change of transitionsOf(zone)) {
        changes += 1;
        const changeDate = localDateOf(instantFromMs(change), zone);
        for (const date of [-1, 0, 1].map((days) => addDays(changeDate, days))) {
          const start = Date.parse(startOfDay(date, zone));
          // Both sides of the boundary and of the change itself, where a date could repeat or be skipped.
          for (const ms of [start - 1, start, change - 1, change]) {
            const seen = localDateOf(instantFromMs(ms), zone);
            if (seen >= date !== ms >= start) wrong.push({ zone, date, ms, seen });
            for (const calendar of startingOn(date)) {
              const period = periodOf(calendar, seen);
              const from = Date.parse(startOfDay(period.startDate, zone));
              const to = Date.parse(startOfDay(addDays(period.endDate, 1), zone));
              if (!(from <= ms && ms < to)) wrong.push({ zone, calendar, ms, period });
            }
          }
        }
      }
    }
    expect(zones.length).toBeGreaterThan(400);
    expect(changes).toBeGreaterThan(4000);
    expect(wrong).toEqual([]);
  });
});

describe('days that calendars trip over (fault 65)', () => {
  const halves: PayCalendar = { frequency: 'semimonthly', startDays: [15, 28] };

  test.each([
    ['2027-02', '2027-02-28', '2027-03-14'],
    ['2028-02, a leap month', '2028-02-28', '2028-03-14'],
    ['2027-04', '2027-04-28', '2027-05-14'],
    ['2027-05', '2027-05-28', '2027-06-14'],
  ])('the last part of %s runs from the 28th over the month end, whatever its length', (_, startDate, endDate) => {
    for (let date = startDate; date <= endDate; date = addDays(date, 1)) {
      expect(periodOf(halves, date)).toEqual({ startDate, endDate });
    }
    expect(periodOf(halves, addDays(startDate, -1))).toEqual({
      startDate: `${startDate.slice(0, 7)}-15`,
      endDate: `${startDate.slice(0, 7)}-27`,
    });
  });

  test.each([
    ['2024-02-29', '2024-02-29'],
    ['2023-02-28', '2023-02-28'],
    ['2000-02-29', '2000-02-29'],
    ['1900-02-28', '1900-02-28'],
  ])('a month that starts on the 1st ends on %s', (date, endDate) => {
    expect(periodOf({ frequency: 'monthly', startDay: 1 }, date)).toEqual({ startDate: `${date.slice(0, 7)}-01`, endDate });
    expect(nextPeriod({ frequency: 'monthly', startDay: 1 }, date).startDate).toBe(`${date.slice(0, 4)}-03-01`);
  });

  test.each([
    [2020, 53],
    [2024, 52],
    [2026, 53],
    [2030, 52],
    [2032, 53],
  ])('the ISO year %i has %i weeks, and as many periods', (year, weeks) => {
    const periods = new Set<string>();
    for (let date = addDays(`${year}-01-01`, -7); date < addDays(`${year}-12-31`, 7); date = addDays(date, 1)) {
      const { startDate } = periodOf({ frequency: 'weekly', startWeekday: 1 }, date);
      expect(isoWeek(startDate)).toBe(isoWeek(date));
      if (isoWeek(date).startsWith(`${year}`)) periods.add(startDate);
    }
    expect(periods.size).toBe(weeks);
  });

  test('a year may hold 27 fortnights', () => {
    const calendar: PayCalendar = { frequency: 'biweekly', anchorDate: '2024-01-01' };
    let period = periodOf(calendar, '2024-01-01');
    let count = 0;
    while (period.startDate < '2025-01-01') {
      count += 1;
      period = nextPeriod(calendar, period.startDate);
    }
    expect([count, period.startDate]).toEqual([27, '2025-01-13']);
  });
});
