import type { Instant } from '#kernel/instant.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPayRecords, ProPayTarget } from '#model/propay-state.ts';
import { addProduct, roundedRatio, type Whole } from '../exact.ts';
import { isLive } from './live.ts';
import { progressOfMilestone, type Tracking } from './milestone-progress.ts';

/** Whether the source calls the work done, and how far along it is; `completionBp` null without any signal (B-37). */
export interface Completion {
  readonly completedAtSource: boolean;
  readonly completionBp: number | null;
  /** When somebody last reported progress or installed material by hand; null where nobody did. */
  readonly reportedAt: Instant | null;
}

/**
 * How far along the work is (B-37). A job that is one ProPay over all its milestones is as far as these are, weighed by their budgets:
 * by hours where each of them has hours, else by labour amounts where each has one. A task without any signal is not done (its budget
 * counts as tasks done do); any other milestone without one leaves the job without.
 */
export function completionOf(records: ProPayRecords, target: ProPayTarget, tracking: Tracking): Completion {
  const milestones = milestonesOf(records, target);
  const reportedAt = lastReport(milestones);
  const { job } = records;
  if (target.milestoneId === null && job?.fields.status === 'completed')
    return { completedAtSource: true, completionBp: 10_000, reportedAt };
  if (target.milestoneId !== null) {
    const visit = milestones[0];
    const progress = visit === undefined ? null : progressOfMilestone(visit, records.materials, tracking);
    const completedAtSource = visit?.fields.status === 'completed';
    return { completedAtSource, completionBp: progress?.completionBp ?? null, reportedAt };
  }
  return { completedAtSource: false, completionBp: completionOfJob(milestones, records, tracking), reportedAt };
}

function milestonesOf({ milestones }: ProPayRecords, { milestoneId }: ProPayTarget): readonly MirrorRecord<'milestone'>[] {
  if (milestoneId !== null) return milestones.filter((one) => one.id === milestoneId);
  return milestones.filter((one) => isLive(one) && one.fields.status !== 'canceled');
}

function completionOfJob(
  milestones: readonly MirrorRecord<'milestone'>[],
  records: ProPayRecords,
  tracking: Tracking,
): number | null {
  const parts = milestones.map((milestone) => ({
    progressBp:
      progressOfMilestone(milestone, records.materials, tracking)?.completionBp ?? (milestone.fields.kind === 'task' ? 0 : null),
    budget: records.budgets.find((one) => isLive(one) && one.fields.milestoneId === milestone.id)?.fields ?? null,
  }));
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only !== undefined) return only.progressBp;
  return (
    weighed(parts.map(({ progressBp, budget }) => ({ progressBp, weight: budget?.budgetSeconds ?? null }))) ??
    weighed(parts.map(({ progressBp, budget }) => ({ progressBp, weight: budget?.laborAmountCents ?? null })))
  );
}

/** The weighed mean of all parts (R9); null while a part's progress or weight is unknown, and without any weight. */
function weighed(parts: readonly { readonly progressBp: number | null; readonly weight: number | null }[]): number | null {
  let done: Whole = 0;
  let total = 0;
  for (const { progressBp, weight } of parts) {
    if (progressBp === null || weight === null) return null;
    done = addProduct(done, weight, progressBp);
    total += weight;
  }
  return total === 0 ? null : roundedRatio(done, 1, total);
}

function lastReport(milestones: readonly MirrorRecord<'milestone'>[]): Instant | null {
  const times = milestones.flatMap(({ own: { progress, installed } }) => [
    ...(progress === null ? [] : [progress.at]),
    ...Object.values(installed ?? {}).map(({ at }) => at),
  ]);
  return times.sort().at(-1) ?? null;
}
