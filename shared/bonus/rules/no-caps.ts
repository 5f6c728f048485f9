import { addProduct, type Whole } from '../exact.ts';
import type { Payout } from '../shapes.ts';
import { UNITS_PER_CENT } from './labour-cost.ts';
import { defineRule } from './rule.ts';

/** B-62: bonuses have neither cap nor minimum; an unusually high one is pointed out to the approver. */
export const noCapsRule = defineRule('B-62', 1, 'No caps');

/** A piece of counted time at its straight wage. */
type PricedTime = { readonly workerId: string; readonly seconds: number; readonly wageE4: number | null };

/**
 * Tells of payouts whether they are above what the person earned straight with the same work (B-62). Not of people without own time, who
 * are paid for a role: there is nothing to compare with.
 */
export function aboveStraightPay(entries: readonly PricedTime[]): (payout: Payout) => boolean {
  const straight = new Map<string, Whole>();
  for (const { workerId, seconds, wageE4 } of entries)
    if (wageE4 !== null) straight.set(workerId, addProduct(straight.get(workerId) ?? 0, seconds, wageE4));
  return ({ workerId, cents }) => {
    const earned = straight.get(workerId) ?? 0;
    return BigInt(earned) > 0n && BigInt(cents) * BigInt(UNITS_PER_CENT) > BigInt(earned);
  };
}
