import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayBefore, firstWithin, secondsUntil } from '#functions/sync/jobber/budget.ts';

const full = { maximumAvailable: 10_000, currentlyAvailable: 10_000, restoreRate: 500 };
const left = (currentlyAvailable: number) => ({ ...full, currentlyAvailable });

describe('the wait before a call', () => {
  it.each([
    ['with a full bucket there is none', 1_700, full, 0, 0],
    ['as long as the call and the reserve are there', 1_700, left(3_700), 0, 0],
    ['what lacks to call and reserve comes back first', 1_700, left(2_700), 0, 2_000],
    ['time that has gone by counts', 1_700, left(2_700), 1_500, 500],
    ['and more of it than is needed leaves none', 1_700, left(2_700), 60_000, 0],
    ['a clock that went back does not', 1_700, left(2_700), -60_000, 2_000],
    ['for more than the bucket holds it waits until that is full', 9_000, left(9_000), 0, 2_000],
  ])('%s', (_name, points, throttle, passedMs, waitMs) => {
    expect(delayBefore(points, throttle, 1_000_000, 1_000_000 + passedMs)).toBe(waitMs);
  });

  it('is never one without end: a source that restores nothing is simply asked', () => {
    expect(delayBefore(1_700, { ...left(0), restoreRate: 0 }, 0, 0)).toBe(0);
    expect(secondsUntil(1_700, { ...left(0), restoreRate: 0 })).toBeNull();
  });

  it('leaves the reserve in the bucket, whatever was there', () => {
    const points = fc.integer({ min: 1, max: 8_000 });
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 10_000 }), (asked, there) => {
        const waitMs = delayBefore(asked, left(there), 0, 0);
        expect(Math.min(10_000, there + (waitMs * 500) / 1_000) - asked).toBeGreaterThanOrEqual(2_000);
      }),
    );
  });
});

describe('a call that was throttled', () => {
  it('waits (requested − available) ÷ restore rate, rounded up, a second at least', () => {
    expect(secondsUntil(1_700, left(201))).toBe(3);
    expect(secondsUntil(1_700, left(200))).toBe(3);
    expect(secondsUntil(1_700, left(199))).toBe(4);
    expect(secondsUntil(1_700, left(1_699))).toBe(1);
  });
});

describe('the rows to ask for', () => {
  it('stay as they are within the limit, and come down in proportion beyond it', () => {
    expect(firstWithin(2_000, 100, 2_000)).toBe(100);
    expect(firstWithin(2_000, 100, 4_000)).toBe(50);
    expect(firstWithin(2_000, 100, 2_001)).toBe(99);
    expect(firstWithin(10, 1, 4_000)).toBe(1);
  });

  it('always become fewer while they are too many, so that shrinking ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 100 }), fc.integer({ min: 1, max: 100_000 }), (first, points) => {
        const next = firstWithin(2_000, first, points);
        expect(next).toBeGreaterThanOrEqual(1);
        if (points > 2_000) expect(next).toBeLessThan(first);
      }),
    );
  });
});
