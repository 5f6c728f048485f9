import type { LocalDate } from '#kernel/instant.ts';
import { type Key, weekLedgerKey } from './keys.ts';
import type { LegalBasis, PremiumOwner } from './pay.ts';
import { fieldsOf } from './propay-item.ts';
import type { TenantScope } from './scope.ts';

/** Version of the stored form. */
const ITEM_VERSION = 1;

/**
 * A worker's workweek as its premium was last worked out (B-206). Its revision is the condition of every premium of the week: of two
 * that issue at once, one is refused and looks again.
 */
export interface WeekLedger {
  readonly workerId: string;
  readonly weekStart: LocalDate;
  /** The bonuses that count, with what of each was earned in the week; by item id. */
  readonly bonuses: readonly { readonly itemId: string; readonly attributedCents: number }[];
  readonly totalSeconds: number;
  /** Federal overtime: beyond 40 hours. */
  readonly overtimeSeconds: number;
  readonly stateOvertimeSeconds: number;
  readonly stateDoubleTimeSeconds: number;
  readonly hoursComplete: boolean;
  /** Premium issued and not voided. */
  readonly issuedCents: Readonly<Record<LegalBasis, number>>;
  /** Why nothing is owed although bonuses count (B-211). */
  readonly reason: 'exempt' | null;
  /** What keeps a state premium from being told (B-212). */
  readonly missing: readonly string[];
  /** Who computes this week's premium; null until its first export (B-221). */
  readonly premiumOwner: PremiumOwner | null;
  /** The exports that named the owner and were not canceled since; with the last of them the owner goes (B-222). */
  readonly claimedBy: readonly string[];
  readonly revision: number;
}

/** A worker-week in its stored form. */
export function encodeWeekLedger(scope: TenantScope, ledger: WeekLedger): Key & Readonly<Record<string, unknown>> {
  return { ...weekLedgerKey(scope, ledger.workerId, ledger.weekStart), et: 'wl', v: ITEM_VERSION, ...ledger };
}

/** Reads a stored worker-week back. The first ones knew of no exports. */
export function decodeWeekLedger(item: Readonly<Record<string, unknown>>): WeekLedger {
  return { claimedBy: [], ...fieldsOf(item, 'wl') } as unknown as WeekLedger;
}

/** A worker-week in which nothing counts yet. Revision 0: not stored. */
export function blankWeekLedger(workerId: string, weekStart: LocalDate): WeekLedger {
  return {
    workerId,
    weekStart,
    bonuses: [],
    totalSeconds: 0,
    overtimeSeconds: 0,
    stateOvertimeSeconds: 0,
    stateDoubleTimeSeconds: 0,
    hoursComplete: false,
    issuedCents: { flsa_207: 0, state_only: 0 },
    reason: null,
    missing: [],
    premiumOwner: null,
    claimedBy: [],
    revision: 0,
  };
}
