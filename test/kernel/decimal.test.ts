import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExactNumber, hoursToSeconds, parseDecimal, toScaled } from '#kernel/decimal.ts';
import './fixed-seed.ts';

/** A decimal value and one of its many texts. */
const decimalText = fc
  .record({ digits: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), scale: fc.nat({ max: 20 }), zeros: fc.nat({ max: 3 }) })
  .map(({ digits, scale, zeros }) => {
    const magnitude = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
    const point = magnitude.length - scale;
    const decimals = magnitude.slice(point) + '0'.repeat(zeros);
    return {
      digits,
      scale,
      text: `${digits < 0n ? '-' : ''}${magnitude.slice(0, point)}${decimals === '' ? '' : `.${decimals}`}`,
    };
  });

describe('decimals are read from their digits (M-2)', () => {
  test.each([
    ['19.995', 19995n, 3],
    ['1.50', 15n, 1],
    ['-0.05', -5n, 2],
    ['-0', 0n, 0],
    ['0.000', 0n, 0],
    ['+7', 7n, 0],
    ['.5', 5n, 1],
    ['5.', 5n, 0],
    ['1e3', 1000n, 0],
    ['1.25E-2', 125n, 4],
    ['100e-1', 10n, 0],
    ['0100', 100n, 0],
  ])('%s', (text, digits, scale) => {
    expect(parseDecimal(text)).toEqual({ digits, scale });
  });

  test.each([
    [0.1, 1n, 1],
    [19.995, 19995n, 3],
    [1e21, 10n ** 21n, 0],
    [5e-7, 5n, 7],
    [-0, 0n, 0],
    [Number.MAX_SAFE_INTEGER, 9007199254740991n, 0],
  ])('the number %d', (value, digits, scale) => {
    expect(parseDecimal(value)).toEqual({ digits, scale });
  });

  test('takes exact numbers by their text', () => {
    expect(parseDecimal(new ExactNumber('0.30000000000000000001'))).toEqual({ digits: 30000000000000000001n, scale: 20 });
  });

  test.each([
    '',
    ' ',
    '.',
    '-',
    'e5',
    '1,5',
    '1 000',
    ' 1',
    '1 ',
    '0x10',
    '1e',
    'NaN',
    'Infinity',
    '1e99999',
    '1e401',
    '--1',
    '1.2.3',
    '٣',
  ])('refuses %j', (text) => {
    expect(parseDecimal(text)).toBeNull();
  });

  test('refuses numbers that are none, and text long enough to be an attack', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) expect(parseDecimal(value)).toBeNull();
    expect(parseDecimal('9'.repeat(10_000_000))).toBeNull();
  });

  test('equal values read equal, whatever zeros the text carries', () => {
    fc.assert(
      fc.property(decimalText, ({ digits, scale, text }) => {
        const read = parseDecimal(text);
        expect(read).not.toBeNull();
        expect(read!.digits * 10n ** BigInt(scale)).toBe(digits * 10n ** BigInt(read!.scale));
        expect(read!.scale === 0 || read!.digits % 10n !== 0n).toBe(true);
      }),
    );
  });

  test('every finite double is read as its shortest text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), (value) => {
        const read = parseDecimal(value);
        expect(read).not.toBeNull();
        expect(Number(`${read!.digits}e-${read!.scale}`)).toBe(Object.is(value, -0) ? 0 : value);
      }),
    );
  });
});

describe('scaled integers', () => {
  test('holds what fits and refuses what would need rounding', () => {
    expect(toScaled('19.99', 2)).toBe(1999n);
    expect(toScaled(0.1, 2)).toBe(10n);
    expect(toScaled('25.00000', 4)).toBe(250000n);
    expect(toScaled('19.995', 2)).toBeNull();
    expect(toScaled('25.00001', 4)).toBeNull();
    expect(toScaled('abc', 2)).toBeNull();
    expect(toScaled(-12, 2)).toBe(-1200n);
  });
});

describe('hours become seconds, rounded half up once (M-2)', () => {
  test.each([
    ['7.75', 27900],
    [0.1, 360],
    ['0.3333333333', 1200],
    ['0.0001388888', 0],
    ['0.00013888888888888888888', 0],
    ['0.00013888888888888888889', 1],
    ['0.000138889', 1],
    ['-1.5', -5400],
    ['-0.0001', 0],
    [24, 86400],
  ])('%s h is %i s', (hours, seconds) => {
    expect(hoursToSeconds(hours)).toBe(seconds);
  });

  test('a value halfway between seconds goes up', () => {
    // 0.000625 h is 2.25 s, 0.00125 h is 4.5 s: the second one is the half.
    expect(hoursToSeconds('0.000625')).toBe(2);
    expect(hoursToSeconds('0.00125')).toBe(5);
    expect(hoursToSeconds('-0.00125')).toBe(-4);
  });

  test('short and exact numbers go different ways to the same seconds', () => {
    const hours = fc.oneof(
      fc.stringMatching(/^\d{0,9}\.?\d{0,9}$/),
      fc.nat(2_000_000).map((seconds) => String(seconds / 7200)),
      fc.constantFrom('', '.', '1..2', '+1', '-1', '1e2', '00.50', '999999999999', '9999999999999999'),
    );
    fc.assert(
      fc.property(hours, (text) => {
        expect(hoursToSeconds(text)).toBe(hoursToSeconds(new ExactNumber(text)));
      }),
      { numRuns: 2000 },
    );
  });

  test('refuses what is no decimal or too large', () => {
    expect(hoursToSeconds('8h')).toBeNull();
    expect(hoursToSeconds(Number.NaN)).toBeNull();
    expect(hoursToSeconds(1e300)).toBeNull();
  });
});
