import { roundedRatio } from '../exact.ts';
import { defineRule } from './rule.ts';

/** B-36: a running projection is measured against the earned part of the budget. */
export const completionRule = defineRule('B-36', 1, 'Earned budget of a projection');

/** The earned budget: budget · completionBp / 10000, rounded once (R2), in the budget's own unit. At 10000 the budget itself. */
export function earnedBudget(budget: number, completionBp: number): number {
  return completionBp === 10_000 ? budget : roundedRatio(budget, completionBp, 10_000);
}
