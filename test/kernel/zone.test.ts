import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { AppError } from '#kernel/errors.ts';
import { instantFromMs, isoWeek, secondsBetween } from '#kernel/instant.ts';
import { isZone, localDateOf, localTimeOf, localToInstant, offsetSeconds, parseLocalTime, startOfDay } from '#kernel/zone.ts';
import './fixed-seed.ts';

const US_ZONES = [
  'America/New_York',
  'America/Detroit',
  'America/Kentucky/Louisville',
  'America/Kentucky/Monticello',
  'America/Indiana/Indianapolis',
  'America/Indiana/Vincennes',
  'America/Indiana/Winamac',
  'America/Indiana/Marengo',
  'America/Indiana/Petersburg',
  'America/Indiana/Vevay',
  'America/Indiana/Tell_City',
  'America/Indiana/Knox',
  'America/Chicago',
  'America/Menominee',
  'America/North_Dakota/Center',
  'America/North_Dakota/New_Salem',
  'America/North_Dakota/Beulah',
  'America/Denver',
  'America/Boise',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'America/Juneau',
  'America/Sitka',
  'America/Metlakatla',
  'America/Yakutat',
  'America/Nome',
  'America/Adak',
  'Pacific/Honolulu',
  'America/Puerto_Rico',
];
const OTHER_ZONES = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Havana',
  'Africa/Casablanca',
  'Asia/Gaza',
  'Asia/Pyongyang',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Antarctica/Troll',
];
const ZONES = [...US_ZONES, ...OTHER_ZONES];

const FROM_MS = Date.UTC(1995, 0, 1);
const UNTIL_MS = Date.UTC(2034, 0, 1);

function reference(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}

/** Every change of a zone's offset between two years, from the reference. */
function transitions(zone: string, fromMs: number, untilMs: number): number[] {
  const found: number[] = [];
  for (let at = reference(fromMs, zone).getTimeZoneTransition('next'); at !== null; at = at.getTimeZoneTransition('next')) {
    if (at.epochMilliseconds >= untilMs) break;
    found.push(at.epochMilliseconds);
  }
  return found;
}

function expectLikeReference(ms: number, zone: string): void {
  const instant = instantFromMs(ms);
  const expected = reference(ms, zone);
  expect(localDateOf(instant, zone)).toBe(expected.toPlainDate().toString());
  expect(localTimeOf(instant, zone)).toBe(expected.toPlainDateTime().toString({ smallestUnit: 'second' }));
  expect(offsetSeconds(instant, zone)).toBe(expected.offsetNanoseconds / 1e9);
}

function expectLocalLikeReference(local: Temporal.PlainDateTime, zone: string): void {
  const text = local.toString({ smallestUnit: 'millisecond' });
  // "compatible" is the rule of M-35: later in a gap, the first of two.
  expect(localToInstant(text, zone)).toBe(instantFromMs(local.toZonedDateTime(zone).epochMilliseconds));
  const later = local.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds;
  expect(localToInstant(text, zone, instantFromMs(later))).toBe(instantFromMs(later));
}

describe('agrees with Temporal', () => {
  test.each(ZONES)('around every change in %s', (zone) => {
    for (const change of transitions(zone, Date.UTC(2005, 0, 1), Date.UTC(2031, 0, 1))) {
      for (const offMs of [-3_600_000, -1000, -1, 0, 1, 1_799_999, 5_400_000]) {
        expectLikeReference(change + offMs, zone);
      }
      const before = reference(change - 1, zone)
        .toPlainDateTime()
        .round('minute');
      const after = reference(change, zone).toPlainDateTime();
      for (const edge of [before, after]) {
        for (const minutes of [-61, -30, -1, 0, 1, 29, 30, 59, 60]) expectLocalLikeReference(edge.add({ minutes }), zone);
        const date = edge.toPlainDate();
        expect(startOfDay(date.toString(), zone)).toBe(instantFromMs(date.toZonedDateTime(zone).epochMilliseconds));
      }
    }
  });

  test('at any instant, for any wall clock and any date', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: FROM_MS, max: UNTIL_MS }), (zone, ms) => {
        expectLikeReference(ms, zone);
        expectLocalLikeReference(Temporal.PlainDateTime.from(instantFromMs(ms).slice(0, -1)), zone);
        const date = instantFromMs(ms).slice(0, 10);
        expect(startOfDay(date, zone)).toBe(instantFromMs(Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds));
      }),
      { numRuns: 1500 },
    );
  });

  test('in the days of local mean time, whose changes lie on odd seconds', () => {
    for (const zone of ['America/New_York', 'Europe/Berlin', 'Africa/Monrovia', 'America/Toronto']) {
      for (const change of transitions(zone, Date.UTC(1880, 0, 1), Date.UTC(1973, 0, 1))) {
        for (const offMs of [-1000, 0, 1000]) expectLikeReference(change + offMs, zone);
      }
    }
    // Toronto skipped midnight on 1919-03-31: 23:30 became 00:30, so the day began at 00:30.
    expect(localTimeOf(startOfDay('1919-03-31', 'America/Toronto'), 'America/Toronto')).toBe('1919-03-31T00:30:00');
  });
});

