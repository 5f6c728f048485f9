import type { LineItem } from '#model/pay.ts';
import type { ItemStatus } from '../item-status.ts';
import { defineRule } from '../rules/rule.ts';

/** B-176: where the money of a warranty reserve is. */
export const warrantyBalanceRule = defineRule('B-176', 1, 'Warranty reserves');

/** One person's reserve on one ProPay: what was put by is drawn, released, voided or still there. */
export interface WarrantyBalance {
  readonly reservedCents: number;
  /** Taken by rework (B-153). */
  readonly drawnCents: number;
  /** In Process or Paid. */
  readonly releasedCents: number;
  /** Voided by people, or with the approval. */
  readonly voidedCents: number;
  readonly balanceCents: number;
  /** The first day on which something is to be free; null where nothing is held. */
  readonly dueDate: string | null;
}

/**
 * The balance over all warranty items of a person and ProPay. An item that took the place of another was put by with that one; a voided
 * one whose place was taken by less was drawn on, which only rework does (B-127).
 */
export function warrantyBalance(items: readonly LineItem[], statusOf: (item: LineItem) => ItemStatus): WarrantyBalance {
  const ids = new Set(items.map(({ id }) => id));
  const sumOf = (list: readonly LineItem[]): number => list.reduce((sum, { amountCents }) => sum + amountCents, 0);
  const isRoot = ({ replaces }: LineItem): boolean => replaces === null || !ids.has(replaces);
  const reservedCents = sumOf(items.filter(isRoot));
  const releasedCents = sumOf(items.filter((item) => ['In Process', 'Paid'].includes(statusOf(item))));
  const held = items.filter((item) => statusOf(item) === 'Held');
  const balanceCents = sumOf(held);
  const voided = items.filter((item) => statusOf(item) === 'Voided');
  const drawn = voided.filter((item) => isDrawn(item));
  const drawnCents = sumOf(drawn) - sumOf(items.filter(({ replaces }) => drawn.some(({ id }) => id === replaces)));
  const due = held.map(({ releaseOn }) => releaseOn).sort()[0] ?? null;
  const voidedCents = reservedCents - releasedCents - balanceCents - drawnCents;
  return { reservedCents, drawnCents, releasedCents, voidedCents, balanceCents, dueDate: due };
}

/** Whether rework took from an item; by the reason that its voiding carries. */
function isDrawn({ events }: LineItem): boolean {
  const last = events.at(-1);
  return last?.type === 'void' && last.reason.startsWith('drawn by callback ');
}
