import { fraction, multiply, subtract } from '#kernel/fraction.ts';
import { defineRule } from '../rules/rule.ts';
import { federalPremium, type WeekTotals } from './federal-premium.ts';
import { inCents, payAt } from './rates.ts';

/** B-216: pay of a workweek against the minimum wage; a warning, wages stay with payroll. */
export const wageFloorRule = defineRule('B-216', 1, 'Minimum wage floor');

/** The federal minimum wage, 7.25 an hour. */
export const FEDERAL_MINIMUM_E4 = 72_500;

/** What lifts the week to the floor, and the overtime premium that goes with it. */
export type FloorCheck = { readonly topUpCents: number; readonly premiumCents: number; readonly totalDueCents: number };

/** top-up = max(0, H · minimum − pay); the premium rests on the minimum wage where pay was topped up, else on pay / H (B-216). */
export function floorCheck(payCents: number, minimumWageE4: number, week: WeekTotals): FloorCheck {
  const short = subtract(payAt(minimumWageE4, week.totalSeconds), fraction(payCents));
  const toppedUp = short.n > 0n;
  const topUpCents = toppedUp ? inCents(short) : 0;
  const premiumCents = toppedUp
    ? inCents(multiply(payAt(minimumWageE4, week.overtimeSeconds), fraction(1, 2)))
    : federalPremium(payCents, week);
  return { topUpCents, premiumCents, totalDueCents: payCents + topUpCents + premiumCents };
}
