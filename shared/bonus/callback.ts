import { allocateAmounts } from '#kernel/allocate.ts';
import { calculate } from './calculate.ts';
import { defineRule } from './rules/rule.ts';
import {
  type AppliedResult,
  type Calculation,
  type Entry,
  type Payout,
  ROLES,
  type Role,
  type UndecidedResult,
} from './shapes.ts';
import type { Tracer } from './trace.ts';

/** B-152: what rework takes back from the people who earned the bonus, whoever did the rework. */
export const callbackRule = defineRule('B-152', 1, 'Difference of a callback');
/** B-153: the warranty reserve pays before anybody's later bonuses do. */
export const reserveFirstRule = defineRule('B-153', 1, 'Reserve first');

/** What one person gives back in one role; all amounts 0 or more. */
export type CallbackShare = {
  readonly workerId: string;
  readonly role: Role;
  readonly differenceCents: number;
  readonly fromReserveCents: number;
  readonly deductionCents: number;
};

/** The difference a callback makes. */
export type CallbackResult = {
  readonly outcome: 'applies';
  readonly approvedSavingsCents: number;
  readonly recomputedSavingsCents: number;
  readonly differenceCents: number;
  readonly byWorker: readonly CallbackShare[];
};

/**
 * Recalculates an approved bonus with all rework so far added to time and cost (B-152). Per role the fall of the total, at most what
 * was approved, is divided by the approved amounts, less what earlier callbacks took; then taken from the person's warranty reserve
 * first (B-153). Only totals by role count in the recalculation, so who did the rework, and how the crew shared, does not matter.
 */
export function callbackDifference(
  original: Calculation,
  rework: readonly Entry[],
  reserve: readonly Payout[],
  alreadyTaken: readonly Payout[],
): CallbackResult | UndecidedResult {
  const approved = calculate(original);
  return approved.outcome === 'cannot-tell' ? approved : fallBy(approved, withRework(original, rework), reserve, alreadyTaken);
}

/** An approved calculation with rework: the split inside the crew is not asked for, so amounts by hand, which would no longer add up, are left out. */
export function withRework(original: Calculation, rework: readonly Entry[]): Calculation {
  return { ...original, entries: [...original.entries, ...rework], distribution: { formula: 'per_hour' } };
}

/** By the rules of the approval (B-6), and traced, where these are given. */
interface HowToCalculate {
  readonly tracer?: Tracer;
  readonly calculateWith?: typeof calculate;
}

/** The difference between an approval and the same with rework (B-152, B-153). */
export function fallBy(
  approved: Pick<AppliedResult, 'savingsCents' | 'payouts'>,
  reworked: Calculation,
  reserve: readonly Payout[],
  alreadyTaken: readonly Payout[],
  { tracer, calculateWith = calculate }: HowToCalculate = {},
): CallbackResult | UndecidedResult {
  const again = calculateWith(reworked, tracer);
  if (again.outcome === 'cannot-tell') return again;
  const byWorker = ROLES.flatMap((role) => {
    const earned = approved.payouts.filter((payout) => payout.role === role && payout.cents > 0);
    const total = sumOf(earned);
    const fall = total - Math.max(0, sumOf(again.payouts.filter((payout) => payout.role === role)));
    return shareFall(earned, Math.min(total, Math.max(0, fall)), alreadyTaken).map((share) => withReserve(share, reserve));
  });
  return {
    outcome: 'applies',
    approvedSavingsCents: approved.savingsCents,
    recomputedSavingsCents: again.savingsCents,
    differenceCents: byWorker.reduce((sum, share) => sum + share.differenceCents, 0),
    byWorker,
  };
}

function sumOf(payouts: readonly Payout[]): number {
  return payouts.reduce((sum, payout) => sum + payout.cents, 0);
}

/** The fall of one role by person, less what earlier callbacks took and never below 0; people without a difference are left out. */
function shareFall(earned: readonly Payout[], fallCents: number, alreadyTaken: readonly Payout[]): Payout[] {
  const parts = allocateAmounts(
    fallCents,
    earned.map((payout) => ({ id: payout.workerId, weight: payout.cents })),
  );
  return earned
    .map((payout, index) => ({ ...payout, cents: Math.max(0, parts[index]! - amountOf(alreadyTaken, payout)) }))
    .filter((payout) => payout.cents > 0);
}

function withReserve({ workerId, role, cents }: Payout, reserve: readonly Payout[]): CallbackShare {
  const fromReserveCents = Math.min(cents, amountOf(reserve, { workerId, role }));
  return { workerId, role, differenceCents: cents, fromReserveCents, deductionCents: cents - fromReserveCents };
}

function amountOf(list: readonly Payout[], of: Pick<Payout, 'workerId' | 'role'>): number {
  return sumOf(list.filter((payout) => payout.workerId === of.workerId && payout.role === of.role));
}
