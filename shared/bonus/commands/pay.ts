import { refuse } from '#kernel/errors.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { LineItem, PayHead, StatementHeader } from '#model/pay.ts';
import type { StatementView } from '../pay/statements.ts';
import { type Acceptance, requireAccepted } from './accept.ts';

/** Who pays a statement, when, and what is accepted. */
export interface PayRequest {
  readonly payDate: LocalDate;
  readonly accept: readonly Acceptance[];
  /** Ids of premiums whose hours may be missing some (B-205). */
  readonly incompletePremiumIds: readonly string[];
  readonly by: string;
  readonly at: Instant;
  readonly todayDate: LocalDate;
}

/** A decided payment: items Paid, the statement frozen with its totals, its period closed for the worker. */
export interface PayDecision {
  readonly items: readonly { readonly before: LineItem; readonly after: LineItem }[];
  readonly header: Omit<StatementHeader, 'reference' | 'workerName' | 'branchId' | 'revision'>;
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
  const incomplete = request.incompletePremiumIds;
  const blockers = [
    ...(early ? [{ code: 'period-open', acceptable: true, ids: [] }] : []),
    ...(incomplete.length > 0 ? [{ code: 'premium-incomplete', acceptable: true, ids: incomplete }] : []),
  ];
  const accepted = requireAccepted(blockers, request.accept);
  const { payDate, by, at } = request;
  const items = view.items.map((before) => ({
    before,
    after: {
      ...before,
      events: [...before.events, { type: 'paid' as const, on: request.todayDate, at, by, statementId: view.id }],
      revision: before.revision + 1,
    },
  }));
  const closed = { startDate: view.period.startDate, status: 'Paid' as const, rolloverOutCents: view.totals.rolloverOutCents };
  const closedPeriods = [...(head?.closedPeriods ?? []), closed].sort((a, b) => (a.startDate < b.startDate ? -1 : 1));
  return {
    items,
    accepted,
    header: {
      id: view.id,
      workerId: view.workerId,
      calendarId: view.calendarId,
      period: view.period,
      status: 'Paid',
      payDate,
      paidAt: at,
      paidBy: by,
      totals: view.totals,
      itemIds: view.items.map((item) => item.id),
    },
    head: { workerId: view.workerId, calendarId: view.calendarId, closedPeriods, revision: (head?.revision ?? 0) + 1 },
  };
}
