import type { LocalDate } from '#kernel/instant.ts';
import type { LineItem, PremiumWorking } from '#model/pay.ts';
import { type StatePremium, type StateWeek, statePremium } from './california.ts';
import type { PremiumDraft } from './decide-premiums.ts';

/** A flat sum with the hours of the pay period in which it was earned, and its premium under California's rule (null: cannot tell). */
export interface FlatBonus {
  readonly item: LineItem;
  readonly hours: StateWeek;
  readonly premium: StatePremium | null;
  readonly time: PremiumWorking['hours'];
  readonly complete: boolean;
}

/** Whether California takes a bonus for a flat sum: rewards of Pro-Goals and manual bonuses (B-212); all else is production. */
export function isFlat(item: Pick<LineItem, 'category'>): boolean {
  return item.category === 'pro_goal' || item.category === 'manual';
}

/** A flat sum with its premium. */
export function flatBonus(item: LineItem, hours: StateWeek, time: PremiumWorking['hours'], complete: boolean): FlatBonus {
  return { item, hours, time, complete, premium: statePremium('flat', item.amountCents, hours) };
}

/**
 * What the state adds to flat sums (B-212): each is judged alone, over the hours of its pay period, and issued beside the week's own
 * premiums; what was issued for it before is never taken back.
 */
export function flatPremiums(
  flats: readonly FlatBonus[],
  weekStart: LocalDate,
  issued: readonly LineItem[],
): readonly PremiumDraft[] {
  return flats.flatMap(({ item, hours, premium, time, complete }) => {
    if (premium === null) return [];
    const issuedBeforeCents = issued
      .filter((one) => one.premium?.formula === 'california_flat' && one.premium.bonuses[0]?.itemId === item.id)
      .reduce((sum, one) => sum + one.amountCents, 0);
    const cents = Math.max(0, premium.stateOnlyCents - issuedBeforeCents);
    if (cents === 0) return [];
    const working: PremiumWorking = {
      weekStart,
      legalBasis: 'state_only',
      formula: 'california_flat',
      bonuses: [{ itemId: item.id, method: item.premiumMethod ?? 'off', attributedCents: item.amountCents }],
      totalSeconds: hours.totalSeconds,
      overtimeSeconds: hours.stateOvertimeSeconds,
      doubleTimeSeconds: hours.stateDoubleTimeSeconds,
      dueCents: premium.stateOnlyCents,
      issuedBeforeCents,
      hours: time,
      label: complete ? null : 'incomplete',
    };
    return [{ cents, cause: item, working }];
  });
}
