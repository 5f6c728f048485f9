import { objectAt, refuseShape, textAt } from '../check.ts';
import type { Disqualifier } from '../shapes.ts';
import { defineRule } from './rule.ts';

/** B-77: one failed answer, and nobody is paid. */
export const failedDisqualifierRule = defineRule('B-77', 1, 'Failed disqualifier');
/** B-78: an open answer blocks approval; a projection leaves it out and says so. */
export const pendingDisqualifierRule = defineRule('B-78', 1, 'Pending disqualifier');
/** B-107: a failed member of a pooled group never helps, and time on it earns no share. */
export const failedMemberRule = defineRule('B-107', 1, 'Failed member of a group');

/** Checks one answer (B-76). */
export function assertDisqualifier(value: unknown, field: string): asserts value is Disqualifier {
  const { id, state } = objectAt(value, field);
  textAt(id, `${field}.id`);
  if (state !== 'passed' && state !== 'failed' && state !== 'pending')
    refuseShape(`${field}.state`, 'must be passed, failed or pending');
}

/** Whether any question was failed (B-77). */
export function anyFailed(disqualifiers: readonly Disqualifier[]): boolean {
  return disqualifiers.some((question) => question.state === 'failed');
}

/** Whether any question is still open (B-78). */
export function anyPending(disqualifiers: readonly Disqualifier[]): boolean {
  return disqualifiers.some((question) => question.state === 'pending');
}

/** The worker share after the answers (B-77): a failure takes what is positive and leaves a loss as it is. */
export function shareAfterAnswers(workerShareCents: number, failed: boolean): number {
  return failed ? Math.min(0, workerShareCents) : workerShareCents;
}
