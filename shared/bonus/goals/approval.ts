import { refuse } from '#kernel/errors.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import type { Goal } from '#model/pro-goal.ts';
import type { TenantContext } from '#model/settings.ts';
import { type Acceptance, type Blocker, requireAccepted } from '../commands/accept.ts';
import { type ItemOrigin, itemsOfApproval } from '../commands/approve.ts';
import { requireActive } from '../commands/status.ts';
import { zoneOf } from '../creation.ts';
import { createLineItems, type LineItemDraft } from '../line-items.ts';
import { calendarOfBranch } from '../pay/assignment.ts';
import { weekStartOf, weeksBetween } from '../pay-law/workweek.ts';
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

/**
 * The line items of an approved goal (B-121, B-162): each on the calendar of its worker's branch, else the tenant's (B-130), earned in
 * the workweeks of the goal's period (B-204). A goal pays nobody in a role.
 */
export function itemsOfGoal(
  goal: Pick<Goal, 'id' | 'period' | 'terms'>,
  decision: GoalApprovalDecision,
  participants: readonly Participant[],
  context: TenantContext,
  headOf: (workerId: string, calendarId: string) => PayHead | null,
): readonly { readonly item: LineItem; readonly freeOn: LocalDate }[] {
  const branches = new Map(participants.map(({ workerId, branchId }) => [workerId, branchId]));
  return decision.drafts.flatMap((draft) => {
    const branchId = branches.get(draft.workerId) ?? null;
    const calendar = calendarOfBranch(context, branchId);
    const heads = new Map([[draft.workerId, headOf(draft.workerId, calendar.calendarId)]]);
    const origin = originOfGoal(goal, decision.n, branchId, context);
    return itemsOfApproval([draft], origin, calendar, heads).map(({ item, freeOn }) => ({
      item: { ...item, role: null, description: goal.terms.name },
      freeOn,
    }));
  });
}

/** The people whom a goal pays, by the calendar of their items: whose pay heads have to be read. */
export function payeesByCalendar(
  decision: GoalApprovalDecision,
  participants: readonly Participant[],
  context: TenantContext,
): ReadonlyMap<string, readonly string[]> {
  const paid = new Set(decision.drafts.map(({ workerId }) => workerId));
  const byCalendar = new Map<string, string[]>();
  for (const { workerId, branchId } of participants) {
    if (!paid.has(workerId)) continue;
    const { calendarId } = calendarOfBranch(context, branchId);
    byCalendar.set(calendarId, [...(byCalendar.get(calendarId) ?? []), workerId]);
  }
  return byCalendar;
}

function originOfGoal(
  goal: Pick<Goal, 'id' | 'period' | 'terms'>,
  approval: number,
  branchId: string | null,
  context: TenantContext,
): ItemOrigin {
  const { startDate, endDate } = goal.period;
  const { branches, workweekStart } = context.payLaw;
  const start = (branchId === null ? null : branches[branchId]?.workweekStart) ?? workweekStart;
  const calendar = { start, zone: zoneOf(context, branchId) };
  // All hours of a week count for a goal, so none are named as earned (B-204).
  const weeks = weeksBetween(weekStartOf(startDate, calendar), weekStartOf(endDate, calendar)).map((weekStart) => ({
    weekStart,
    earnedSeconds: 0,
  }));
  return {
    source: { kind: 'goal', goalId: goal.id, approval },
    subjectId: goal.id,
    approval,
    terms: { statementAssignment: goal.terms.pool.statementAssignment, includeDeductions: true, rollOverNegative: false },
    branchId,
    workFrom: startDate,
    workTo: endDate,
    weeksOf: () => weeks,
  };
}
