import { safeNumber } from '../exact.ts';
import { defineRule } from '../rules/rule.ts';
import { federalPremium, type WeekTotals } from './federal-premium.ts';

/** B-206: what a worker-week owes for all its bonuses together, less what was issued. */
export const weekLedgerRule = defineRule('B-206', 1, 'Worker-week ledger');

/** The premium a worker-week owes in all, and the part of it that has not been issued. */
export type LedgerBalance = { readonly dueCents: number; readonly newPremiumCents: number };

/**
 * All attributed amounts of a worker-week are added up and rounded once, so neither their number nor their order matters; what was
 * issued is never taken back, an excess counts against later premium of the week (B-206).
 */
export function ledgerBalance(attributedCents: readonly number[], week: WeekTotals, issuedCents: number): LedgerBalance {
  const total = safeNumber(attributedCents.reduce((sum, cents) => sum + BigInt(cents), 0n));
  const dueCents = federalPremium(total, week);
  return { dueCents, newPremiumCents: Math.max(0, dueCents - issuedCents) };
}
