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
  if (proPay.status === 'Deleted') refuse('deleted');
  requireUnpaid(proPay.status, items);
  return {
    proPay: { ...proPay, status: 'Active', approval: null, revision: proPay.revision + 1 },
    voided: voidedItems(items, request),
  };
}

/**
 * Refuses unless something approved, of which nothing is paid, can be taken back. The items are asked: a statement that was reopened may not
 * have reached the status of what they belong to yet (B-137).
 */
export function requireUnpaid(status: string, items: readonly LineItem[]): void {
  if (status === 'Paid' && isPaid(items)) refuse('paid-is-final');
  if (status !== 'Approved' && status !== 'Paid') refuse('wrong-state', { data: { status } });
  if (items.some((item) => item.events.at(-1)?.type === 'paid')) refuse('partly-paid');
}

/** The items of an approval that is taken back, each with what it was; those that were voided before stay as they are. */
export function voidedItems(items: readonly LineItem[], request: UnapproveRequest): UnapproveDecision['voided'] {
  return items
    .filter((item) => item.events.at(-1)?.type !== 'void')
    .map((before) => ({ before, after: voidItem(before, request) }));
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
