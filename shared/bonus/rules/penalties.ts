import { MAX_CENTS } from '#kernel/money.ts';
import { integerAt, objectAt, textAt } from '../check.ts';
import type { Penalty } from '../shapes.ts';
import { defineRule } from './rule.ts';

/** B-80: penalties come off a positive worker share, before the roles split it. */
export const penaltyRule = defineRule('B-80', 1, 'Penalties');

/** Checks one penalty (B-79): a missing amount is allowed here, because a projection may run before approval sets it. */
export function assertPenalty(value: unknown, field: string): asserts value is Penalty {
  const { id, amountCents, count } = objectAt(value, field);
  textAt(id, `${field}.id`);
  if (amountCents !== null && amountCents !== undefined) integerAt(amountCents, `${field}.amountCents`, 1, MAX_CENTS);
  if (count !== null && count !== undefined) integerAt(count, `${field}.count`, 0, 1000);
}

/** Whether an incurred penalty has no amount yet (B-79); approval must then refuse `penalty-amount-missing`. */
export function anyAmountMissing(penalties: readonly Penalty[]): boolean {
  return penalties.some(({ amountCents, count }) => (count ?? 1) > 0 && (amountCents ?? null) === null);
}

/** What penalties take from the worker share (B-79, B-80): Σ amount · count, at most the share, nothing from a share of 0 or less. */
export function penaltyOf(workerShareCents: number, penalties: readonly Penalty[]): number {
  if (workerShareCents <= 0) return 0;
  let total = 0;
  for (const { amountCents, count } of penalties) {
    total += (amountCents ?? 0) * (count ?? 1);
    if (total >= workerShareCents) return workerShareCents;
  }
  return total;
}
