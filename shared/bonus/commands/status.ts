import { refuse } from '#kernel/errors.ts';
import type { LineItem } from '#model/pay.ts';
import { isDecided, isPhased, type Phase } from '#model/phase.ts';
import type { ProPay, ProPayStatus } from '#model/propay.ts';

const REFUSALS: Readonly<Record<Exclude<ProPayStatus, 'Active'>, string>> = {
  Approved: 'approved-unapprove-first',
  Paid: 'paid-is-final',
  Canceled: 'wrong-state',
  Deleted: 'deleted',
};

/** Refuses unless the ProPay is Active (B-86, B-90). */
export function requireActive(proPay: Pick<ProPay, 'status'>): void {
  if (proPay.status !== 'Active') refuse(REFUSALS[proPay.status], { data: { status: proPay.status } });
}

/** Nothing of an approval is left to be paid: it is Paid, or it paid nobody anything (B-92). A member is settled with its group. */
export function isSettled({ status, approval, groupId }: Pick<ProPay, 'status' | 'approval' | 'groupId'>): boolean {
  return status === 'Paid' || (status === 'Approved' && groupId === null && approval?.lineItemIds.length === 0);
}

/** Refuses for a phased ProPay, whose phases are decided on one by one (B-112). */
export function requireUnphased(proPay: Pick<ProPay, 'phaseMode' | 'milestoneId'>, field?: string): void {
  if (isPhased(proPay)) refuse('phased', field === undefined ? {} : { field });
}

/** Refuses where a phase was decided on: what is approved has to be taken back first. */
export function requireNoneDecided(phases: readonly Phase[], proPayId: string): void {
  const decided = phases.filter((phase) => phase.proPayId === proPayId && isDecided(phase));
  if (decided.length === 0) return;
  const code = decided.some(({ status }) => status === 'Paid') ? 'paid-is-final' : 'approved-unapprove-first';
  refuse(code, { data: { phaseIds: decided.map(({ id }) => id) } });
}

/** Cancels an Active ProPay: restorable, out of its group, and nothing is calculated meanwhile (B-86, B-93). */
export function cancelProPay(proPay: ProPay, reason: string): ProPay {
  requireActive(proPay);
  return { ...proPay, ...OUTSIDE, status: 'Canceled', canceledReason: reason, revision: proPay.revision + 1 };
}

/** Cancels an Active ProPay because its work is gone at the source (M-138). */
export function cancelForSource(proPay: ProPay): ProPay {
  return { ...cancelProPay(proPay, 'canceled at the source'), sourceCancel: 'gone' };
}

/** A ProPay that was canceled for its source, after the source has changed its mind once more: restoring is offered, never done (M-138). */
export function followSourceCancel(proPay: ProPay, isGone: boolean): ProPay {
  const sourceCancel = isGone ? 'gone' : 'back';
  if (proPay.status !== 'Canceled' || proPay.sourceCancel === null || proPay.sourceCancel === sourceCancel) return proPay;
  return { ...proPay, sourceCancel, revision: proPay.revision + 1 };
}

/** Of a ProPay that is in no group, and of which nobody has said that it should be. */
export const OUTSIDE = { groupId: null, membership: null } as const satisfies Partial<ProPay>;

/** Restores a canceled ProPay; whether its work may have one is asked by the caller (gates 1, 3, 4, 5). */
export function restoreProPay(proPay: ProPay): ProPay {
  if (proPay.status !== 'Canceled')
    refuse(proPay.status === 'Active' ? 'wrong-state' : REFUSALS[proPay.status], { data: { status: proPay.status } });
  return { ...proPay, status: 'Active', canceledReason: null, sourceCancel: null, revision: proPay.revision + 1 };
}

/** Deletes an Active or canceled ProPay for good (B-93). */
export function deleteProPay(proPay: ProPay): ProPay {
  if (proPay.status !== 'Canceled') requireActive(proPay);
  return { ...proPay, ...OUTSIDE, status: 'Deleted', revision: proPay.revision + 1 };
}

/**
 * The status that follows from the items of an approved thing (B-92, B-104, B-167): Paid once every item that is not voided is, Approved
 * again when one is reopened. Null: it stays.
 */
export function statusByItems({ status }: { readonly status: string }, items: readonly LineItem[]): 'Approved' | 'Paid' | null {
  if (status !== 'Approved' && status !== 'Paid') return null;
  const ends = items.map((item) => item.events.at(-1)?.type ?? 'none').filter((end) => end !== 'void');
  const next = ends.length > 0 && ends.every((end) => end === 'paid') ? 'Paid' : 'Approved';
  return next === status ? null : next;
}
