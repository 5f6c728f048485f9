import { addProduct, roundedRatio, type Whole } from '../exact.ts';
import { defineRule } from './rule.ts';

/** B-140: what a person's hour was worth in a statement's period. */
export const wageFiguresRule = defineRule('B-140', 1, 'Wage figures');

/** Shown figures in ten-thousandths of a dollar per hour (R8); null without time. */
export type WageFigures = {
  readonly baseWageE4: number | null;
  readonly bonusRateE4: number | null;
  readonly effectiveWageE4: number | null;
};

/** Mean wage over the time of the period, bonus per hour (never below 0), and their sum as rounded (B-140). */
export function wageFigures(
  time: readonly { readonly seconds: number; readonly wageE4: number }[],
  netBalanceCents: number,
): WageFigures {
  let seconds = 0;
  let units: Whole = 0;
  for (const one of time) {
    seconds += one.seconds;
    units = addProduct(units, one.seconds, one.wageE4);
  }
  if (seconds === 0) return { baseWageE4: null, bonusRateE4: null, effectiveWageE4: null };
  const baseWageE4 = roundedRatio(units, 1, seconds);
  // One cent is 100 ten-thousandths of a dollar; one hour is 3600 seconds.
  const bonusRateE4 = roundedRatio(Math.max(0, netBalanceCents), 360_000, seconds);
  return { baseWageE4, bonusRateE4, effectiveWageE4: baseWageE4 + bonusRateE4 };
}
