import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localTimeOf } from '#kernel/zone.ts';
import type { SourceDataset } from '../../shared/fake-source/dataset.ts';
import { moveDates, moveStamp, weeksToThisWeek } from '../../shared/fake-source/move-dates.ts';

const ZONE = 'America/New_York';

const DATASET: SourceDataset = {
  _about: { company: 'A', snapshotAt: '2026-03-20T20:00:00Z', timeZone: ZONE },
  endpoints: {
    '/Times': [
      {
        ID: 1,
        Start: '2026-03-20T07:00:00',
        Stamp: '2026-03-20T11:00:03.000Z',
        Nested: [{ On: '2026-03-20' }],
        Note: 'on 2026-03-20',
        N: 7,
      },
    ],
  },
  changes: [
    {
      step: 's',
      at: '2026-03-23T13:40:00Z',
      path: '/Times',
      op: 'replace',
      key: 1,
      row: { ID: 1, Stamp: '2026-03-23T13:40:00Z' },
    },
  ],
};

describe('moveStamp', () => {
  test.each([
    ['a date alone', '2026-03-20', '2026-11-27'],
    ['a wall-clock time', '2026-03-20T07:00:00', '2026-11-27T07:00:00'],
    ['an instant of summer time moved to winter time', '2026-03-20T18:46:39.123Z', '2026-11-27T19:46:39.123Z'],
    ['an instant of winter time moved to winter time', '2026-03-02T12:26:01Z', '2026-11-09T12:26:01Z'],
    ['an instant with the offset of the zone', '2026-03-19T16:20:00-04:00', '2026-11-26T16:20:00-05:00'],
    ['an instant with an offset of UTC', '2026-03-23T13:40:00+00:00', '2026-11-30T14:40:00+00:00'],
    ['an instant late in the evening, another day in UTC', '2026-03-20T01:30:00Z', '2026-11-27T02:30:00Z'],
  ])('keeps the wall-clock time of %s', (_name, given, moved) => {
    expect(moveStamp(given, 36 * 7, ZONE)).toBe(moved);
  });

  test.each(['0001-01-01T00:00:00', '9999-12-31', '0000-00-00', '', 'on 2026-03-20', '2026-02-30', 'Q1 2026'])(
    'leaves %j alone',
    (text) => {
      expect(moveStamp(text, 7, ZONE)).toBe(text);
    },
  );

  test('moves a time into a spring gap forward, and takes the first of a time that occurs twice', () => {
    expect(moveStamp('2026-03-01T07:30:00Z', 7, ZONE)).toBe('2026-03-08T07:30:00Z');
    expect(moveStamp('2026-10-25T05:30:00Z', 7, ZONE)).toBe('2026-11-01T05:30:00Z');
  });

  test('an instant and the wall clock it stands for move together', () => {
    const hours = fc.integer({ min: Date.UTC(2025, 0, 1) / 1000, max: Date.UTC(2027, 0, 1) / 1000 });
    fc.assert(
      fc.property(hours, fc.integer({ min: -60, max: 60 }), (seconds, weeks) => {
        const instant = new Date(seconds * 1000).toISOString();
        const wall = moveStamp(localTimeOf(instant, ZONE), weeks * 7, ZONE);
        const shown = localTimeOf(moveStamp(instant, weeks * 7, ZONE), ZONE);
        // Only inside the hour the clocks skip does the moved wall time not exist.
        expect([wall, wall.replace('T02:', 'T03:')]).toContain(shown);
      }),
      { seed: 20260320 },
    );
  });
});

describe('moveDates', () => {
  test('moves rows, nested values, change steps and the snapshot, and nothing else', () => {
    const moved = moveDates(DATASET, 1);
    expect(moved._about.snapshotAt).toBe('2026-03-27T20:00:00Z');
    expect(moved.endpoints['/Times']).toEqual([
      {
        ID: 1,
        Start: '2026-03-27T07:00:00',
        Stamp: '2026-03-27T11:00:03.000Z',
        Nested: [{ On: '2026-03-27' }],
        Note: 'on 2026-03-20',
        N: 7,
      },
    ]);
    expect(moved.changes[0]).toMatchObject({ at: '2026-03-30T13:40:00Z', key: 1, row: { Stamp: '2026-03-30T13:40:00Z' } });
    expect(DATASET.endpoints['/Times']?.[0]?.Start).toBe('2026-03-20T07:00:00');
  });

  test('refuses parts of weeks', () => {
    expect(() => moveDates(DATASET, 0.5)).toThrow(RangeError);
  });

  test('there and back again is the same company', () => {
    expect(moveDates(moveDates(DATASET, 36), -36)).toEqual(DATASET);
  });
});

describe('weeksToThisWeek', () => {
  test.each([
    ['2026-03-16T04:00:00Z', 0],
    ['2026-03-16T03:59:59Z', -1],
    ['2026-03-23T03:59:59Z', 0],
    ['2026-11-23T15:31:00Z', 36],
    ['2027-01-01T12:00:00Z', 41],
  ])('at %s it is %i', (now, weeks) => {
    expect(weeksToThisWeek(DATASET, Date.parse(now))).toBe(weeks);
  });
});
