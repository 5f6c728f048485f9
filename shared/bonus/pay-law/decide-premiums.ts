import { canonicalJson } from '#kernel/canonical.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { LegalBasis, LineItem, PremiumWorking } from '#model/pay.ts';
import type { StateRule } from '#model/settings.ts';
import type { WeekLedger } from '#model/week-ledger.ts';
import { statePremium } from './california.ts';
import type { CountedBonus } from './counted-bonuses.ts';
import { federalPremium } from './federal-premium.ts';
import { type FlatBonus, flatPremiums, isFlat } from './flat-premiums.ts';
import type { WeekFacts } from './week-facts.ts';

/** A worker-week with everything its premium follows from. */
export interface WeekToDecide {
  readonly workerId: string;
  readonly weekStart: LocalDate;
  readonly ledger: WeekLedger | null;
  /** The bonuses that count now, in the order in which they became payable. */
  readonly bonuses: readonly CountedBonus[];
  /** The week's premiums that are not voided. */
  readonly issued: readonly LineItem[];
  readonly facts: WeekFacts;
  readonly rule: StateRule;
  readonly exempt: boolean;
  /** Flat sums whose first week this is, with the hours of their pay period; asked for under California's rule alone. */
  readonly flats: readonly FlatBonus[];
}

/** A premium to issue: its amount, the bonus whose statement it joins, and its working. */
export interface PremiumDraft {
  readonly cents: number;
  readonly cause: LineItem;
  readonly working: PremiumWorking;
}

/** What a look at a worker-week comes to; `ledger` is null where it stands as it was. */
export interface PremiumDecision {
  readonly ledger: WeekLedger | null;
  readonly premiums: readonly PremiumDraft[];
}

/**
 * Decides the premiums of a worker-week (B-205, B-206, B-212). All its bonuses owe together and are rounded once; what was issued is
 * never taken back, an excess counts against later premium of the week, whatever its legal basis. Bonuses that are new are taken one by
 * one, each with a premium of its own, so that it joins the statement of the bonus that caused it; the total is the same in any order.
 */
export function decidePremiums(week: WeekToDecide): PremiumDecision {
  const premiums = week.exempt ? [] : [...weekPremiums(week), ...flatPremiums(week.flats, week.weekStart, week.issued)];
  const ledger = ledgerAfter(week, premiums);
  return premiums.length === 0 && sameLedger(week.ledger, ledger) ? { ledger: null, premiums } : { ledger, premiums };
}

function weekPremiums(week: WeekToDecide): readonly PremiumDraft[] {
  const { bonuses, issued, ledger } = week;
  const before = { flsa_207: issuedOf(issued, 'flsa_207'), state_only: issuedOf(issued.filter(isOfWeek), 'state_only') };
  const seen = new Set(ledger?.bonuses.map((bonus) => bonus.itemId));
  const known = bonuses.filter(({ item }) => seen.has(item.id));
  const fresh = bonuses.filter(({ item }) => !seen.has(item.id));
  const steps = [...(known.length > 0 ? [known] : []), ...fresh.map((_, index) => [...known, ...fresh.slice(0, index + 1)])];
  const drafts: PremiumDraft[] = [];
  for (const counted of steps) {
    const due = dueOf(counted, week);
    const owed = Math.max(0, due.flsa_207 + due.state_only - before.flsa_207 - before.state_only);
    const federal = Math.min(owed, Math.max(0, due.flsa_207 - before.flsa_207));
    const cause = causeOf(counted);
    for (const [basis, cents] of [
      ['flsa_207', federal],
      ['state_only', owed - federal],
    ] as const) {
      if (cents > 0) drafts.push({ cents, cause, working: workingOf(week, counted, basis, due[basis], before[basis]) });
      before[basis] += cents;
    }
  }
  return drafts;
}

