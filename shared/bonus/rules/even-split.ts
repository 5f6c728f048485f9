import { allocateAmounts } from '#kernel/allocate.ts';
import type { WorkerShare } from '../shapes.ts';
import { defineRule } from './rule.ts';

/** B-59: inside the lead, manager and other pools everybody gets the same. */
export const evenSplitRule = defineRule('B-59', 1, 'Even split inside a role');

/** Divides an amount evenly by head (B-3 with weight 1), in the order of the ids given. Refuses `duplicate-id`. */
export function splitEvenly(cents: number, workerIds: readonly string[]): WorkerShare[] {
  const [only] = workerIds;
  if (workerIds.length === 1 && only !== undefined) return [{ workerId: only, cents }];
  const amounts = allocateAmounts(
    cents,
    workerIds.map((id) => ({ id, weight: 1 })),
  );
  return workerIds.map((workerId, index) => ({ workerId, cents: amounts[index]! }));
}