describe('daylight saving (M-35, fault 64)', () => {
  const zone = 'America/New_York';

  test('a time in the spring gap moves forward by the gap', () => {
    expect(localToInstant('2026-03-08T02:30', zone)).toBe('2026-03-08T07:30:00.000Z');
    expect(localTimeOf(localToInstant('2026-03-08T02:30', zone), zone)).toBe('2026-03-08T03:30:00');
  });

  test('an ambiguous autumn time is the first, or the second when the first would end before the start', () => {
    expect(localToInstant('2026-11-01T01:30', zone)).toBe('2026-11-01T05:30:00.000Z');
    expect(localToInstant('2026-11-01T01:30', zone, '2026-11-01T05:30:00.000Z')).toBe('2026-11-01T05:30:00.000Z');
    expect(localToInstant('2026-11-01T01:30', zone, '2026-11-01T05:30:00.001Z')).toBe('2026-11-01T06:30:00.000Z');
  });

  test('a start later than both leaves an unambiguous time alone', () => {
    expect(localToInstant('2026-06-01T08:00', zone, '2026-06-01T20:00:00.000Z')).toBe('2026-06-01T12:00:00.000Z');
  });

  test('a night shift counts the hours that passed: 7, 8 or 9', () => {
    const night = (date: string, next: string) =>
      secondsBetween(localToInstant(`${date}T22:00`, zone), localToInstant(`${next}T06:00`, zone)) / 3600;
    expect(night('2026-03-07', '2026-03-08')).toBe(7);
    expect(night('2026-06-06', '2026-06-07')).toBe(8);
    expect(night('2026-10-31', '2026-11-01')).toBe(9);
  });

  test('Samoa had no 30 December 2011', () => {
    expect(startOfDay('2011-12-30', 'Pacific/Apia')).toBe(startOfDay('2011-12-31', 'Pacific/Apia'));
    expect(localDateOf('2011-12-30T10:00:00.000Z', 'Pacific/Apia')).toBe('2011-12-31');
  });
});

describe('any wall clock', () => {
  test('that exists reads back, and days tile time', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: FROM_MS, max: UNTIL_MS }), (zone, ms) => {
        const second = instantFromMs(ms - (ms % 1000));
        const local = localTimeOf(second, zone);
        const back = localToInstant(local, zone);
        expect(localTimeOf(back, zone)).toBe(local);
        expect(back <= second).toBe(true);
        expect(localToInstant(local, zone, second)).toBe(second);
        const date = localDateOf(second, zone);
        const start = startOfDay(date, zone);
        expect(start <= second).toBe(true);
        expect(localDateOf(start, zone)).toBe(date);
        expect(localDateOf(instantFromMs(Date.parse(start) - 1), zone) < date).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('names and texts', () => {
  test('knows IANA names and their links, and no offsets', () => {
    expect(['America/Chicago', 'US/Central', 'UTC', 'Etc/GMT+5'].map(isZone)).toEqual([true, true, true, true]);
    expect(
      ['', 'Mars/Olympus', '+05:00', '-05', 'Eastern Standard Time', 'America/Chicago ', `A${'a'.repeat(100)}`].map(isZone),
    ).toEqual(new Array(7).fill(false));
  });

  test('an unknown zone is an error, never UTC', () => {
    expect(() => localDateOf('2026-01-01T00:00:00.000Z', 'Nowhere')).toThrow(expect.objectContaining({ code: 'invalid-zone' }));
    expect(() => startOfDay('2026-01-01', 'Nowhere')).toThrow(AppError);
  });

  test.each([
    '2026-03-01',
    '2026-03-01T25:00',
    '2026-02-30T10:00',
    '2026-02-30T10:00:00',
    '2026-03-01T10:00Z',
    '2026-03-01T10:00:61',
    'noon',
  ])('%j is no local time', (local) => {
    expect(parseLocalTime(local, 'America/Chicago')).toBeNull();
    expect(() => localToInstant(local, 'America/Chicago')).toThrow(expect.objectContaining({ code: 'invalid-local-time' }));
  });

  test('takes seconds and decimals, cutting below a millisecond', () => {
    expect(localToInstant('2026-03-01T10:00:01.2345678', 'UTC')).toBe('2026-03-01T10:00:01.234Z');
    expect(isoWeek(localDateOf('2026-03-02T04:59:59.999Z', 'America/New_York'))).toBe('2026-W09');
  });
});
