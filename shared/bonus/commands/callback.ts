import { allocateAmounts } from '#kernel/allocate.ts';
import { refuse } from '#kernel/errors.ts';
import { hashText } from '#kernel/hash.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { Callback, CallbackAssessment, CallbackPart, Recognition } from '#model/callback.ts';
import { callbackId, lineItemId } from '#model/ids.ts';
import type { LineItem } from '#model/pay.ts';
import { roundedRatio } from '../exact.ts';
import { itemStatus } from '../item-status.ts';
import { defineRule } from '../rules/rule.ts';
import type { Payout } from '../shapes.ts';
import { standingOf } from './source-change.ts';
import { voidItem } from './unapprove.ts';

/** B-154: the states of a callback. */
export const callbackStatesRule = defineRule('B-154', 1, 'Callback transitions');

/** A callback as it begins: rework was recognised. */
export function openedCallback(
  ref: { readonly originalJobId: string; readonly jobId: string },
  recognisedBy: Recognition,
  openedAt: Instant,
): Callback {
  return {
    id: callbackId(ref),
    ...ref,
    recognisedBy,
    state: 'Open',
    openedAt,
    proPayId: null,
    approval: null,
    assessment: null,
    missing: [],
    decision: null,
    lineItemIds: [],
    snapshot: null,
    revision: 0,
  };
}

/** A callback of which nothing is assessed (any more): its original is not approved, or the rework is not done. */
export function waitingCallback(callback: Callback, missing: readonly string[] = []): Callback {
  return { ...callback, state: 'Open', proPayId: null, approval: null, assessment: null, missing, decision: null };
}

/** A callback whose rework is none any more (B-154): what was applied stays, and its difference follows B-96. */
export function unlinkedCallback(callback: Callback, at: Instant): Callback {
  return {
    ...waitingCallback(callback),
    state: 'Dismissed',
    decision: { by: 'system', at, reason: 'it is no rework any more', unlinked: true },
  };
}

/** An assessed callback that somebody dismisses: no money moves for it. */
export function dismissedCallback(callback: Callback, by: string, at: Instant, reason: string): Callback {
  if (callback.state !== 'Assessed') refuse('wrong-state', { data: { state: callback.state } });
  return { ...callback, state: 'Dismissed', decision: { by, at, reason, unlinked: false } };
}

/** What earlier callbacks took of people for one approval (B-152): the later ones take only what is left. */
export function takenBefore(callbacks: readonly Callback[], approval: number, except: string): readonly Payout[] {
  return appliedOf(callbacks, approval)
    .filter(({ id }) => id !== except)
    .flatMap(({ assessment }) => assessment?.byWorker ?? [])
    .map(({ workerId, role, differenceCents }) => ({ workerId, role, cents: differenceCents }));
}

/** The callbacks that were applied to one approval. */
export function appliedOf(callbacks: readonly Callback[], approval: number): readonly Callback[] {
  return callbacks.filter((one) => one.state === 'Applied' && one.approval === approval);
}

/** Refuses `callback-applied` where an approval cannot be taken back any more (B-91). */
export function requireNoneApplied(callbacks: readonly Callback[], approval: number): void {
  refuseApplied(appliedOf(callbacks, approval));
}

/** The same of callbacks that were applied to members of a group. */
export function refuseApplied(applied: readonly Callback[]): void {
  if (applied.length > 0) refuse('callback-applied', { data: { callbackIds: applied.map(({ id }) => id) } });
}

/** The warranty items that a callback may draw on (B-153): still Held, by person and role, the first to be free first. */
export function heldReserve(items: readonly LineItem[], todayDate: LocalDate): readonly LineItem[] {
  return items
    .filter((item) => item.part === 'warranty' && item.role !== null && item.amountCents > 0)
    .filter((item) => itemStatus(item.releaseOn, item.events, todayDate) === 'Held')
    .sort((a, b) => (a.releaseOn === b.releaseOn ? (a.id < b.id ? -1 : 1) : a.releaseOn < b.releaseOn ? -1 : 1));
}

/** The same as amounts. */
export function reserveAmounts(reserve: readonly LineItem[]): readonly Payout[] {
  return reserve.map(({ workerId, role, amountCents }) => ({ workerId, role: role!, cents: amountCents }));
}

