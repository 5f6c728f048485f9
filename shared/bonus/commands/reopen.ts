import { refuse } from '#kernel/errors.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { PayHead } from '#model/pay.ts';
import type { StatementView } from '../pay/statements.ts';
import type { ItemChange } from './pay.ts';

/** Who reopens a statement, when and why. */
export interface ReopenRequest {
  readonly by: string;
  readonly at: Instant;
  readonly reason: string;
  readonly todayOf: (branchId: string | null) => LocalDate;
}

/** A decided reopening: its items are In Process again, and its period takes items again. */
export interface ReopenDecision {
  readonly items: readonly ItemChange[];
  readonly head: PayHead;
}

/**
 * Decides the reopening of a paid statement (B-137): refused while a later one of the worker in this calendar is Paid, because what
 * rolled over into it would change.
 */
export function decideReopening(
  views: readonly StatementView[],
  view: StatementView,
  head: PayHead | null,
  { by, at, reason, todayOf }: ReopenRequest,
): ReopenDecision {
  if (view.status !== 'Paid' || head === null) refuse('wrong-state', { data: { status: view.status } });
  const later = views.filter((one) => one.status === 'Paid' && one.period.startDate > view.period.startDate);
  if (later.length > 0) refuse('later-statement-paid', { data: { statementIds: later.map((one) => one.id) } });
  return {
    items: view.items.map((before) => ({
      before,
      after: {
        ...before,
        events: [...before.events, { type: 'reopen' as const, on: todayOf(before.branchId), at, by, reason }],
        revision: before.revision + 1,
      },
    })),
    head: {
      ...head,
      closedPeriods: head.closedPeriods.filter(({ startDate }) => startDate !== view.period.startDate),
      revision: head.revision + 1,
    },
  };
}
