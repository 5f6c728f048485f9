import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, daysBetween, weekday } from '#kernel/instant.ts';
import {
  changeCalendar,
  DEFAULT_CALENDAR,
  nextPeriod,
  type PayCalendar,
  type PayFrequency,
  periodOf,
  previousPeriod,
  validateCalendar,
} from '#kernel/period.ts';
import './fixed-seed.ts';

describe('the published cases of B-131', () => {
  test.each<{ name: string; calendar: PayCalendar; date: string; startDate: string; endDate: string }>([
    {
      name: 'a week from Sunday',
      calendar: { frequency: 'weekly', startWeekday: 7 },
      date: '2026-03-04',
      startDate: '2026-03-01',
      endDate: '2026-03-07',
    },
    {
      name: 'two weeks from an anchor',
      calendar: { frequency: 'biweekly', anchorDate: '2026-01-05' },
      date: '2026-02-20',
      startDate: '2026-02-16',
      endDate: '2026-03-01',
    },
    {
      name: 'two weeks before the anchor count backwards',
      calendar: { frequency: 'biweekly', anchorDate: '2026-01-05' },
      date: '2026-01-04',
      startDate: '2025-12-22',
      endDate: '2026-01-04',
    },
    {
      name: 'the 1st and the 16th',
      calendar: { frequency: 'semimonthly', startDays: [1, 16] },
      date: '2026-02-17',
      startDate: '2026-02-16',
      endDate: '2026-02-28',
    },
    {
      name: 'the 5th and the 20th over a month end',
      calendar: { frequency: 'semimonthly', startDays: [5, 20] },
      date: '2026-03-03',
      startDate: '2026-02-20',
      endDate: '2026-03-04',
    },
    {
      name: 'a month from the 26th over New Year',
      calendar: { frequency: 'monthly', startDay: 26 },
      date: '2026-01-10',
      startDate: '2025-12-26',
      endDate: '2026-01-25',
    },
    {
      name: 'quarters from 1 February over New Year',
      calendar: { frequency: 'quarterly', startMonth: 2, startDay: 1 },
      date: '2026-01-15',
      startDate: '2025-11-01',
      endDate: '2026-01-31',
    },
    {
      name: 'a leap day ends a period',
      calendar: { frequency: 'semimonthly', startDays: [1, 16] },
      date: '2024-02-29',
      startDate: '2024-02-16',
      endDate: '2024-02-29',
    },
  ])('$name', ({ calendar, date, startDate, endDate }) => {
    expect(periodOf(calendar, date)).toEqual({ startDate, endDate });
  });

  test('the default is two weeks from Monday 2024-01-01 (B-130)', () => {
    expect(periodOf(DEFAULT_CALENDAR, '2024-01-14')).toEqual({ startDate: '2024-01-01', endDate: '2024-01-14' });
  });
});

const day = fc.integer({ min: 1, max: 28 });
const anyDate = fc.integer({ min: -40_000, max: 60_000 }).map((days) => addDays('1970-01-01', days));
const calendars: Record<PayCalendar['frequency'], fc.Arbitrary<PayCalendar>> = {
  weekly: fc.record({ frequency: fc.constant('weekly' as const), startWeekday: fc.integer({ min: 1, max: 7 }) }),
  biweekly: fc.record({ frequency: fc.constant('biweekly' as const), anchorDate: anyDate }),
  semimonthly: fc.uniqueArray(day, { minLength: 2, maxLength: 2 }).map((days) => {
    const [first, second] = days.sort((a, b) => a - b) as [number, number];
    return { frequency: 'semimonthly' as const, startDays: [first, second] as const };
  }),
  monthly: fc.record({ frequency: fc.constant('monthly' as const), startDay: day }),
  quarterly: fc.record({
    frequency: fc.constant('quarterly' as const),
    startMonth: fc.integer({ min: 1, max: 3 }),
    startDay: day,
  }),
};

