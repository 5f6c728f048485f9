import { refuse } from '#kernel/errors.ts';
import type { LineItem, PremiumOwner } from '#model/pay.ts';
import type { WeekLedger } from '#model/week-ledger.ts';

/**
 * The worker-week after an export has named who computes its premium (B-221): the first export decides, and an export by the other one
 * is refused `premium-already-owned`, so that nobody pays a premium twice. The same object where nothing changes.
 */
export function claimWeek(ledger: WeekLedger, owner: PremiumOwner): WeekLedger {
  if (ledger.premiumOwner === owner) return ledger;
  if (ledger.premiumOwner !== null)
    refuse('premium-already-owned', {
      data: { workerId: ledger.workerId, weekStart: ledger.weekStart, owner: ledger.premiumOwner },
    });
  return { ...ledger, premiumOwner: owner, revision: ledger.revision + 1 };
}

/** The worker-week free again, after its export was canceled (B-222). */
export function releaseWeek(ledger: WeekLedger): WeekLedger {
  return ledger.premiumOwner === null ? ledger : { ...ledger, premiumOwner: null, revision: ledger.revision + 1 };
}

/** The premiums among some items whose week may lack hours as it stands now: paying or exporting them is asked about (B-205, B-138). */
export function incompletePremiums(items: readonly LineItem[], ledgers: readonly WeekLedger[]): readonly LineItem[] {
  const complete = new Set(ledgers.filter((ledger) => ledger.hoursComplete).map((ledger) => ledger.weekStart));
  return items.filter((item) => item.premium !== null && item.premium.label !== null && !complete.has(item.premium.weekStart));
}