/** What some bonuses owe together: by federal law, and what the state adds on production bonuses. */
function dueOf(bonuses: readonly CountedBonus[], { facts, rule }: WeekToDecide): Record<LegalBasis, number> {
  const { federal, state } = facts;
  const sum = (list: readonly CountedBonus[]): number => list.reduce((total, bonus) => total + bonus.attributedCents, 0);
  const production = rule === 'federal' ? [] : bonuses.filter(({ item }) => !isFlat(item));
  const added = statePremium('production', sum(production), {
    totalSeconds: federal.totalSeconds,
    federalOvertimeSeconds: federal.overtimeSeconds,
    stateOvertimeSeconds: state.overtimeSeconds,
    stateDoubleTimeSeconds: state.doubleTimeSeconds,
  });
  return { flsa_207: federalPremium(sum(bonuses), federal), state_only: added?.stateOnlyCents ?? 0 };
}

/** The latest bonus that is not paid yet; where all are, hours came late and the latest of all names the calendar. */
function causeOf(bonuses: readonly CountedBonus[]): LineItem {
  const unpaid = bonuses.filter(({ item }) => item.events.at(-1)?.type !== 'paid');
  return (unpaid.at(-1) ?? bonuses.at(-1)!).item;
}

function workingOf(
  { weekStart, facts }: WeekToDecide,
  bonuses: readonly CountedBonus[],
  legalBasis: LegalBasis,
  dueCents: number,
  issuedBeforeCents: number,
): PremiumWorking {
  const { totalSeconds, overtimeSeconds, doubleTimeSeconds } = legalBasis === 'flsa_207' ? facts.federal : facts.state;
  return {
    weekStart,
    legalBasis,
    formula: legalBasis === 'flsa_207' ? 'federal' : 'california_production',
    bonuses: bonuses.map(({ item, method, attributedCents }) => ({ itemId: item.id, method, attributedCents })),
    totalSeconds,
    overtimeSeconds,
    doubleTimeSeconds,
    dueCents,
    issuedBeforeCents,
    hours: facts.hours,
    label: facts.complete ? null : 'incomplete',
  };
}

const isOfWeek = (item: LineItem): boolean => item.premium?.formula !== 'california_flat';

function issuedOf(items: readonly LineItem[], basis: LegalBasis): number {
  return items.filter((item) => item.premium?.legalBasis === basis).reduce((sum, item) => sum + item.amountCents, 0);
}

function ledgerAfter(week: WeekToDecide, premiums: readonly PremiumDraft[]): WeekLedger {
  const { workerId, weekStart, ledger, bonuses, issued, facts, exempt, flats } = week;
  const total = (basis: LegalBasis): number =>
    issuedOf(issued, basis) +
    premiums.filter(({ working }) => working.legalBasis === basis).reduce((sum, { cents }) => sum + cents, 0);
  return {
    workerId,
    weekStart,
    bonuses: bonuses
      .map(({ item, attributedCents }) => ({ itemId: item.id, attributedCents }))
      .sort((a, b) => (a.itemId < b.itemId ? -1 : 1)),
    totalSeconds: facts.federal.totalSeconds,
    overtimeSeconds: facts.federal.overtimeSeconds,
    stateOvertimeSeconds: facts.state.overtimeSeconds,
    stateDoubleTimeSeconds: facts.state.doubleTimeSeconds,
    hoursComplete: facts.complete,
    issuedCents: { flsa_207: total('flsa_207'), state_only: total('state_only') },
    reason: exempt && bonuses.length > 0 ? 'exempt' : null,
    missing: exempt || flats.every(({ premium }) => premium !== null) ? [] : ['non-overtime-hours'],
    premiumOwner: ledger?.premiumOwner ?? null,
    claimedBy: ledger?.claimedBy ?? [],
    revision: (ledger?.revision ?? 0) + 1,
  };
}

/** Whether a worker-week is as it was written; one that was never written and holds nothing is not worth writing. */
function sameLedger(before: WeekLedger | null, after: WeekLedger): boolean {
  if (before === null) return after.bonuses.length === 0;
  return canonicalJson({ ...before, revision: 0 }) === canonicalJson({ ...after, revision: 0 });
}
