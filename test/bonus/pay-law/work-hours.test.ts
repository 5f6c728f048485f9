import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutAtWorkdays, hoursOfWeek, overtimeOfDays, type WorkedTime, workedByDay } from '#bonus/pay-law/work-hours.ts';
import { startOfWorkday, type WorkCalendar, weekStartOf, weeksBetween, workdayOf } from '#bonus/pay-law/workweek.ts';
import { addDays, addSeconds, secondsBetween } from '#kernel/instant.ts';
import { SEED } from '../arbitraries.ts';

const H = 3600;
const CHICAGO: WorkCalendar = { start: { weekday: 1, time: '00:00' }, zone: 'America/Chicago' };

function time(start: string, end: string, changes: Partial<WorkedTime> = {}): WorkedTime {
  const [from, to] = [`${start}.000Z`, `${end}.000Z`];
  return {
    kind: 'work',
    start: from,
    end: to,
    workDate: from.slice(0, 10),
    durationSeconds: secondsBetween(from, to),
    ...changes,
  };
}
const untimed = (workDate: string, seconds: number, kind: WorkedTime['kind'] = 'work'): WorkedTime => ({
  kind,
  start: null,
  end: null,
  workDate,
  durationSeconds: seconds,
});

describe('workweeks (B-202)', () => {
  test('begin at the set weekday and time of the branch zone', () => {
    const sunday: WorkCalendar = { start: { weekday: 7, time: '06:00' }, zone: 'America/Chicago' };
    expect(workdayOf('2026-03-02T11:59:59.000Z', sunday)).toBe('2026-03-01');
    expect(workdayOf('2026-03-02T12:00:00.000Z', sunday)).toBe('2026-03-02');
    expect(weekStartOf('2026-03-07', sunday)).toBe('2026-03-01');
    expect(weekStartOf('2026-03-08', sunday)).toBe('2026-03-08');
    expect(weekStartOf('2026-03-08', CHICAGO)).toBe('2026-03-02');
    expect(weeksBetween('2026-03-02', '2026-03-16')).toEqual(['2026-03-02', '2026-03-09', '2026-03-16']);
  });

  test('have 167 and 169 hours when the clocks change, without gap or overlap', () => {
    const length = (from: string, to: string) => secondsBetween(startOfWorkday(from, CHICAGO), startOfWorkday(to, CHICAGO)) / H;
    expect(length('2026-03-02', '2026-03-09')).toBe(167);
    expect(length('2026-10-26', '2026-11-02')).toBe(169);
  });

  test.each(['00:00', '01:30', '02:30'])('name every instant of a day with a change once, at a start of %s', (clock) => {
    const calendar = { ...CHICAGO, start: { weekday: 1, time: clock } };
    for (const day of ['2026-03-08', '2026-11-01']) {
      for (let minute = 0; minute < 36 * 60; minute += 5) {
        const instant = addSeconds(`${day}T00:00:00.000Z`, 60 * minute);
        const workday = workdayOf(instant, calendar);
        const next = addDays(workday, 1);
        expect(startOfWorkday(workday, calendar) <= instant && instant < startOfWorkday(next, calendar)).toBe(true);
      }
    }
  });
});

