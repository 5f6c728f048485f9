import type { Payout } from '../shapes.ts';
import { defineRule } from './rule.ts';

/** B-9: savings are always fully accounted for; what is not paid out, the company keeps. */
export const companyShareRule = defineRule('B-9', 1, 'What the company keeps');

/** Savings less all payouts; lead pay is apart and not counted. */
export function companyKeepsOf(savingsCents: number, payouts: readonly Payout[]): number {
  let paidCents = 0;
  for (const { cents } of payouts) paidCents += cents;
  return savingsCents - paidCents;
}
