import { penaltyOf } from '../rules/penalties.ts';
import { defineRule } from '../rules/rule.ts';
import { federalPremium, type WeekTotals } from './federal-premium.ts';

/** B-217: what lowers a bonus before it is earned, and what lowers it afterwards. */
export const penaltyOrDeductionRule = defineRule('B-217', 1, 'Penalty or deduction');

/** The bonus that was earned, the premium on it, and the deduction from it (0 or negative). */
export type LoweredBonus = { readonly earnedCents: number; readonly premiumCents: number; readonly deductionCents: number };

/**
 * A penalty lowers the earned bonus and the premium with it; a deduction comes afterwards, leaves the premium on the full bonus, and
 * takes at most the bonus (B-217).
 */
export function lowerBonus(
  kind: 'penalty' | 'deduction',
  bonusCents: number,
  amountCents: number,
  week: WeekTotals,
): LoweredBonus {
  const takenCents = penaltyOf(bonusCents, [{ id: kind, amountCents }]);
  const earnedCents = kind === 'penalty' ? bonusCents - takenCents : bonusCents;
  return {
    earnedCents,
    premiumCents: federalPremium(earnedCents, week),
    deductionCents: kind === 'deduction' ? 0 - takenCents : 0,
  };
}
