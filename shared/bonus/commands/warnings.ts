import { hashCanonical } from '#kernel/hash.ts';
import type { BudgetFigures, ProPay, ProPayResult } from '#model/propay.ts';
import { isManual } from '../inputs/adjustment.ts';
import { isHandPicked } from '../pay-law/crew-share.ts';

/**
 * What somebody should look at before approving, though nothing keeps them from it: `budget-source-changed` (B-35: the source's budget
 * is another one than a value by hand replaced), `total-earnings-single` (B-71: earnings of whole weeks on a single ProPay),
 * `total-earnings-by-hand` (B-208: people were added or left out by hand, so that overtime premium is owed on the shares all the same),
 * `payout-above-straight-pay` (B-62: somebody would get more than the same work earned straight).
 */
export type Warning = 'budget-source-changed' | 'total-earnings-single' | 'total-earnings-by-hand' | 'payout-above-straight-pay';

/** The warnings of a ProPay that is not approved yet. */
export function warningsOf(
  proPay: Pick<ProPay, 'status' | 'adjustment' | 'replacedBudget' | 'distribution' | 'excludedWorkerIds' | 'includedWorkerIds'>,
  { budget, figures, ifCompleted, people }: Pick<ProPayResult, 'budget' | 'figures' | 'ifCompleted' | 'people'>,
): readonly Warning[] {
  if (proPay.status !== 'Active') return [];
  const replaced = isManual(proPay.adjustment) && figuresText(proPay.replacedBudget) !== figuresText(budget);
  const byEarnings = proPay.distribution.formula === 'total_earnings';
  return [
    ...(replaced ? ['budget-source-changed' as const] : []),
    ...(byEarnings ? ['total-earnings-single' as const] : []),
    ...(byEarnings && isHandPicked([proPay], people.workerIds) ? ['total-earnings-by-hand' as const] : []),
    ...((ifCompleted ?? figures)?.payouts.some(({ aboveStraightPay }) => aboveStraightPay)
      ? ['payout-above-straight-pay' as const]
      : []),
  ];
}

/** Figures as comparable text, wherever they came from. */
function figuresText(figures: BudgetFigures | null): string {
  return hashCanonical(figures === null ? null : { ...figures, basis: null });
}
