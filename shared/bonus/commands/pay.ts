import { refuse } from '#kernel/errors.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { LineItem, PayHead, StatementHeader } from '#model/pay.ts';
import type { StatementView } from '../pay/statements.ts';
import { type Acceptance, type Blocker, requireAccepted } from './accept.ts';

/** Who pays a statement, when, and what is accepted. */
export interface PayRequest {
  readonly payDate: LocalDate;
  readonly accept: readonly Acceptance[];
  readonly by: string;
  readonly at: Instant;
  /** Today where the statement belongs. */
  readonly todayDate: LocalDate;
  /** Today in a branch: the day that counts for its items. */
  readonly todayOf: (branchId: string | null) => LocalDate;
  /** What else the tenant or the law puts in the way (B-142, B-205). */
  readonly blockers: readonly Blocker[];
}

/** An item before and after a command. */
export interface ItemChange {
  readonly before: LineItem;
  readonly after: LineItem;
}

/** A decided payment: items Paid, the statement frozen with its totals, its period closed for the worker. */
export interface PayDecision {
  readonly items: readonly ItemChange[];
  readonly frozen: Pick<StatementHeader, 'status' | 'payDate' | 'paidAt' | 'paidBy' | 'totals' | 'itemIds'>;
  readonly head: PayHead;
  readonly accepted: readonly Acceptance[];
}

/**
 * Decides the payment of a statement (B-137, B-138): the period has ended or is accepted early, every earlier statement with money is
 * settled, the pay date is not before the period, no premium lacks hours unless that is accepted. Only items In Process are paid; what is held stays for a later statement.
 */
export function decidePayment(
  views: readonly StatementView[],
  view: StatementView,
  head: PayHead | null,
  request: PayRequest,
): PayDecision {
  if (view.status === 'Paid') refuse('paid-is-final');
  if (view.status !== 'Open') refuse('wrong-state', { data: { status: view.status } });
  if (request.payDate < view.period.startDate) refuse('invalid-pay-date', { field: 'payDate' });
  if (view.items.length === 0) refuse('wrong-state', { detail: 'The statement has no item to pay.' });
  const earlier = views.filter(
    (one) => one.period.startDate < view.period.startDate && one.status === 'Open' && one.items.length > 0,
  );
  if (earlier.length > 0) refuse('earlier-statement-open', { data: { statementIds: earlier.map((one) => one.id) } });
  const early = request.todayDate <= view.period.endDate;
  const blockers = [...(early ? [{ code: 'period-open', acceptable: true, ids: [] }] : []), ...request.blockers];
  const accepted = requireAccepted(blockers, request.accept);
  const { payDate, by, at, todayOf } = request;
  const items = view.items.map((before) => ({
    before,
    after: {
      ...before,
      events: [...before.events, { type: 'paid' as const, on: todayOf(before.branchId), at, by, statementId: view.id }],
      revision: before.revision + 1,
    },
  }));
  return {
    items,
    accepted,
    frozen: {
      status: 'Paid',
      payDate,
      paidAt: at,
      paidBy: by,
      totals: view.totals,
      itemIds: view.items.map((item) => item.id),
    },
    head: closePeriod(view, head, { status: 'Paid', rolloverOutCents: view.totals.rolloverOutCents }),
  };
}

/** The worker's pay head once the statement's period is closed: no item joins it any more (B-134). */
export function closePeriod(
  view: StatementView,
  head: PayHead | null,
  end: Pick<PayHead['closedPeriods'][number], 'status' | 'rolloverOutCents'>,
): PayHead {
  const closed = { startDate: view.period.startDate, ...end };
  const closedPeriods = [...(head?.closedPeriods ?? []), closed].sort((a, b) => (a.startDate < b.startDate ? -1 : 1));
  return { workerId: view.workerId, calendarId: view.calendarId, closedPeriods, revision: (head?.revision ?? 0) + 1 };
}
