import { allocateAmounts } from '#kernel/allocate.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import { calculate } from './calculate.ts';
import { assertCalculation } from './check-calculation.ts';
import { anyFailed } from './rules/disqualifiers.ts';
import { splitEvenly } from './rules/even-split.ts';
import { leadPayOf } from './rules/lead-pay.ts';
import { defineRule } from './rules/rule.ts';
import {
  type AppliedResult,
  type Calculation,
  type CalculationResult,
  type Payout,
  ROLES,
  type Role,
  type UndecidedResult,
} from './shapes.ts';
import type { Tracer } from './trace.ts';
import { weightedTime } from './workings.ts';

/** B-96: what a later change at the source would have meant for approved money. */
export const sourceChangeRule = defineRule('B-96', 1, 'Source changed since approval');

/** One person's difference in one role: current less approved. */
export type PayoutDifference = { readonly workerId: string; readonly role: Role; readonly differenceCents: number };

/** The difference of a whole ProPay; `byWorker` in the order of payouts, without zeros. */
export type SourceDifference = {
  readonly outcome: 'applies';
  readonly secondsDifference: number;
  readonly byWorker: readonly PayoutDifference[];
  readonly totalDifferenceCents: number;
};

/** Time and money of one calculation, as far as an approval pays it. */
export type PaidFigures = { readonly actualSeconds: number; readonly payouts: readonly Payout[] };

/**
 * Compares an approval with the same calculation on the current sources (B-96). Approved amounts do not move. A source that was
 * canceled or emptied counts as zero savings, so without time nobody has anything.
 */
export function compareWithApproved(approved: PaidFigures, current: Calculation): SourceDifference | UndecidedResult {
  assertCalculation(current);
  const now = isEmptied(current) ? { actualSeconds: 0, payouts: [] } : calculate(current);
  return 'outcome' in now && now.outcome === 'cannot-tell' ? now : differenceBetween(approved, now);
}

/** Current less approved, in time and by person and role. */
export function differenceBetween(approved: PaidFigures, current: PaidFigures): SourceDifference {
  const byWorker = differencesOf(approved.payouts, current.payouts);
  return {
    outcome: 'applies',
    secondsDifference: current.actualSeconds - approved.actualSeconds,
    byWorker,
    totalDifferenceCents: byWorker.reduce((total, one) => total + one.differenceCents, 0),
  };
}

/** What an approval pays, lead pay among it as what leads get (B-61). */
export function paidFiguresOf(result: Pick<AppliedResult, 'actualSeconds' | 'payouts' | 'leadPayouts'>): PaidFigures {
  return { actualSeconds: result.actualSeconds, payouts: [...result.payouts, ...paidToLeads(result)] };
}

/** What leads get beside their pool (B-61), as payouts of their role. */
export function paidToLeads({ leadPayouts }: Pick<AppliedResult, 'leadPayouts'>): readonly Payout[] {
  return leadPayouts.map(({ workerId, cents }) => ({ workerId, role: 'crew_lead', cents }));
}

/**
 * What an approved calculation would pay on the current sources (B-96). One that was canceled keeps its hours and saves nothing, as does
 * one without time; lead pay is then what it is at savings of zero. `calculateWith`: the calculation by the rules of the approval (B-6).
 */
export function payNow(current: Calculation, canceled: boolean, how: HowToPay = {}): PaidFigures | UndecidedResult {
  if (canceled || isEmptied(current)) {
    const leads = current.crewLeadIds ?? [];
    const leadPayCents = leads.length === 0 ? 0 : leadPayOf(current.leadPayCents ?? 0, 0, anyFailed(current.disqualifiers ?? []));
    const leadPayouts = leadPayCents === 0 ? [] : splitEvenly(leadPayCents, leads);
    const actualSeconds = current.entries.reduce((sum, entry) => sum + entry.seconds, 0);
    return paidFiguresOf({ actualSeconds, payouts: [], leadPayouts });
  }
  const result = calculateAgain(current, how);
  return result.outcome === 'cannot-tell' ? result : paidFiguresOf(result);
}

interface HowToPay {
  readonly tracer?: Tracer;
  readonly calculateWith?: typeof calculate;
}

function isEmptied(current: Calculation): boolean {
  return current.entries.every((entry) => entry.seconds === 0);
}

/**
 * Calculates with amounts by hand on another pool than they were entered for (B-70): they no longer add up, so the crew pool is divided in
 * the proportion they stand in.
 */
function calculateAgain(current: Calculation, { tracer, calculateWith = calculate }: HowToPay): CalculationResult {
  const { distribution } = current;
  if (distribution.formula !== 'manual') return calculateWith(current, tracer);
  const perHour = { ...current, distribution: { ...distribution, formula: 'per_hour' as const, amounts: null } };
  const result = calculateWith(perHour, tracer);
  if (result.outcome === 'cannot-tell') return result;
  const crew = new Set(weightedTime(perHour).map(({ workerId }) => workerId));
  const amounts = (distribution.amounts ?? []).filter(({ workerId, cents }) => cents > 0 && crew.has(workerId));
  const pool = result.payouts.reduce((sum, { role, cents }) => (role === 'crew' ? sum + cents : sum), 0);
  if (pool <= 0 || amounts.length === 0) return result;
  const shares = allocateAmounts(
    pool,
    amounts.map(({ workerId, cents }) => ({ id: workerId, weight: cents })),
  );
  const byHand = amounts.map(({ workerId }, index) => ({ workerId, role: 'crew' as const, cents: shares[index]! }));
  return {
    ...result,
    payouts: [...byHand.filter(({ cents }) => cents !== 0), ...result.payouts.filter(({ role }) => role !== 'crew')],
  };
}

/** Current less approved per person and role, zeros left out, in the order of payouts (B-190). */
export function differencesOf(approved: readonly Payout[], current: readonly Payout[]): PayoutDifference[] {
  return sumDifferences([
    ...current.map(({ workerId, role, cents }) => ({ workerId, role, differenceCents: cents })),
    ...approved.map(({ workerId, role, cents }) => ({ workerId, role, differenceCents: 0 - cents })),
  ]);
}

/** Differences added up per person and role, zeros left out, in the order of payouts (B-190). */
export function sumDifferences(differences: readonly PayoutDifference[]): PayoutDifference[] {
  const totals = new Map<string, { workerId: string; role: Role; differenceCents: number }>();
  for (const { workerId, role, differenceCents } of differences) {
    const key = JSON.stringify([role, workerId]);
    const known = totals.get(key);
    if (known === undefined) totals.set(key, { workerId, role, differenceCents });
    else known.differenceCents += differenceCents;
  }
  return [...totals.values()]
    .filter((one) => one.differenceCents !== 0)
    .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || compareCodePoints(a.workerId, b.workerId));
}
