import { fraction } from '#kernel/fraction.ts';
import { defineRule } from '../rules/rule.ts';
import { federalPremium, type WeekTotals } from './federal-premium.ts';
import type { WeekCheck } from './one-week.ts';
import { shownRate } from './rates.ts';

/** B-214: overtime on piece wages; a check, since this layer pays none. */
export const pieceRateRule = defineRule('B-214', 1, 'Piece rate');

/** Regular rate (pieces + other pay for hours) / H, half of it for each overtime hour (B-214). */
export function pieceRateCheck(pieceCents: number, otherPaidCents: number, week: WeekTotals): WeekCheck {
  const paidCents = pieceCents + otherPaidCents;
  const premiumCents = federalPremium(paidCents, week);
  return {
    regularRateE4: week.totalSeconds === 0 ? null : shownRate(fraction(paidCents, week.totalSeconds)),
    premiumCents,
    totalDueCents: paidCents + premiumCents,
  };
}
