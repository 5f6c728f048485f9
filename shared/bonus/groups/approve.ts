import { refuse } from '#kernel/errors.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { Group, MemberTerms } from '#model/group.ts';
import type { LineItem } from '#model/pay.ts';
import type { ApprovalSummary, ProPay } from '#model/propay.ts';
import { type Acceptance, requireAccepted } from '../commands/accept.ts';
import { type ApproveRequest, approvedProPay, holdbacksOf } from '../commands/approve.ts';
import { requireUnpaid, type UnapproveRequest, voidedItems } from '../commands/unapprove.ts';
import type { CostChoices } from '../inputs/choices.ts';
import { createLineItems, type LineItemDraft } from '../line-items.ts';
import type { AppliedResult } from '../shapes.ts';
import type { GroupBlocker } from './blockers.ts';
import type { WorkedGroup } from './work-out.ts';

const REFUSALS: Readonly<Record<Exclude<Group['status'], 'Active'>, string>> = {
  Approved: 'approved-unapprove-first',
  Paid: 'paid-is-final',
  Canceled: 'wrong-state',
};

/** Refuses unless the group is Active (B-86, B-104). */
export function requireActiveGroup({ status }: Pick<Group, 'status'>): void {
  if (status !== 'Active') refuse(REFUSALS[status], { data: { status } });
}

/** A decided approval of a group: its items follow from the figures that the approver saw. */
export interface GroupApproval {
  readonly n: number;
  readonly approvalDate: LocalDate;
  readonly accepted: readonly Acceptance[];
  readonly terms: MemberTerms;
  readonly final: AppliedResult;
  readonly drafts: readonly LineItemDraft[];
}

/**
 * Decides the approval of a group as a whole (B-104): one blocked member blocks it. The caller has compared `inputsVersion` with the
 * present one. Refuses with the code of whatever stands in the way, and names the members.
 */
export function decideGroupApproval(
  request: Pick<ApproveRequest, 'approvalDate' | 'accept'>,
  group: Group,
  worked: WorkedGroup,
  blockers: readonly GroupBlocker[],
  todayDate: LocalDate,
): GroupApproval {
  requireActiveGroup(group);
  const accepted = requireAccepted(blockers, request.accept);
  const { final, terms, result } = worked;
  if (final.outcome !== 'applies' || terms === null)
    return refuse('cannot-tell', { data: { missing: final.outcome === 'cannot-tell' ? final.missing : [] } });
  const approvalDate = request.approvalDate ?? todayDate;
  const { startDate } = result;
  if (startDate === null || approvalDate < startDate || approvalDate > todayDate)
    refuse('approval-date-out-of-range', { field: 'approvalDate', data: { from: startDate, to: todayDate } });
  const drafts = createLineItems({
    category: 'group_propay',
    approvalDate,
    payouts: final.result.payouts,
    leadPayouts: final.result.leadPayouts,
    holdbacks: holdbacksOf(terms),
  });
  return { n: group.approvals + 1, approvalDate, accepted, terms, final: final.result, drafts };
}

/** The group after its approval. */
export function approvedGroup(group: Group, summary: ApprovalSummary): Group {
  return { ...group, status: 'Approved', approvals: summary.n, approval: summary, revision: group.revision + 1 };
}

/** A member after the approval of its group: the items are the group's, `totalCents` is its part of them, for display only. */
export function approvedMember(
  proPay: ProPay,
  group: ApprovalSummary,
  own: Pick<ApprovalSummary, 'totalCents' | 'reworkJobIds'>,
  choices: CostChoices,
): ProPay {
  return approvedProPay(proPay, { ...group, ...own, n: proPay.approvals + 1, lineItemIds: [] }, choices);
}

/** A group that is Active again, with its items voided. */
export interface GroupUnapproval {
  readonly group: Group;
  readonly voided: readonly { readonly before: LineItem; readonly after: LineItem }[];
}

/** Takes the approval of a group back as a whole (B-91, B-104): while no item of it is paid; its items are voided and stay visible. */
export function decideGroupUnapproval(group: Group, items: readonly LineItem[], request: UnapproveRequest): GroupUnapproval {
  requireUnpaid(group.status, items);
  return {
    group: { ...group, status: 'Active', approval: null, revision: group.revision + 1 },
    voided: voidedItems(items, request),
  };
}

/** A member whose group is Active again. */
export function unapprovedMember(proPay: ProPay): ProPay {
  return { ...proPay, status: 'Active', approval: null, revision: proPay.revision + 1 };
}

/** A dissolved group (B-104): its members become single ProPays. */
export function dissolvedGroup(group: Group, reason: string | null): Group {
  requireActiveGroup(group);
  return { ...group, status: 'Canceled', canceledReason: reason, revision: group.revision + 1 };
}
