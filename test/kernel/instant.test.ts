import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#kernel/errors.ts';
import {
  addDays,
  addSeconds,
  dateOfDayNumber,
  dayNumberOf,
  daysBetween,
  instantFromMs,
  isLocalDate,
  isoWeek,
  msOf,
  parseInstant,
  secondsBetween,
  weekday,
  weekStart,
} from '#kernel/instant.ts';
import './fixed-seed.ts';

const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const anyMs = fc.oneof(
  fc.integer({ min: FIRST_MS, max: LAST_MS }),
  fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) }),
);
const anyDate = anyMs.map((ms) => new Date(ms).toISOString().slice(0, 10));

describe('instants', () => {
  test.each([
    ['2026-03-01T17:45:00Z', '2026-03-01T17:45:00.000Z'],
    ['2026-03-01T12:45:00-05:00', '2026-03-01T17:45:00.000Z'],
    ['2026-03-01T12:45:00.5-0500', '2026-03-01T17:45:00.500Z'],
    ['2026-03-01T23:30+05:45', '2026-03-01T17:45:00.000Z'],
    ['2026-03-01 17:45:00+00', '2026-03-01T17:45:00.000Z'],
    ['2026-03-01t17:45:00z', '2026-03-01T17:45:00.000Z'],
    ['2026-03-01T17:45:00.123456789Z', '2026-03-01T17:45:00.123Z'],
    ['2026-03-01T17:45:00.9999999Z', '2026-03-01T17:45:00.999Z'],
    ['1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
    ['2026-01-01T00:00:00+14:00', '2025-12-31T10:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
    expect(msOf(text)).toBe(Date.parse(instant));
  });

  test.each([
    '',
    '2026-03-01',
    '2026-03-01T17:45:00',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T23:60:00Z',
    '2026-03-01T23:59:60Z',
    '2026-03-01T17:45:00+24:00',
    '2026-03-01T17:45:00.1234567890Z',
    '2026-3-1T17:45:00Z',
    'yesterday',
    '1772387100000',
    '0000-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '2026-03-01T17:45:00.000Z\n',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeNull();
    expect(() => msOf(text)).toThrow(AppError);
  });

  test('milliseconds and text are one to one, as the built-in Date has them', () => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        const instant = instantFromMs(ms);
        expect(instant).toBe(new Date(ms).toISOString());
        expect(msOf(instant)).toBe(ms);
        expect(parseInstant(instant)).toBe(instant);
      }),
      { numRuns: 1000 },
    );
  });

  test('an offset moves the wall clock, not the instant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: -1439, max: 1439 }), (ms, offsetMinutes) => {
        const local = new Date(ms + offsetMinutes * 60_000).toISOString().slice(0, -1);
        const size = Math.abs(offsetMinutes);
        const offset = `${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
        expect(parseInstant(`${local}${offsetMinutes < 0 ? '-' : '+'}${offset}`)).toBe(new Date(ms).toISOString());
      }),
    );
  });

  test('refuses to print a time that is none', () => {
    for (const ms of [Number.NaN, 0.5, Number.POSITIVE_INFINITY, FIRST_MS - 1, LAST_MS + 1]) {
      expect(() => instantFromMs(ms)).toThrow(AppError);
    }
  });

  test('adds seconds, also backwards', () => {
    expect(addSeconds('2026-02-28T23:59:59.250Z', 1)).toBe('2026-03-01T00:00:00.250Z');
    expect(addSeconds('2026-03-01T00:00:00.000Z', -86400)).toBe('2026-02-28T00:00:00.000Z');
  });

  test('the parts of an interval add up to the whole, wherever it is cut (I7)', () => {
    const ms = fc.integer({ min: -1e12, max: 4e12 });
    fc.assert(
      fc.property(ms, ms, ms, (a, b, c) => {
        const [start, cut, end] = [a, b, c].map(instantFromMs) as [string, string, string];
        expect(secondsBetween(start, cut) + secondsBetween(cut, end)).toBe(secondsBetween(start, end));
        expect(Math.abs(secondsBetween(start, end) - (c - a) / 1000)).toBeLessThan(1);
      }),
    );
    expect(secondsBetween('2026-03-01T08:00:00.000Z', '2026-03-01T16:30:00.000Z')).toBe(30600);
  });
});

describe('dates', () => {
  test('knows leap days', () => {
    expect(['2024-02-29', '2000-02-29', '2026-12-31', '0000-02-29'].map(isLocalDate)).toEqual([true, true, true, true]);
    expect(
      ['2026-02-29', '1900-02-29', '2026-04-31', '2026-00-01', '2026-01-00', '2026-1-01', '20260101', '2026-01-01T', ''].map(
        isLocalDate,
      ),
    ).toEqual(new Array(9).fill(false));
    expect([null, undefined, 20260101, new Date()].map(isLocalDate)).toEqual([false, false, false, false]);
  });

  test('counts days over months, years and leap days', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2024-01-01', '2025-01-01')).toBe(366);
    expect(daysBetween('2026-03-02', '2026-03-01')).toBe(-1);
    expect(dayNumberOf('1970-01-01')).toBe(0);
    expect(() => addDays('2026-02-30', 1)).toThrow(AppError);
    expect(() => addDays('9999-12-31', 1)).toThrow(AppError);
  });

  test('day numbers and dates are one to one, as the built-in Date has them', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -800, max: 800 }), (date, days) => {
        expect(dateOfDayNumber(dayNumberOf(date))).toBe(date);
        expect(dayNumberOf(date)).toBe(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
        const day = new Date(`${date}T00:00:00Z`).getUTCDay();
        expect(weekday(date)).toBe(day === 0 ? 7 : day);
        fc.pre(date > '0010' && date < '9990');
        expect(daysBetween(date, addDays(date, days))).toBe(days);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['2026-01-01', '2026-W01'],
    ['2025-12-29', '2026-W01'],
    ['2026-12-31', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2023-01-01', '2022-W52'],
    ['2026-03-18', '2026-W12'],
  ])('%s lies in %s', (date, week) => {
    expect(isoWeek(date)).toBe(week);
  });

  test('a week starts on its Monday, 53-week years included', () => {
    expect(weekStart('2026-W53')).toBe('2026-12-28');
    fc.assert(
      fc.property(
        anyDate.filter((date) => date > '0001' && date < '9999-12-20'),
        (date) => {
          const start = weekStart(isoWeek(date));
          expect(weekday(start)).toBe(1);
          expect(daysBetween(start, date)).toBe(weekday(date) - 1);
        },
      ),
    );
  });

  test.each(['2025-W53', '2026-W00', '2026-W54', '2026-12', '2026-W1', ''])('%j is no ISO week', (week) => {
    expect(() => weekStart(week)).toThrow(AppError);
  });
});
