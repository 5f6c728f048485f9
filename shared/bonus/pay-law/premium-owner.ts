import { refuse } from '#kernel/errors.ts';
import type { LineItem, PremiumOwner } from '#model/pay.ts';
import type { WeekLedger } from '#model/week-ledger.ts';

/**
 * The worker-week after an export has named who computes its premium (B-221): the first export decides, and an export by the other one
 * is refused `premium-already-owned`, so that nobody pays a premium twice.
 */
export function claimWeek(ledger: WeekLedger, owner: PremiumOwner, exportId: string): WeekLedger {
  if (isOwnedByOther(ledger, owner))
    refuse('premium-already-owned', {
      data: { workerId: ledger.workerId, weekStart: ledger.weekStart, owner: ledger.premiumOwner },
    });
  const claimedBy = ledger.claimedBy.includes(exportId) ? ledger.claimedBy : [...ledger.claimedBy, exportId];
  return { ...ledger, premiumOwner: owner, claimedBy, revision: ledger.revision + 1 };
}

/** Whether somebody else computes the premium of the week already. */
export function isOwnedByOther({ premiumOwner }: Pick<WeekLedger, 'premiumOwner'>, owner: PremiumOwner): boolean {
  return premiumOwner !== null && premiumOwner !== owner;
}

/** The worker-week after exports were canceled (B-222): free again, unless another export has named the same owner. */
export function releaseWeek(ledger: WeekLedger, exportIds: readonly string[]): WeekLedger {
  const claimedBy = ledger.claimedBy.filter((id) => !exportIds.includes(id));
  return {
    ...ledger,
    claimedBy,
    premiumOwner: claimedBy.length === 0 ? null : ledger.premiumOwner,
    revision: ledger.revision + 1,
  };
}

/** The premiums among some items whose week may lack hours as it stands now: paying or exporting them is asked about (B-205, B-138). */
export function incompletePremiums(items: readonly LineItem[], ledgers: readonly WeekLedger[]): readonly LineItem[] {
  const complete = new Set(ledgers.filter((ledger) => ledger.hoursComplete).map((ledger) => ledger.weekStart));
  return items.filter((item) => item.premium !== null && item.premium.label !== null && !complete.has(item.premium.weekStart));
}
