import { refuse } from '#kernel/errors.ts';
import type { PayHead } from '#model/pay.ts';
import type { StatementView } from '../pay/statements.ts';
import { closePeriod } from './pay.ts';

/**
 * Decides the voiding of a statement that nothing stands on any more (B-137). What rolled into it passes on to the next one; items that
 * come later go to the next period.
 */
export function decideVoiding(view: StatementView, head: PayHead | null): PayHead {
  if (view.status === 'Paid') refuse('paid-is-final');
  if (view.status !== 'Open') refuse('wrong-state', { data: { status: view.status } });
  const live = [...view.items, ...view.upcoming];
  if (live.length > 0)
    refuse('wrong-state', {
      detail: 'Line items stand on this statement: void or move them first.',
      data: { lineItemIds: live.map((item) => item.id) },
    });
  return closePeriod(view, head, { status: 'Voided', rolloverOutCents: view.totals.rolloverInCents });
}
