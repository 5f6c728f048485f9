import type { ProPayRecords, ProPayTarget } from '#model/propay-state.ts';
import { progressOf } from '../rules/progress.ts';
import { isLive } from './live.ts';

/** Whether the source calls the work done, and how far along it is; `completionBp` null without any signal (B-37). */
export interface Completion {
  readonly completedAtSource: boolean;
  readonly completionBp: number | null;
}

/**
 * How far along the work is (B-37): completed at the source, else the source's percentage of the visit, else the milestones that are
 * done, weighed by their hours, where every one of them has hours. Hours used are no progress.
 */
export function completionOf(records: ProPayRecords, target: ProPayTarget): Completion {
  if (target.milestoneId === null) return completionOfJob(records);
  const visit = records.milestones.find((one) => one.id === target.milestoneId);
  const completedAtSource = visit?.fields.status === 'completed';
  const progress = progressOf({ completedAtSource, manualBp: visit?.fields.percentBp ?? null });
  return { completedAtSource, completionBp: progress?.completionBp ?? null };
}

function completionOfJob(records: ProPayRecords): Completion {
  const completedAtSource = records.job?.fields.status === 'completed';
  const milestones = records.milestones.filter((one) => isLive(one) && one.fields.status !== 'canceled');
  const tasks = milestones.map((milestone) => {
    const budget =
      records.budgets.find((one) => isLive(one) && one.fields.milestoneId === milestone.id)?.fields.budgetSeconds ?? null;
    return { budget, done: milestone.fields.status === 'completed' };
  });
  const known = tasks.length > 0 && tasks.every((task) => task.budget !== null);
  const progress = progressOf({
    completedAtSource,
    tasks: known ? tasks.map((task) => ({ budget: task.budget!, done: task.done })) : null,
  });
  return { completedAtSource, completionBp: progress?.completionBp ?? null };
}
