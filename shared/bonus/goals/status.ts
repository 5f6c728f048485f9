import { refuse } from '#kernel/errors.ts';
import type { Period } from '#kernel/period.ts';
import type { LineItem } from '#model/pay.ts';
import type { Goal, GoalApproval, GoalTemplate } from '#model/pro-goal.ts';
import type { TenantContext } from '#model/settings.ts';
import { requireActive } from '../commands/status.ts';
import { requireUnpaid, type UnapproveRequest, voidedItems } from '../commands/unapprove.ts';
import { zoneOf } from '../creation.ts';
import { termsOf } from './template.ts';

/** The zone in which a goal's days begin: of its branch, or of its route's branch, else the tenant's (B-8). */
export function zoneOfGoal({ scope }: Pick<GoalTemplate, 'scope'>, context: TenantContext): string {
  const branchId =
    scope.type === 'branch' ? scope.branchId : scope.type === 'route' ? (context.routes[scope.routeId]?.branchId ?? null) : null;
  return zoneOf(context, branchId);
}

/** The goal of a period as it begins (B-162, B-167); its template must be Live. */
export function newGoal(
  template: GoalTemplate,
  context: TenantContext,
  period: Period,
  made: Pick<Goal, 'id' | 'createdAt' | 'createdBy'>,
): Goal {
  if (template.status !== 'Live') refuse('wrong-state', { data: { status: template.status } });
  return {
    ...made,
    templateId: template.id,
    templateRevision: template.revision,
    period,
    status: 'Active',
    terms: termsOf(template, context),
    participantIds: null,
    resultsRevision: 0,
    approvals: 0,
    approval: null,
    canceledReason: null,
    revision: 1,
  };
}

/** A goal whose participants stand: its last day is over (B-162). */
export function closedGoal(goal: Goal, participantIds: readonly string[]): Goal {
  return { ...goal, participantIds, revision: goal.revision + 1 };
}

/** A goal after its approval; who took part stands with it. */
export function approvedGoal(goal: Goal, approval: GoalApproval, participantIds: readonly string[]): Goal {
  return { ...goal, status: 'Approved', approvals: approval.n, approval, participantIds, revision: goal.revision + 1 };
}

/** An Active goal is canceled: it makes no items (B-167). */
export function canceledGoal(goal: Goal, reason: string): Goal {
  requireActive(goal);
  return { ...goal, status: 'Canceled', canceledReason: reason, revision: goal.revision + 1 };
}

/** The goal as it is Active again, and its items voided. */
export interface GoalUnapproveDecision {
  readonly goal: Goal;
  readonly voided: readonly { readonly before: LineItem; readonly after: LineItem }[];
}

/**
 * Undoes a goal's approval while nothing of it is paid (B-167). Participants of a period that still runs are found anew; those of one
 * that is over stand.
 */
export function decideGoalUnapproval(goal: Goal, items: readonly LineItem[], request: UnapproveRequest): GoalUnapproveDecision {
  requireUnpaid(goal.status, items);
  const over = goal.period.endDate < request.todayDate;
  return {
    goal: {
      ...goal,
      status: 'Active',
      approval: null,
      participantIds: over ? goal.participantIds : null,
      revision: goal.revision + 1,
    },
    voided: voidedItems(items, request),
  };
}
