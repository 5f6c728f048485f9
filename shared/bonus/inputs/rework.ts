import { type Callback, isLiveCallback } from '#model/callback.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayRecords, ProPayState } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { defineRule } from '../rules/rule.ts';
import { type CountedEntry, countRecords } from './counted-records.ts';
import { isLive } from './live.ts';
import { billableParts } from './overhead.ts';

/** B-151: rework on work whose bonus is still open costs it, and gives nobody a share. */
export const reworkRule = defineRule('B-151', 1, 'Rework on an Active ProPay');

/** A piece of counted time of rework, with the job it was worked on. */
export interface ReworkEntry extends CountedEntry {
  readonly reworkJobId: string;
}

/**
 * The rework that counts into a ProPay's own figures: all of it while the ProPay is Active; what its approval took in once it is approved,
 * since later rework is a callback of its own (B-152).
 */
export function reworkJobsOf(
  { callbacks }: Pick<ProPayState, 'callbacks'>,
  { approval }: Pick<ProPay, 'approval'>,
): readonly string[] {
  const live = callbacks.filter(isLiveCallback).map(({ jobId }) => jobId);
  return live.filter((jobId) => approval === null || (approval.reworkJobIds ?? []).includes(jobId)).sort();
}

/** The counted time of rework (B-150), with the choices of the original; of rework that is gone or canceled at the source none. */
export function countRework(
  rework: readonly ProPayRecords[],
  driveTimeInCost: boolean,
  context: TenantContext,
): readonly ReworkEntry[] {
  return rework.flatMap((records) => {
    const { job } = records;
    if (job === null || !isLive(job) || job.fields.status === 'canceled') return [];
    return countRecords(records, driveTimeInCost, billableParts(records, context)).entries.map((entry) => ({
      ...entry,
      reworkJobId: job.id,
    }));
  });
}

/** True where an approval took the rework in: its later changes are changes of the approval's sources (B-96). */
export function isTakenIn({ jobId }: Pick<Callback, 'jobId'>, { approval }: Pick<ProPay, 'approval'>): boolean {
  return approval !== null && (approval.reworkJobIds ?? []).includes(jobId);
}
