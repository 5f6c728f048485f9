import { type Fraction, fraction, multiply, roundHalfAwayFromZero } from '#kernel/fraction.ts';
import { safeNumber } from '../exact.ts';
import { UNITS_PER_CENT } from '../rules/labour-cost.ts';

/** Seconds at a wage in ten-thousandths of a dollar per hour, in exact cents. */
export function payAt(wageE4: number, seconds: number): Fraction {
  return fraction(BigInt(wageE4) * BigInt(seconds), UNITS_PER_CENT);
}

/** An exact amount in whole cents, rounded once (R7, R10). */
export function inCents(exact: Fraction): number {
  return safeNumber(roundHalfAwayFromZero(exact));
}

/** Cents per second as a shown rate in ten-thousandths of a dollar per hour (R8). */
export function shownRate(centsPerSecond: Fraction): number {
  return safeNumber(roundHalfAwayFromZero(multiply(centsPerSecond, fraction(UNITS_PER_CENT))));
}