describe.each(Object.entries(calendars))('%s periods', (frequency, calendar) => {
  const lengths: Record<string, readonly [number, number]> = {
    weekly: [7, 7],
    biweekly: [14, 14],
    semimonthly: [1, 30],
    monthly: [28, 31],
    quarterly: [89, 92],
  };

  test('tile time: every date lies in exactly one, and neighbours touch', () => {
    fc.assert(
      fc.property(calendar, anyDate, (chosen, date) => {
        const period = periodOf(chosen, date);
        expect(period.startDate <= date && date <= period.endDate).toBe(true);
        expect(periodOf(chosen, period.startDate)).toEqual(period);
        expect(periodOf(chosen, period.endDate)).toEqual(period);
        const next = nextPeriod(chosen, period.startDate);
        expect(next.startDate).toBe(addDays(period.endDate, 1));
        expect(previousPeriod(chosen, next.startDate)).toEqual(period);
        const [least, most] = lengths[frequency]!;
        const length = daysBetween(period.startDate, period.endDate) + 1;
        expect(length >= least && length <= most).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('a valid calendar passes its check unchanged', () => {
    fc.assert(
      fc.property(calendar, (chosen) => {
        expect(validateCalendar(chosen)).toEqual(chosen);
      }),
    );
  });
});

test('a week starts on the chosen weekday and a fortnight on the anchor’s', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), anyDate, anyDate, (startWeekday, anchorDate, date) => {
      expect(weekday(periodOf({ frequency: 'weekly', startWeekday }, date).startDate)).toBe(startWeekday);
      expect(weekday(periodOf({ frequency: 'biweekly', anchorDate }, date).startDate)).toBe(weekday(anchorDate));
      expect(periodOf({ frequency: 'biweekly', anchorDate }, anchorDate).startDate).toBe(anchorDate);
    }),
  );
});

describe('a change of calendar (B-132)', () => {
  const fortnights: PayCalendar = { frequency: 'biweekly', anchorDate: '2026-03-02' };
  const monthly: PayFrequency = { frequency: 'monthly', startDay: 1 };

  test('acts from the start of the next period, which may be short; earlier periods stay', () => {
    const changed = changeCalendar(fortnights, monthly, '2026-03-04');
    expect(periodOf(changed, '2026-03-15')).toEqual({ startDate: '2026-03-02', endDate: '2026-03-15' });
    expect(periodOf(changed, '2026-03-16')).toEqual({ startDate: '2026-03-16', endDate: '2026-03-31' });
    expect(nextPeriod(changed, '2026-03-16').startDate).toBe('2026-04-01');
    expect(previousPeriod(changed, '2026-03-16')).toEqual({ startDate: '2026-03-02', endDate: '2026-03-15' });
    expect(periodOf(changed, '2026-02-20')).toEqual(periodOf(fortnights, '2026-02-20'));
  });

  test('gives way to another one before it comes into force, and to taking it back', () => {
    const changed = changeCalendar(fortnights, monthly, '2026-03-04');
    expect(changeCalendar(changed, fortnights, '2026-03-05')).toEqual(fortnights);
    const weekly = changeCalendar(changed, { frequency: 'weekly', startWeekday: 1 }, '2026-03-05');
    expect(periodOf(weekly, '2026-03-16')).toEqual({ startDate: '2026-03-16', endDate: '2026-03-22' });
    expect(changeCalendar(changed, monthly, '2026-03-05')).toEqual(changed);
    expect(changeCalendar(changed, monthly, '2026-05-05')).toEqual(changed);
  });

  test('leaves periods that tile time, however often it happens', () => {
    const calendar = fc.oneof(...Object.values(calendars));
    const change = fc.tuple(calendar, fc.integer({ min: 1, max: 200 }));
    fc.assert(
      fc.property(calendar, fc.array(change, { maxLength: 6 }), anyDate, (first, changes, date) => {
        let today = '2026-01-01';
        let chosen: PayCalendar = first;
        for (const [next, days] of changes) {
          today = addDays(today, days);
          const before = chosen;
          chosen = changeCalendar(chosen, next, today);
          expect(periodOf(chosen, today)).toEqual(periodOf(before, today));
        }
        const period = periodOf(chosen, date);
        expect(period.startDate <= date && date <= period.endDate).toBe(true);
        expect(periodOf(chosen, period.startDate)).toEqual(period);
        expect(periodOf(chosen, period.endDate)).toEqual(period);
        expect(nextPeriod(chosen, date).startDate).toBe(addDays(period.endDate, 1));
        expect(previousPeriod(chosen, date).endDate).toBe(addDays(period.startDate, -1));
      }),
    );
  });
});

describe('checking a calendar (B-131)', () => {
  test('fills in the published defaults', () => {
    expect(validateCalendar({ frequency: 'semimonthly' })).toEqual({ frequency: 'semimonthly', startDays: [1, 16] });
    expect(validateCalendar({ frequency: 'monthly' })).toEqual({ frequency: 'monthly', startDay: 1 });
    expect(validateCalendar({ frequency: 'quarterly' })).toEqual({ frequency: 'quarterly', startMonth: 1, startDay: 1 });
  });

  test('drops members that are not part of the frequency', () => {
    expect(validateCalendar({ frequency: 'weekly', startWeekday: 1, startDay: 40 })).toEqual({
      frequency: 'weekly',
      startWeekday: 1,
    });
  });

  test.each([
    null,
    'weekly',
    [],
    {},
    { frequency: 'daily' },
    { frequency: 'weekly' },
    { frequency: 'weekly', startWeekday: 0 },
    { frequency: 'weekly', startWeekday: 8 },
    { frequency: 'weekly', startWeekday: '1' },
    { frequency: 'biweekly' },
    { frequency: 'biweekly', anchorDate: '2026-02-30' },
    { frequency: 'semimonthly', startDays: [15, 15] },
    { frequency: 'semimonthly', startDays: [16, 1] },
    { frequency: 'semimonthly', startDays: [1, 29] },
    { frequency: 'semimonthly', startDays: [1] },
    { frequency: 'semimonthly', startDays: [1, 10, 20] },
    { frequency: 'monthly', startDay: 29 },
    { frequency: 'monthly', startDay: 0 },
    { frequency: 'monthly', startDay: 1.5 },
    { frequency: 'quarterly', startMonth: 4, startDay: 1 },
    { frequency: 'quarterly', startMonth: 1, startDay: 31 },
  ])('refuses %j', (calendar) => {
    expect(() => validateCalendar(calendar)).toThrow(expect.objectContaining({ code: 'invalid-calendar', category: 'customer' }));
  });
});