describe('hours worked (B-202, M-35 to M-37)', () => {
  test('cut a night over the boundary by instants, and a duration net of breaks in proportion', () => {
    // Sunday 22:00 to Monday 06:00 in Chicago with an hour of unpaid break.
    const night = time('2026-03-16T03:00:00', '2026-03-16T11:00:00', { durationSeconds: 7 * H, workDate: '2026-03-15' });
    expect(cutAtWorkdays(night, CHICAGO)).toEqual([
      { workday: '2026-03-15', seconds: 6300 },
      { workday: '2026-03-16', seconds: 18_900 },
    ]);
  });

  test('lose no second wherever an entry is cut: midnight, week and period borders (fault 64, X-25)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 * 24 * H }),
        fc.integer({ min: 0, max: 4 * 24 * H }),
        fc.integer({ min: 0, max: 100_000 }),
        (from, span, durationSeconds) => {
          const start = addSeconds('2026-01-01T00:00:00.000Z', from);
          const parts = cutAtWorkdays({ start, end: addSeconds(start, span), workDate: '2026-01-01', durationSeconds }, CHICAGO);
          expect(parts.reduce((sum, part) => sum + part.seconds, 0)).toBe(durationSeconds);
          expect(parts[0]!.workday).toBe(workdayOf(start, CHICAGO));
        },
      ),
      { numRuns: 400, seed: SEED },
    );
  });

  test('count elapsed seconds on the day the clocks change: seven in a spring night, nine in an autumn one (X-25)', () => {
    const spring = time('2026-03-08T06:00:00', '2026-03-08T11:00:00');
    expect(workedByDay([spring], CHICAGO)).toEqual(new Map([['2026-03-08', 5 * H]]));
    // From ten in the evening to six in the morning.
    expect(workedByDay([time('2026-03-08T04:00:00', '2026-03-08T11:00:00')], CHICAGO)).toEqual(
      new Map([
        ['2026-03-07', 2 * H],
        ['2026-03-08', 5 * H],
      ]),
    );
    expect(workedByDay([time('2026-11-01T03:00:00', '2026-11-01T12:00:00')], CHICAGO)).toEqual(
      new Map([
        ['2026-10-31', 2 * H],
        ['2026-11-01', 7 * H],
      ]),
    );
  });

  test('count work, shop, paid breaks and drive, not leave and unpaid breaks', () => {
    const kinds: WorkedTime['kind'][] = ['work', 'shop', 'break_paid', 'drive', 'leave', 'break_unpaid'];
    const list = kinds.map((kind) => untimed('2026-03-02', H, kind));
    expect(hoursOfWeek(list, '2026-03-02', CHICAGO, 'federal').totalSeconds).toBe(4 * H);
  });

  test('take the larger of the shifts and the rest, day by day', () => {
    const list = [
      untimed('2026-03-02', 8 * H),
      untimed('2026-03-02', 9 * H, 'shift'),
      untimed('2026-03-03', 8 * H),
      untimed('2026-03-03', 7 * H, 'shift'),
    ];
    expect(hoursOfWeek(list, '2026-03-02', CHICAGO, 'federal').totalSeconds).toBe(17 * H);
  });

  test('of an entry with one instant follow from its duration', () => {
    const one = { workDate: '2026-03-02', durationSeconds: 2 * H };
    const expected = [
      { workday: '2026-03-01', seconds: H },
      { workday: '2026-03-02', seconds: H },
    ];
    expect(cutAtWorkdays({ ...one, start: '2026-03-02T05:00:00.000Z', end: null }, CHICAGO)).toEqual(expected);
    expect(cutAtWorkdays({ ...one, start: null, end: '2026-03-02T07:00:00.000Z' }, CHICAGO)).toEqual(expected);
  });
});

describe('overtime of a week', () => {
  const cases: readonly (readonly [string, 'federal' | 'california', readonly number[], number, number])[] = [
    ['beyond 40 hours', 'federal', [10, 10, 10, 10, 5, 0, 0], 5, 0],
    ['none at 40 hours', 'federal', [12, 12, 12, 4, 0, 0, 0], 0, 0],
    ['beyond 8 hours a day', 'california', [10, 8, 8, 0, 0, 0, 0], 2, 0],
    ['double time beyond 12', 'california', [14, 8, 0, 0, 0, 0, 0], 4, 2],
    ['straight hours beyond 40', 'california', [8, 8, 8, 8, 8, 4, 0], 4, 0],
    ['no hour twice', 'california', [10, 10, 10, 10, 10, 0, 0], 10, 0],
    ['the seventh day', 'california', [2, 2, 2, 2, 2, 2, 10], 8, 2],
    ['no seventh day after a day off', 'california', [0, 8, 8, 8, 8, 8, 8], 8, 0],
    ['none without work', 'california', [0, 0, 0, 0, 0, 0, 0], 0, 0],
  ];
  test.each(cases)('%s (%s)', (_, rule, days, overtime, doubleTime) => {
    expect(
      overtimeOfDays(
        days.map((hours) => hours * H),
        rule,
      ),
    ).toEqual({
      totalSeconds: days.reduce((sum, hours) => sum + hours, 0) * H,
      overtimeSeconds: overtime * H,
      doubleTimeSeconds: doubleTime * H,
    });
  });
});
