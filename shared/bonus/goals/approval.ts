import { refuse } from '#kernel/errors.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { EarnedWeek, LineItem, PayHead } from '#model/pay.ts';
import type { Goal } from '#model/pro-goal.ts';
import type { TenantContext } from '#model/settings.ts';
import { type Acceptance, type Blocker, requireAccepted } from '../commands/accept.ts';
import { type ItemOrigin, itemsOfApproval } from '../commands/approve.ts';
import { requireActive } from '../commands/status.ts';
import { createLineItems, type LineItemDraft } from '../line-items.ts';
import { calendarOfBranch } from '../pay/assignment.ts';
import { NOT_SHARED } from '../pay-law/crew-share.ts';
import { premiumPolicyOf } from '../pay-law/policies.ts';
import type { GoalResult, Participant } from './work-out.ts';

/** What an approver of a goal says, beside the figures seen. */
export interface GoalApproveRequest {
  readonly approvalDate: LocalDate | null;
  readonly accept: readonly Acceptance[];
}

/** A decided approval of a goal. */
export interface GoalApprovalDecision {
  readonly n: number;
  readonly approvalDate: LocalDate;
  readonly accepted: readonly Acceptance[];
  readonly drafts: readonly LineItemDraft[];
  readonly totalCents: number;
}

/** What stands in the way of approving a goal (B-166, B-167). Only a period that still runs can be accepted. */
export function goalBlockers(goal: Pick<Goal, 'period'>, result: GoalResult, todayDate: LocalDate): readonly Blocker[] {
  const lacking = (what: 'answer' | 'penalty-amount') =>
    result.participants.filter(({ lacks }) => lacks.includes(what)).map(({ workerId }) => workerId);
  const blockers: readonly Blocker[] = [
    { code: 'cannot-tell', acceptable: false, ids: result.missing },
    { code: 'disqualifier-pending', acceptable: false, ids: lacking('answer') },
    { code: 'penalty-amount-missing', acceptable: false, ids: lacking('penalty-amount') },
  ];
  return [
    ...blockers.filter(({ ids }) => ids.length > 0),
    ...(todayDate <= goal.period.endDate ? [{ code: 'period-open', acceptable: true, ids: [] }] : []),
  ];
}

/**
 * Decides the approval of a goal (B-167): everybody has a value or is left out, every question is answered, the period is over or
 * confirmed early. The date is the period's last day where nobody names one, and lies from its first day to today.
 */
export function decideGoalApproval(
  goal: Goal,
  result: GoalResult,
  request: GoalApproveRequest,
  todayDate: LocalDate,
): GoalApprovalDecision {
  requireActive(goal);
  const accepted = requireAccepted(goalBlockers(goal, result, todayDate), request.accept);
  const { startDate, endDate } = goal.period;
  const approvalDate = request.approvalDate ?? (endDate < todayDate ? endDate : todayDate);
  if (approvalDate < startDate || approvalDate > todayDate)
    refuse('approval-date-out-of-range', { field: 'approvalDate', data: { from: startDate, to: todayDate } });
  const { statementAssignment: _assignment, ...holdback } = goal.terms.pool;
  const drafts = createLineItems({
    category: 'pro_goal',
    approvalDate,
    payouts: result.participants
      .filter(({ rewardCents }) => rewardCents > 0)
      .map(({ workerId, rewardCents }) => ({ workerId, role: 'crew', cents: rewardCents })),
    leadPayouts: [],
    holdbacks: { crew: holdback, crew_lead: holdback, manager: holdback, other: holdback },
  });
  return { n: goal.approvals + 1, approvalDate, accepted, drafts, totalCents: result.totalCents };
}

/** What the making of a goal's items has to know of its people. */
export interface PayeeRecords {
  /** Pay heads by worker, each in the calendar of the own branch. */
  readonly heads: ReadonlyMap<string, PayHead | null>;
  /** The workweeks of the goal's period with what a person's reward is spread by (B-204). */
  weeksOf(workerId: string): readonly EarnedWeek[];
}

/**
 * The line items of an approved goal (B-121, B-162): each on the calendar of its worker's branch, else the tenant's (B-130). A goal pays
 * nobody in a role.
 */
export function itemsOfGoal(
  goal: Pick<Goal, 'id' | 'period' | 'terms'>,
  decision: GoalApprovalDecision,
  payees: readonly Participant[],
  context: TenantContext,
  { heads, weeksOf }: PayeeRecords,
): readonly { readonly item: LineItem; readonly freeOn: LocalDate }[] {
  const branches = new Map(payees.map(({ workerId, branchId }) => [workerId, branchId]));
  return decision.drafts.flatMap((draft) => {
    const branchId = branches.get(draft.workerId) ?? null;
    const origin: ItemOrigin = {
      source: { kind: 'goal', goalId: goal.id, approval: decision.n },
      subjectId: goal.id,
      approval: decision.n,
      terms: {
        statementAssignment: goal.terms.pool.statementAssignment,
        includeDeductions: true,
        rollOverNegative: false,
      },
      branchId,
      workFrom: goal.period.startDate,
      workTo: goal.period.endDate,
      weeksOf,
      premiumMethodOf: () => premiumPolicyOf(context, branchId),
      crewShare: NOT_SHARED,
    };
    const made = itemsOfApproval([draft], origin, calendarOfBranch(context, branchId), heads);
    return made.map(({ item, freeOn }) => ({ item: { ...item, role: null, description: goal.terms.name }, freeOn }));
  });
}
