import { refuse } from '#kernel/errors.ts';
import { MAX_CENTS } from '#kernel/money.ts';
import { integerAt } from '../check.ts';
import { defineRule } from './rule.ts';

/** B-61: a fixed amount for the leads beside the pools, lowered by an overrun. */
export const leadPayRule = defineRule('B-61', 1, 'Lead pay');

/** Checks the amount: refuses `invalid-amount` when negative. */
export function assertLeadPay(value: unknown, field: string): asserts value is number {
  if (typeof value === 'number' && value < 0) refuse('invalid-amount', { field, detail: 'must not be negative' });
  integerAt(value, field, 0, MAX_CENTS);
}

/** The lead pay due: the amount less the overrun, never below 0; nothing after a failed disqualifier. Penalties do not touch it. */
export function leadPayOf(amountCents: number, savingsCents: number, failed: boolean): number {
  if (failed) return 0;
  return Math.max(0, amountCents - Math.max(0, 0 - savingsCents));
}
