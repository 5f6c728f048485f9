import { compareCodePoints } from '#kernel/ids.ts';
import { calculate } from './calculate.ts';
import { assertCalculation } from './check-calculation.ts';
import { defineRule } from './rules/rule.ts';
import { type Calculation, type Payout, ROLES, type Role, type UndecidedResult } from './shapes.ts';

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

/**
 * Compares an approval with the same calculation on the current sources (B-96). Approved amounts do not move. A source that was
 * canceled or emptied counts as zero savings, so without time nobody has anything.
 */
export function compareWithApproved(
  approved: { readonly actualSeconds: number; readonly payouts: readonly Payout[] },
  current: Calculation,
): SourceDifference | UndecidedResult {
  assertCalculation(current);
  const emptied = current.entries.every((entry) => entry.seconds === 0);
  const now = emptied ? { actualSeconds: 0, payouts: [] } : calculate(current);
  if ('outcome' in now && now.outcome === 'cannot-tell') return now;
  const byWorker = differencesOf(approved.payouts, now.payouts);
  return {
    outcome: 'applies',
    secondsDifference: now.actualSeconds - approved.actualSeconds,
    byWorker,
    totalDifferenceCents: byWorker.reduce((total, one) => total + one.differenceCents, 0),
  };
}

/** Current less approved per person and role, zeros left out, in the order of payouts (B-190). */
export function differencesOf(approved: readonly Payout[], current: readonly Payout[]): PayoutDifference[] {
  const totals = new Map<string, { workerId: string; role: Role; differenceCents: number }>();
  const count = ({ workerId, role, cents }: Payout, sign: 1 | -1): void => {
    const key = JSON.stringify([role, workerId]);
    const known = totals.get(key);
    if (known === undefined) totals.set(key, { workerId, role, differenceCents: sign * cents });
    else known.differenceCents += sign * cents;
  };
  for (const payout of current) count(payout, 1);
  for (const payout of approved) count(payout, -1);
  return [...totals.values()]
    .filter((one) => one.differenceCents !== 0)
    .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || compareCodePoints(a.workerId, b.workerId));
}
