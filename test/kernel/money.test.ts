import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '#kernel/errors.ts';
import {
  assertBp,
  assertCents,
  assertCount,
  assertSeconds,
  assertWageE4,
  formatCents,
  formatE4,
  parseCents,
  parseE4,
} from '#kernel/money.ts';
import './fixed-seed.ts';

describe('decimal strings of the API edge', () => {
  test.each([
    [12345, '123.45'],
    [5, '0.05'],
    [-5, '-0.05'],
    [0, '0.00'],
    [-0, '0.00'],
    [-150000, '-1500.00'],
    [100_000_000_000_000, '1000000000000.00'],
  ])('%d cents are %s', (amountCents, text) => {
    expect(formatCents(amountCents)).toBe(text);
  });

  test.each([
    [250000, '25.00'],
    [251230, '25.123'],
    [251234, '25.1234'],
    [251200, '25.12'],
    [1, '0.0001'],
    [-15000, '-1.50'],
  ])('%d ten-thousandths are %s', (valueE4, text) => {
    expect(formatE4(valueE4)).toBe(text);
    expect(parseE4(text)).toBe(valueE4);
  });

  test('takes up to two places, and four for rates', () => {
    expect(['160', '160.5', '160.50', '-0.01', '-0', '007.10'].map(parseCents)).toEqual([16000, 16050, 16050, -1, 0, 710]);
    expect(Object.is(parseCents('-0.00'), 0)).toBe(true);
    expect(['25', '25.1', '25.1234', '25.10'].map(parseE4)).toEqual([250000, 251000, 251234, 251000]);
  });

  test.each([
    '',
    '1.',
    '.5',
    '1.234',
    '1.000',
    '+1',
    '1e2',
    '1,000',
    '1 000',
    ' 1',
    '1 ',
    '$1',
    '--1',
    'NaN',
    '9'.repeat(40),
    '٣',
  ])('reads %j as no amount', (text) => {
    expect(parseCents(text)).toBeNull();
  });

  test('refuses to print what is no integer', () => {
    expect(() => formatCents(0.5)).toThrow(RangeError);
    expect(() => formatE4(Number.NaN)).toThrow(RangeError);
  });

  test('every amount reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), (value) => {
        expect(parseCents(formatCents(value))).toBe(value);
        expect(parseE4(formatE4(value))).toBe(value);
      }),
    );
  });
});

describe('the ranges of B-1', () => {
  const ranges = [
    { name: 'cents', check: (value: unknown) => assertCents(value, 'f'), min: -(10 ** 12), max: 10 ** 12 },
    { name: 'seconds', check: (value: unknown) => assertSeconds(value, 'f'), min: 0, max: 10 ** 9 },
    { name: 'wages', check: (value: unknown) => assertWageE4(value, 'f'), min: 1, max: 10 ** 8 },
    { name: 'basis points', check: (value: unknown) => assertBp(value, 'f'), min: 0, max: 10 ** 6 },
    { name: 'basis points of a narrower rule', check: (value: unknown) => assertBp(value, 'f', 1, 9999), min: 1, max: 9999 },
    { name: 'counts', check: (value: unknown) => assertCount(value, 'f'), min: 0, max: 10 ** 6 },
  ];

  test.each(ranges)('$name from $min to $max', ({ check, min, max }) => {
    expect(() => check(min)).not.toThrow();
    expect(() => check(max)).not.toThrow();
    for (const bad of [
      min - 1,
      max + 1,
      min + 0.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      String(max),
      BigInt(max),
      null,
      undefined,
    ]) {
      expect(() => check(bad)).toThrow(Refusal);
    }
  });

  test('the refusal names code and field', () => {
    expect(() => assertCents('12', 'amountCents')).toThrow(
      expect.objectContaining({ code: 'invalid-number', field: 'amountCents', category: 'customer' }),
    );
  });
});
