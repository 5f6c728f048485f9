import type { EarnedWeek } from '#model/pay.ts';
import { type Attribution, type AttributionMethod, attribute } from './attribution.ts';
import { federalPremium, type WeekTotals } from './federal-premium.ts';

/** One workweek of a bonus with its overtime; `hoursComplete` false: the time data may lack hours of it (B-202). */
export type BonusWeek = EarnedWeek & WeekTotals & { readonly hoursComplete: boolean };

/** The premium of one bonus, week by week (B-205). */
export type BonusPremium = {
  readonly method: Attribution['method'];
  readonly byWeek: readonly { readonly weekStart: string; readonly attributedCents: number; readonly premiumCents: number }[];
  readonly premiumCents: number;
  /** Given when hours of a week may be missing: paying then needs an acknowledgement (B-205). */
  readonly label?: 'incomplete';
};

/** The federal premium of one bonus taken alone: attributed to its weeks, rounded in each of them, added up (B-204, B-205). */
export function bonusPremium(bonusCents: number, chosen: AttributionMethod, weeks: readonly BonusWeek[]): BonusPremium {
  const { method, weeks: parts } = attribute(bonusCents, chosen, weeks);
  const byWeek = parts.map(({ weekStart, attributedCents }, index) => ({
    weekStart,
    attributedCents,
    premiumCents: federalPremium(attributedCents, weeks[index]!),
  }));
  return {
    method,
    byWeek,
    premiumCents: byWeek.reduce((sum, week) => sum + week.premiumCents, 0),
    ...(weeks.every((week) => week.hoursComplete) ? null : { label: 'incomplete' }),
  };
}
