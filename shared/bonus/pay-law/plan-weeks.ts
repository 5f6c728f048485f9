import { canonicalJson } from '#kernel/canonical.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { LineItem } from '#model/pay.ts';
import type { WeekLedger } from '#model/week-ledger.ts';
import { type CountedBonus, type CountingTerms, countedBonuses } from './counted-bonuses.ts';
import { isExempt } from './policies.ts';

/** A worker-week as far as the worker's own pay tells: what counts, what was issued, and what was written of it before. */
export interface PlannedWeek {
  readonly weekStart: LocalDate;
  readonly ledger: WeekLedger | null;
  readonly bonuses: readonly CountedBonus[];
  /** Premiums of the week that are not voided. */
  readonly issued: readonly LineItem[];
}

/** A worker's pay as it is stored. */
export interface WorkerPay {
  readonly workerId: string;
  readonly items: readonly LineItem[];
  readonly ledgers: readonly WeekLedger[];
}

/**
 * The workweeks of a worker whose premium has to be looked at, oldest first: those where other bonuses count than were written down, or
 * something issued was voided; and those asked for, as far as bonuses ever counted in them. Found from the present state, so it does not
 * matter which change woke the reader.
 */
export function planWeeks(
  { workerId, items, ledgers }: WorkerPay,
  terms: CountingTerms,
  asked: readonly LocalDate[],
): readonly PlannedWeek[] {
  const counted = countedBonuses(items, terms);
  const known = new Map(ledgers.map((ledger) => [ledger.weekStart, ledger]));
  const exempt = isExempt(terms.context, workerId);
  return [...new Set([...counted.keys(), ...known.keys()])]
    .sort()
    .map((weekStart) => ({
      weekStart,
      ledger: known.get(weekStart) ?? null,
      bonuses: counted.get(weekStart) ?? [],
      issued: items.filter((item) => item.premium?.weekStart === weekStart && item.events.at(-1)?.type !== 'void'),
    }))
    .filter((week) => asked.includes(week.weekStart) || isStale(week, exempt));
}

/** Whether the pay of the worker says something else than what was written of the week; hours apart. */
function isStale({ ledger, bonuses, issued }: PlannedWeek, exempt: boolean): boolean {
  if (ledger === null) return bonuses.length > 0;
  const attributed = (list: readonly { readonly itemId: string; readonly attributedCents: number }[]): string =>
    canonicalJson(list.map(({ itemId, attributedCents }) => `${itemId} ${attributedCents}`).sort());
  const now = bonuses.map(({ item, attributedCents }) => ({ itemId: item.id, attributedCents }));
  const { flsa_207, state_only } = ledger.issuedCents;
  const standing = issued.reduce((sum, item) => sum + item.amountCents, 0);
  const exemptNow = exempt && bonuses.length > 0;
  return (
    attributed(now) !== attributed(ledger.bonuses) ||
    standing !== flsa_207 + state_only ||
    exemptNow !== (ledger.reason === 'exempt')
  );
}
