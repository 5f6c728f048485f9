import { hashCanonical } from '#kernel/hash.ts';
import type { BudgetFigures, ProPay, ProPayResult } from '#model/propay.ts';
import { isManual } from '../inputs/adjustment.ts';

/**
 * What somebody should look at before approving, though nothing keeps them from it: `budget-source-changed` (B-35: the source's budget
 * is another one than a value by hand replaced), `total-earnings-single` (B-71: earnings of whole weeks on a single ProPay),
 * `payout-above-straight-pay` (B-62: somebody would get more than the same work earned straight).
 */
export type Warning = 'budget-source-changed' | 'total-earnings-single' | 'payout-above-straight-pay';

/** The warnings of a ProPay that is not approved yet. */
export function warningsOf(
  proPay: Pick<ProPay, 'status' | 'adjustment' | 'replacedBudget' | 'distribution'>,
  { budget, figures, ifCompleted }: Pick<ProPayResult, 'budget' | 'figures' | 'ifCompleted'>,
): readonly Warning[] {
  if (proPay.status !== 'Active') return [];
  const replaced = isManual(proPay.adjustment) && figuresText(proPay.replacedBudget) !== figuresText(budget);
  return [
    ...(replaced ? ['budget-source-changed' as const] : []),
    ...(proPay.distribution.formula === 'total_earnings' ? ['total-earnings-single' as const] : []),
    ...((ifCompleted ?? figures)?.payouts.some(({ aboveStraightPay }) => aboveStraightPay)
      ? ['payout-above-straight-pay' as const]
      : []),
  ];
}

/** Figures as comparable text, wherever they came from. */
function figuresText(figures: BudgetFigures | null): string {
  return hashCanonical(figures === null ? null : { ...figures, basis: null });
}
