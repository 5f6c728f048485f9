import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addProduct, roundedRatio } from '#bonus/exact.ts';
import { SEED } from './arbitraries.ts';

/** Numbers on both sides of the limit where doubles stop being exact. */
const wide = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -200_000, max: 200_000 }),
  fc.constantFrom(0, 1, -1, 2 ** 26, 2 ** 27, Number.MAX_SAFE_INTEGER),
);
const positive = fc.oneof(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));

describe('exact whole numbers', () => {
  test('a running product is the same through doubles and big integers', () => {
    fc.assert(
      fc.property(wide, wide, wide, (total, a, b) => {
        expect(BigInt(addProduct(total, a, b))).toBe(BigInt(total) + BigInt(a) * BigInt(b));
        expect(BigInt(addProduct(BigInt(total), a, b))).toBe(BigInt(total) + BigInt(a) * BigInt(b));
      }),
      { numRuns: 3000, seed: SEED },
    );
  });

  test('rounding is the same through doubles and big integers, and halves go away from zero', () => {
    fc.assert(
      fc.property(wide, fc.integer({ min: -100_000, max: 100_000 }), positive, (a, b, d) => {
        const exact = BigInt(a) * BigInt(b) * 2n;
        const size = ((exact < 0n ? -exact : exact) + BigInt(d)) / (2n * BigInt(d));
        fc.pre(size <= BigInt(Number.MAX_SAFE_INTEGER));
        expect(BigInt(roundedRatio(a, b, d))).toBe(exact < 0n ? -size : size);
        expect(Object.is(roundedRatio(a, b, d), -0)).toBe(false);
      }),
      { numRuns: 5000, seed: SEED },
    );
    expect([roundedRatio(1, 1, 2), roundedRatio(-1, 1, 2), roundedRatio(1, 1, 3), roundedRatio(-2, 1, 3)]).toEqual([
      1, -1, 0, -1,
    ]);
  });

  test('a result beyond the safe integers is refused', () => {
    expect(() => roundedRatio(2 ** 53 - 1, 2, 1)).toThrow('invalid-number');
  });
});
