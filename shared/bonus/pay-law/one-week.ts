import { add, divide, fraction, multiply } from '#kernel/fraction.ts';
import { defineRule } from '../rules/rule.ts';
import { exactFederalPremium, federalPremium, type WeekTotals } from './federal-premium.ts';
import { inCents, payAt, shownRate } from './rates.ts';

/** B-203: a week with one wage and one bonus. */
export const oneWeekRule = defineRule('B-203', 1, 'Pay of one week');

/** A week's check: the rate is shown only (R8) and null without hours. */
export type WeekCheck = {
  readonly regularRateE4: number | null;
  readonly premiumCents: number;
  readonly totalDueCents: number;
};

/**
 * The pay of one workweek at one wage with a bonus (B-203). The total is rounded once from its exact parts (R10): straight pay, half
 * the wage for each overtime hour, the bonus and its premium.
 */
export function payOfWeek(wageE4: number, bonusCents: number, week: WeekTotals): WeekCheck {
  const straight = payAt(wageE4, week.totalSeconds);
  const halfTime = multiply(payAt(wageE4, week.overtimeSeconds), fraction(1, 2));
  const earned = add(straight, fraction(bonusCents));
  return {
    regularRateE4: week.totalSeconds === 0 ? null : shownRate(divide(earned, fraction(week.totalSeconds))),
    premiumCents: federalPremium(bonusCents, week),
    totalDueCents: inCents(add(add(earned, halfTime), exactFederalPremium(bonusCents, week))),
  };
}
