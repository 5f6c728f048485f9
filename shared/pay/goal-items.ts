import { type GoalApprovalDecision, itemsOfGoal } from '#bonus/goals/approval.ts';
import { spreadsByHours, weeksOfGoal } from '#bonus/goals/weeks.ts';
import type { Participant } from '#bonus/goals/work-out.ts';
import { calendarOfBranch } from '#bonus/pay/assignment.ts';
import { premiumPolicyOf, workCalendarOf } from '#bonus/pay-law/policies.ts';
import { workedRecords } from '#bonus/pay-law/worked-records.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import type { EarnedWeek, PayHead } from '#model/pay.ts';
import type { Goal } from '#model/pro-goal.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { readHeadsOfWorkers } from '#store/pay-repository.ts';
import type { Table } from '#store/table.ts';
import type { MadeItems } from './make-items.ts';
import { readWeekTime } from './week-time.ts';

/**
 * Makes the line items of a goal (B-121, B-162): each in the calendar of its worker's branch, on the first statement that is still open,
 * with the workweeks of the goal's period. All hours worked are read where the reward is spread by them.
 */
export async function makeGoalItems(
  table: Table,
  scope: TenantScope,
  context: TenantContext,
  goal: Goal,
  decision: GoalApprovalDecision,
  participants: readonly Participant[],
): Promise<MadeItems> {
  const paid = new Set(decision.drafts.map(({ workerId }) => workerId));
  const payees = participants.filter(({ workerId }) => paid.has(workerId));
  const heads = await readHeads(table, scope, context, payees);
  const weeks = new Map<string, readonly EarnedWeek[]>();
  await inParallel(payees, async (payee) => {
    weeks.set(payee.workerId, await readWeeks(table, scope, context, goal, payee));
  });
  const items = itemsOfGoal(goal, decision, payees, context, { heads, weeksOf: (workerId) => weeks.get(workerId) ?? [] });
  return { items, heads };
}

/** The pay heads of everybody who is paid, each in the calendar of the own branch. */
async function readHeads(
  table: Table,
  scope: TenantScope,
  context: TenantContext,
  payees: readonly Participant[],
): Promise<ReadonlyMap<string, PayHead | null>> {
  const heads = new Map<string, PayHead | null>();
  const byCalendar = Map.groupBy(payees, ({ branchId }) => calendarOfBranch(context, branchId).calendarId);
  for (const [calendarId, people] of byCalendar) {
    const ids = people.map(({ workerId }) => workerId);
    for (const [workerId, head] of await readHeadsOfWorkers(table, scope, ids, calendarId)) heads.set(workerId, head);
  }
  return heads;
}

async function readWeeks(
  table: Table,
  scope: TenantScope,
  context: TenantContext,
  { period }: Goal,
  { workerId, branchId }: Participant,
): Promise<readonly EarnedWeek[]> {
  const policy = premiumPolicyOf(context, branchId);
  const calendar = workCalendarOf(context, branchId);
  const starts = weeksOfGoal(period, 'equal_weeks', calendar, []).map(({ weekStart }) => weekStart);
  const time = spreadsByHours(policy) ? await readWeekTime(table, scope, context, workerId, starts, []) : [];
  return weeksOfGoal(period, policy, calendar, workedRecords(time).times);
}
