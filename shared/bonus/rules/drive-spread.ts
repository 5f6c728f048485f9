import { allocateAmounts } from '#kernel/allocate.ts';
import { defineRule } from './rule.ts';

/** B-47: drive time logged on overhead is shared by the jobs worked that day. */
export const driveSpreadRule = defineRule('B-47', 1, 'Spreading of drive time');

/**
 * Divides one worker's drive time of one local day over the jobs worked that day, by counted work seconds (B-3); on a day without
 * work it stays unallocated. Shares in the order of `work`. Refuses `duplicate-id`.
 */
export function spreadDriveTime(
  driveSeconds: number,
  work: readonly { readonly jobId: string; readonly workSeconds: number }[],
): { readonly shares: readonly { readonly jobId: string; readonly seconds: number }[]; readonly unallocatedSeconds: number } {
  const worked = work.some((one) => one.workSeconds > 0);
  const amounts = allocateAmounts(
    worked ? driveSeconds : 0,
    work.map(({ jobId, workSeconds }) => ({ id: jobId, weight: workSeconds })),
  );
  return {
    shares: work.map(({ jobId }, index) => ({ jobId, seconds: amounts[index]! })),
    unallocatedSeconds: worked ? 0 : driveSeconds,
  };
}
