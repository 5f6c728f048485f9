import { add, type Fraction, fraction } from '#kernel/fraction.ts';
import { addProduct, roundedRatio, type Whole } from '../exact.ts';
import type { Entry, WeekHours } from '../shapes.ts';
import { defineRule } from './rule.ts';

/** B-43: seconds · wage · burden factor · overtime factor, summed exactly and rounded once (R3). */
export const labourCostRule = defineRule('B-43', 1, 'Actual labour cost');
/** B-44: burden raises the cost, never the distribution. */
export const burdenRule = defineRule('B-44', 1, 'Burden');
/** B-45: a week's overtime premium is spread over all of the week's time. */
export const overtimeCostRule = defineRule('B-45', 1, 'Overtime in the cost');

/** Seconds · ten-thousandths of a dollar per hour that make one cent. */
export const UNITS_PER_CENT = 360_000;

/** An exact cost: `units / unitsPerCent` cents. Kept unreduced, so that the common case needs no big integer. */
export type ExactCost = { readonly units: Whole; readonly unitsPerCent: Whole };

/** wage · (10000 + burden) / 10000 in ten-thousandths, rounded for display (B-44, R8); the cost itself uses the exact value. */
export function burdenedWage(wageE4: number, burdenBp: number): number {
  return roundedRatio(wageE4, 10_000 + burdenBp, 10_000);
}

/** 1 + (½ · overtime + double time) / total seconds of the week: the premium spread over all of the week's time (B-45). */
export function overtimeFactor(week: WeekHours): Fraction {
  return fraction(overtimeParts(week), 2n * BigInt(week.totalSeconds));
}

/** The factor's numerator, over twice the total seconds of the week. */
function overtimeParts({ totalSeconds, overtimeSeconds, doubleTimeSeconds }: WeekHours): bigint {
  return 2n * BigInt(totalSeconds) + BigInt(overtimeSeconds) + 2n * BigInt(doubleTimeSeconds);
}

/** The sum of fractions, half with half: hundreds of weeks of different lengths have a large common denominator only at the end. */
function sumOf(list: readonly Fraction[]): Fraction {
  if (list.length === 1) return list[0]!;
  const middle = list.length >>> 1;
  return add(sumOf(list.slice(0, middle)), sumOf(list.slice(middle)));
}

/** The exact cost of entries whose wages, burdens and weeks are all known (B-43 to B-45). */
export function costOf(entries: readonly Entry[]): ExactCost {
  let plain: Whole = 0;
  let burdened: Whole = 0;
  const byWeek = new Map<number, bigint>();
  for (const { seconds, wageE4, burdenBp, week } of entries) {
    if (seconds === 0 || wageE4 === null) continue;
    const bp = burdenBp ?? 0;
    if (week) {
      const units = BigInt(seconds) * BigInt(wageE4) * BigInt(10_000 + bp) * overtimeParts(week);
      byWeek.set(week.totalSeconds, (byWeek.get(week.totalSeconds) ?? 0n) + units);
    } else if (bp === 0) plain = addProduct(plain, seconds, wageE4);
    else burdened = addProduct(burdened, seconds, wageE4 * (10_000 + bp));
  }
  if (byWeek.size > 0) {
    const parts = [...byWeek].map(([totalSeconds, units]) => fraction(units, 20_000n * BigInt(totalSeconds)));
    const total = sumOf([...parts, fraction(BigInt(plain) * 10_000n + BigInt(burdened), 10_000n)]);
    return { units: total.n, unitsPerCent: total.d * BigInt(UNITS_PER_CENT) };
  }
  if (burdened === 0) return { units: plain, unitsPerCent: UNITS_PER_CENT };
  const units = typeof plain === 'number' ? addProduct(burdened, 10_000, plain) : plain * 10_000n + BigInt(burdened);
  return { units, unitsPerCent: UNITS_PER_CENT * 10_000 };
}

/** The cost in whole cents (R3). */
export function costCents(cost: ExactCost): number {
  return roundedRatio(cost.units, 1, cost.unitsPerCent);
}
