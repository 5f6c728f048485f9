import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPayRecords, ProPayTarget } from '#model/propay-state.ts';
import { addProduct, roundedRatio, type Whole } from '../exact.ts';
import { progressOf } from '../rules/progress.ts';
import { isLive } from './live.ts';

/** Whether the source calls the work done, and how far along it is; `completionBp` null without any signal (B-37). */
export interface Completion {
  readonly completedAtSource: boolean;
  readonly completionBp: number | null;
}

/**
 * How far along the work is (B-37): completed at the source, else the source's percentage of the visit. A job that is one ProPay over
 * all its milestones is as far as these are, weighed by their hours, where each of them has hours and a signal. Hours used are no
 * progress.
 */
export function completionOf(records: ProPayRecords, target: ProPayTarget): Completion {
  if (target.milestoneId === null) return completionOfJob(records);
  const visit = records.milestones.find((one) => one.id === target.milestoneId);
  return {
    completedAtSource: visit?.fields.status === 'completed',
    completionBp: visit === undefined ? null : progressOfMilestone(visit),
  };
}

function progressOfMilestone({ fields }: MirrorRecord<'milestone'>): number | null {
  return progressOf({ completedAtSource: fields.status === 'completed', manualBp: fields.percentBp })?.completionBp ?? null;
}

function completionOfJob(records: ProPayRecords): Completion {
  if (records.job?.fields.status === 'completed') return { completedAtSource: true, completionBp: 10_000 };
  const milestones = records.milestones.filter((one) => isLive(one) && one.fields.status !== 'canceled');
  let done: Whole = 0;
  let total = 0;
  for (const milestone of milestones) {
    const hours =
      records.budgets.find((one) => isLive(one) && one.fields.milestoneId === milestone.id)?.fields.budgetSeconds ?? null;
    const progressBp = progressOfMilestone(milestone);
    if (hours === null || progressBp === null) return { completedAtSource: false, completionBp: null };
    done = addProduct(done, hours, progressBp);
    total += hours;
  }
  return { completedAtSource: false, completionBp: total === 0 ? null : roundedRatio(done, 1, total) };
}
