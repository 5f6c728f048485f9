import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '#kernel/errors.ts';
import {
  add,
  compare,
  divide,
  type Fraction,
  floorFraction,
  fraction,
  fractionText,
  multiply,
  negate,
  parseFractionText,
  roundHalfAwayFromZero,
  subtract,
  sum,
} from '#kernel/fraction.ts';
import './fixed-seed.ts';

const anyFraction = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 20n }))
  .map(([n, d]) => fraction(n, d));

function isReduced({ n, d }: Fraction): boolean {
  let a = n < 0n ? -n : n;
  let b = d;
  while (b !== 0n) [a, b] = [b, a % b];
  return d > 0n && a === 1n;
}

test('keeps lowest terms with the sign on the numerator', () => {
  expect(fraction(6, -4)).toEqual({ n: -3n, d: 2n });
  expect(fraction(0, -7)).toEqual({ n: 0n, d: 1n });
  expect(fraction(5n)).toEqual({ n: 5n, d: 1n });
});

test('refuses to divide by zero and to start from a float', () => {
  expect(() => fraction(1, 0)).toThrow(AppError);
  expect(() => divide(fraction(1), fraction(0))).toThrow('division-by-zero');
  expect(() => fraction(0.5)).toThrow(RangeError);
});

test.each([
  [fraction(1, 2), 1n, 0n],
  [fraction(-1, 2), -1n, -1n],
  [fraction(1, 3), 0n, 0n],
  [fraction(-1, 3), 0n, -1n],
  [fraction(5, 2), 3n, 2n],
  [fraction(-5, 2), -3n, -3n],
  [fraction(249, 100), 2n, 2n],
  [fraction(-7), -7n, -7n],
])('rounds halves away from zero and floors downwards (B-2): %o', (value, rounded, floored) => {
  expect(roundHalfAwayFromZero(value)).toBe(rounded);
  expect(floorFraction(value)).toBe(floored);
});

test('rounding is symmetric and never off by more than a half', () => {
  fc.assert(
    fc.property(anyFraction, (value) => {
      const rounded = roundHalfAwayFromZero(value);
      expect(roundHalfAwayFromZero(negate(value))).toBe(-rounded);
      const off = subtract(value, fraction(rounded));
      expect(compare(off, fraction(1, 2)) <= 0 && compare(off, fraction(-1, 2)) >= 0).toBe(true);
    }),
  );
});

test('arithmetic obeys the field laws and stays reduced', () => {
  fc.assert(
    fc.property(anyFraction, anyFraction, anyFraction, (a, b, c) => {
      expect(add(a, b)).toEqual(add(b, a));
      expect(add(add(a, b), c)).toEqual(sum([a, b, c]));
      expect(multiply(a, add(b, c))).toEqual(add(multiply(a, b), multiply(a, c)));
      expect(subtract(add(a, b), b)).toEqual(a);
      if (b.n !== 0n) expect(divide(multiply(a, b), b)).toEqual(a);
      for (const value of [add(a, b), subtract(a, b), multiply(a, b)]) expect(isReduced(value)).toBe(true);
      expect(compare(a, b)).toBe(compare(b, a) === 0 ? 0 : -compare(b, a));
    }),
  );
});

test('the sum of nothing is zero', () => {
  expect(sum([])).toEqual(fraction(0));
});

test('the text form reads back', () => {
  fc.assert(
    fc.property(anyFraction, (value) => {
      expect(parseFractionText(fractionText(value))).toEqual(value);
    }),
  );
  expect(fractionText(fraction(-1, 3))).toBe('-1/3');
  expect(parseFractionText('2/4')).toEqual(fraction(1, 2));
});

test.each(['', '1', '1/0', '1/-2', '+1/2', '1.5/2', ' 1/2', '1/2/3'])('reads %j as no fraction', (text) => {
  expect(parseFractionText(text)).toBeNull();
});
