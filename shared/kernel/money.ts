import { toScaled } from './decimal.ts';
import { refuse } from './errors.ts';

/** Limits of B-1. */
export const MAX_CENTS = 1_000_000_000_000;
export const MAX_SECONDS = 1_000_000_000;
export const MAX_WAGE_E4 = 100_000_000;
export const MAX_COUNT = 1_000_000;

const CENTS_TEXT = /^-?\d{1,14}(?:\.\d{1,2})?$/;
const E4_TEXT = /^-?\d{1,12}(?:\.\d{1,4})?$/;

/** Cents as the decimal string of the API edge, always two places: 12345 → '123.45', −5 → '-0.05'. Throws on anything but a safe integer. */
export function formatCents(amountCents: number): string {
  return formatUnits(amountCents, 2, 2);
}

/** Ten-thousandths as a decimal string with two to four places: 250000 → '25.00', 251230 → '25.123'. */
export function formatE4(valueE4: number): string {
  return formatUnits(valueE4, 4, 2);
}

function formatUnits(value: number, scale: number, leastPlaces: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not an integer amount`);
  const digits = String(Math.abs(value)).padStart(scale + 1, '0');
  const split = digits.length - scale;
  let end = digits.length;
  while (end > split + leastPlaces && digits.charCodeAt(end - 1) === 48) end -= 1;
  return `${value < 0 ? '-' : ''}${digits.slice(0, split)}.${digits.slice(split, end)}`;
}

/** An edge decimal string with at most two places → cents; null for other text (sign other than '-', exponent, grouping, more places). */
export function parseCents(text: string): number | null {
  return parseUnits(text, CENTS_TEXT, 2);
}

/** An edge decimal string with at most four places → ten-thousandths: '25.1234' → 251234; null for other text. */
export function parseE4(text: string): number | null {
  return parseUnits(text, E4_TEXT, 4);
}

function parseUnits(text: string, pattern: RegExp, scale: number): number | null {
  if (!pattern.test(text)) return null;
  const scaled = toScaled(text, scale);
  if (scaled === null) return null;
  const value = Number(scaled);
  return Number.isSafeInteger(value) ? value : null;
}

function assertRange(value: unknown, field: string, min: number, max: number): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return;
  refuse('invalid-number', { field, detail: `must be an integer from ${min} to ${max}` });
}

/** Refuses with `invalid-number` unless the value is whole cents within ±10^12 (B-1). */
export function assertCents(value: unknown, field: string): asserts value is number {
  assertRange(value, field, -MAX_CENTS, MAX_CENTS);
}

/** Refuses with `invalid-number` unless the value is whole seconds from 0 to 10^9 (B-1). */
export function assertSeconds(value: unknown, field: string): asserts value is number {
  assertRange(value, field, 0, MAX_SECONDS);
}

/** Refuses with `invalid-number` unless the value is a wage from 1 to 10^8 ten-thousandths of a dollar per hour (B-1). */
export function assertWageE4(value: unknown, field: string): asserts value is number {
  assertRange(value, field, 1, MAX_WAGE_E4);
}

/**
 * Refuses with `invalid-number` unless the value is whole basis points in the range: 0 to 1,000,000 when none is given, the widest
 * any rule allows (B-34). Rules with a narrower range and a code of their own check that themselves.
 */
export function assertBp(value: unknown, field: string, minBp = 0, maxBp = MAX_COUNT): asserts value is number {
  assertRange(value, field, minBp, maxBp);
}

/** Refuses with `invalid-number` unless the value is a count from 0 to 10^6 (B-1). */
export function assertCount(value: unknown, field: string): asserts value is number {
  assertRange(value, field, 0, MAX_COUNT);
}
