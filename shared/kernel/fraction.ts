import { AppError } from './errors.ts';

/**
 * An exact rational number n/d, always in lowest terms with d > 0 (zero is 0/1). Intermediate values of every calculation stay
 * fractions until the rounding point a rule names (B-2).
 */
export type Fraction = { readonly n: bigint; readonly d: bigint };

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Of a number of any sign and one above zero. Doubles hold safe integers and their remainders exactly, and divide far faster. */
function gcd(first: bigint, second: bigint): bigint {
  let a = first < 0n ? -first : first;
  let b = second;
  if (a <= SAFE && b <= SAFE) return BigInt(gcdOfSafe(Number(a), Number(b)));
  while (b !== 0n) {
    [a, b] = [b, a % b];
  }
  return a;
}

function gcdOfSafe(first: number, second: number): number {
  let a = first;
  let b = second;
  while (b !== 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

function reduce(n: bigint, d: bigint): Fraction {
  if (d === 1n) return { n, d };
  if (d === 0n) throw new AppError('division-by-zero');
  const common = gcd(n, d < 0n ? -d : d);
  const divisor = d < 0n ? -common : common;
  return divisor === 1n ? { n, d } : { n: n / divisor, d: d / divisor };
}

/** The fraction n/d in lowest terms. A number that is not an integer throws a RangeError; d = 0 throws `division-by-zero`. */
export function fraction(n: bigint | number, d: bigint | number = 1n): Fraction {
  return reduce(BigInt(n), BigInt(d));
}

/** a + b, exactly. */
export function add(a: Fraction, b: Fraction): Fraction {
  return a.d === b.d ? reduce(a.n + b.n, a.d) : reduce(a.n * b.d + b.n * a.d, a.d * b.d);
}

/** a − b, exactly. */
export function subtract(a: Fraction, b: Fraction): Fraction {
  return a.d === b.d ? reduce(a.n - b.n, a.d) : reduce(a.n * b.d - b.n * a.d, a.d * b.d);
}

/** a · b, exactly. */
export function multiply(a: Fraction, b: Fraction): Fraction {
  return reduce(a.n * b.n, a.d * b.d);
}

/** a / b, exactly; b = 0 throws `division-by-zero`, because a rule has to state what happens then. */
export function divide(a: Fraction, b: Fraction): Fraction {
  return reduce(a.n * b.d, a.d * b.n);
}

/** −a. */
export function negate(a: Fraction): Fraction {
  return { n: -a.n, d: a.d };
}

/** −1 when a < b, 0 when equal, 1 when a > b. */
export function compare(a: Fraction, b: Fraction): -1 | 0 | 1 {
  const difference = a.n * b.d - b.n * a.d;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/** The exact sum of a list; 0 for an empty one. */
export function sum(list: Iterable<Fraction>): Fraction {
  let total: Fraction = { n: 0n, d: 1n };
  for (const item of list) total = add(total, item);
  return total;
}

/** The nearest integer, halves away from zero (B-2): 1/2 → 1, −1/2 → −1. */
export function roundHalfAwayFromZero(f: Fraction): bigint {
  const magnitude = ((f.n < 0n ? -f.n : f.n) * 2n + f.d) / (f.d * 2n);
  return f.n < 0n ? -magnitude : magnitude;
}

/** The largest integer not above f (towards minus infinity: −1/2 → −1). */
export function floorFraction(f: Fraction): bigint {
  const quotient = f.n / f.d;
  return f.n < 0n && quotient * f.d !== f.n ? quotient - 1n : quotient;
}

/** The text form used in traces and stored snapshots: `n/d`, lowest terms, sign on n. */
export function fractionText(f: Fraction): string {
  return `${f.n}/${f.d}`;
}

const FRACTION_TEXT = /^(-?\d{1,400})\/(\d{1,400})$/;

/** Reads the text form back (any terms; the result is reduced); null when the text is no fraction or its denominator is zero. */
export function parseFractionText(text: string): Fraction | null {
  const match = FRACTION_TEXT.exec(text);
  if (match === null) return null;
  const d = BigInt(match[2]!);
  return d === 0n ? null : reduce(BigInt(match[1]!), d);
}