/** Money that a callback moves: reserve items voided, what remains of them, and what becomes a deduction (negative). */
export interface CallbackMoney {
  readonly parts: readonly CallbackPart[];
  readonly voided: readonly { readonly before: LineItem; readonly after: LineItem }[];
  readonly remainders: readonly LineItem[];
  readonly deductions: readonly Payout[];
}

/**
 * Decides what an assessed callback takes (B-153): the reserve first, the rest as deductions, and never so much that a person's items of the
 * ProPay come to less than nothing (B-97). Where deductions are blocked, the rest is the company's (B-218).
 */
export function moneyOfCallback(
  callback: Pick<Callback, 'id' | 'revision'>,
  assessment: Pick<CallbackAssessment, 'byWorker'>,
  items: readonly LineItem[],
  by: { readonly by: string; readonly at: Instant; readonly todayDate: LocalDate; readonly deductionsAllowed: boolean },
): CallbackMoney {
  const parts = collectable(assessment.byWorker, items, by.deductionsAllowed);
  const voided: { before: LineItem; after: LineItem }[] = [];
  const remainders: LineItem[] = [];
  for (const part of parts) {
    let left = part.fromReserveCents;
    const own = heldReserve(items, by.todayDate).filter((item) => item.workerId === part.workerId && item.role === part.role);
    for (const before of own) {
      if (left === 0) break;
      const drawn = Math.min(left, before.amountCents);
      left -= drawn;
      voided.push({ before, after: voidItem(before, { ...by, reason: `drawn by callback ${callback.id}` }) });
      if (before.amountCents > drawn) remainders.push(remainderOf(before, before.amountCents - drawn, callback));
    }
  }
  const deductions = parts
    .filter(({ deductionCents }) => deductionCents > 0)
    .map(({ workerId, role, deductionCents }) => ({ workerId, role, cents: 0 - deductionCents }));
  return { parts, voided, remainders, deductions };
}

function collectable(
  byWorker: readonly CallbackPart[],
  items: readonly LineItem[],
  deductionsAllowed: boolean,
): readonly CallbackPart[] {
  const workerIds = [...new Set(byWorker.map(({ workerId }) => workerId))];
  return workerIds.flatMap((workerId) => {
    const own = byWorker.filter((part) => part.workerId === workerId);
    const left = Math.max(0, standingOf(items, workerId));
    const reserve = upTo(left, own, ({ fromReserveCents }) => fromReserveCents);
    const rest = deductionsAllowed ? left - sum(reserve) : 0;
    const deductions = upTo(rest, own, ({ deductionCents }) => deductionCents);
    return own.map((part, at) => ({
      ...part,
      ...{ fromReserveCents: reserve[at]!, deductionCents: deductions[at]! },
      ...(deductionsAllowed ? {} : { waivedCents: part.differenceCents - reserve[at]! }),
    }));
  });
}

/** What is wanted of a person in each role, as far as it goes. */
function upTo(cents: number, own: readonly CallbackPart[], wantedOf: (part: CallbackPart) => number): readonly number[] {
  const wanted = own.map((part) => ({ id: part.role, weight: wantedOf(part) }));
  return allocateAmounts(Math.min(cents, sum(wanted.map(({ weight }) => weight))), wanted);
}

/** What is left of a reserve item: the same in all but its amount, free on the same day (B-127, B-153). */
function remainderOf(item: LineItem, amountCents: number, { id, revision }: Pick<Callback, 'id' | 'revision'>): LineItem {
  const { workerId, calendarId, assignOn } = item;
  const tail = hashText(['remainder', item.id, id, revision].join('\n')).slice(0, item.id.length - item.id.lastIndexOf('.') - 1);
  const embeddedPremiumCents =
    item.embeddedPremiumCents === null ? null : roundedRatio(item.embeddedPremiumCents, amountCents, item.amountCents);
  return {
    ...{ ...item, id: lineItemId({ workerId, calendarId, assignOn, tail }) },
    ...{ amountCents, embeddedPremiumCents, replaces: item.id, revision: 1 },
  };
}

const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);
