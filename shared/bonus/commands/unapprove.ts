import { refuse } from '#kernel/errors.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { LineItem } from '#model/pay.ts';
import type { ProPay } from '#model/propay.ts';

/** Who undoes an approval, when and why. */
export interface UnapproveRequest {
  readonly by: string;
  readonly at: Instant;
  readonly todayDate: LocalDate;
  readonly reason: string;
}

/** The ProPay as it is Active again, and its items voided. */
export interface UnapproveDecision {
  readonly proPay: ProPay;
  readonly voided: readonly { readonly before: LineItem; readonly after: LineItem }[];
}

/** Undoes an approval (B-91): allowed while nothing of it is paid; its items are voided and stay visible. */
export function decideUnapproval(proPay: ProPay, items: readonly LineItem[], request: UnapproveRequest): UnapproveDecision {
  // A reopened statement may not have reached the ProPay yet.
  if (proPay.status === 'Paid' && isPaid(items)) refuse('paid-is-final');
  if (proPay.status === 'Deleted') refuse('deleted');
  if (proPay.status !== 'Approved' && proPay.status !== 'Paid') refuse('wrong-state', { data: { status: proPay.status } });
  if (items.some((item) => item.events.at(-1)?.type === 'paid')) refuse('partly-paid');
  return {
    proPay: { ...proPay, status: 'Active', approval: null, revision: proPay.revision + 1 },
    voided: items
      .filter((item) => item.events.at(-1)?.type !== 'void')
      .map((before) => ({ before, after: voidItem(before, request) })),
  };
}

/** Whether what was approved is paid (B-92): it has an item, and each that is not voided is Paid. */
export function isPaid(items: readonly LineItem[]): boolean {
  const ends = items.map((item) => item.events.at(-1)?.type).filter((end) => end !== 'void');
  return ends.length > 0 && ends.every((end) => end === 'paid');
}

/** An item after its voiding: final, and still visible (B-126). */
export function voidItem(item: LineItem, { by, at, todayDate, reason }: UnapproveRequest): LineItem {
  return {
    ...item,
    events: [...item.events, { type: 'void', on: todayDate, at, by, reason }],
    revision: item.revision + 1,
  };
}
