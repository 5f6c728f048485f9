import { refuse } from '#kernel/errors.ts';
import type { WorkerShare } from '../shapes.ts';
import type { CrewMember } from './crew.ts';
import { defineRule } from './rule.ts';

/** B-70: amounts entered by hand. */
export const manualRule = defineRule('B-70', 1, 'Manual');

/**
 * The amounts by hand in the order of the members (B-70). Refuses `not-in-crew` when somebody else is named and
 * `manual-sum-mismatch`, with the difference, when they do not add up to the pool to the cent.
 */
export function manualShares(poolCents: number, members: readonly CrewMember[], amounts: readonly WorkerShare[]): number[] {
  const byWorker = new Map(amounts.map(({ workerId, cents }) => [workerId, cents]));
  let total = 0;
  const shares = members.map(({ workerId }) => {
    const cents = byWorker.get(workerId) ?? 0;
    byWorker.delete(workerId);
    total += cents;
    return cents;
  });
  for (const workerId of byWorker.keys()) refuse('not-in-crew', { field: 'distribution.amounts', data: { workerId } });
  if (total !== poolCents) {
    refuse('manual-sum-mismatch', {
      field: 'distribution.amounts',
      data: { poolCents, totalCents: total, differenceCents: poolCents - total },
    });
  }
  return shares;
}
