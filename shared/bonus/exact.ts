import { refuse } from '#kernel/errors.ts';
import { type Fraction, fraction } from '#kernel/fraction.ts';

/** An integer of any size: a number while it is safe, a big integer beyond that. */
export type Whole = number | bigint;

/** total + a · b, exactly; stays a number as long as every step is a safe integer. All three are integers, a and b safe. */
export function addProduct(total: Whole, a: number, b: Whole): Whole {
  if (typeof total === 'number' && typeof b === 'number') {
    const product = a * b;
    const next = total + product;
    // A product or sum beyond the safe range is at least 2^53 in magnitude as a double too, so this test never passes a wrong value.
    if (Number.isSafeInteger(product) && Number.isSafeInteger(next)) return next;
  }
  return BigInt(total) + BigInt(a) * BigInt(b);
}

/**
 * round(a · b / d), halves away from zero (B-2), for integers with d > 0. Uses doubles only where the product is a safe integer, so
 * that quotient and remainder are exact; else big integers. A result beyond the safe range is refused as `invalid-number`.
 */
export function roundedRatio(a: Whole, b: Whole, d: Whole): number {
  if (typeof a === 'number' && typeof b === 'number' && typeof d === 'number') {
    const product = Math.abs(a * b);
    if (product <= Number.MAX_SAFE_INTEGER && d <= Number.MAX_SAFE_INTEGER) {
      let quotient = Math.floor(product / d);
      let remainder = product - quotient * d;
      // The division may have rounded up to the next integer; the exact remainder tells.
      if (remainder < 0) {
        quotient -= 1;
        remainder += d;
      }
      if (remainder >= d - remainder) quotient += 1;
      return a < 0 !== b < 0 ? 0 - quotient : quotient;
    }
  }
  const product = BigInt(a) * BigInt(b);
  const divisor = BigInt(d);
  const magnitude = ((product < 0n ? -product : product) * 2n + divisor) / (divisor * 2n);
  return safeNumber(product < 0n ? -magnitude : magnitude);
}

/** A big integer as a number; beyond the safe range, which no legal input reaches except by multiplying limits, `invalid-number`. */
export function safeNumber(value: bigint): number {
  const result = Number(value);
  if (!Number.isSafeInteger(result))
    refuse('invalid-number', { detail: 'the inputs lead to an amount beyond the supported range' });
  return result;
}

/** a / d for safe integers of which d divides a: such a quotient is exact. */
export function exactQuotient(a: number, d: number): number {
  return a / d;
}

/** ⌊a / d⌋ for safe integers a ≥ 0 and d > 0. */
export function floorRatio(a: number, d: number): number {
  return exactQuotient(a - (a % d), d);
}

/** A whole as a trace shows it: a number while that is safe, else its digits. */
export function shownWhole(value: Whole): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** What rounding a · b / d to `rounded` added (above zero) or dropped (below zero), for the trace (B-5). */
export function residueOf(rounded: number, a: Whole, b: Whole, d: Whole): Fraction {
  return fraction(BigInt(rounded) * BigInt(d) - BigInt(a) * BigInt(b), BigInt(d));
}
