import { participantsAmong } from '#bonus/goals/participants.ts';
import { nextGoalPeriod } from '#bonus/goals/schedule.ts';
import { closedGoal, newGoal, zoneOfGoal } from '#bonus/goals/status.ts';
import { addDays, addSeconds } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import { goalId, parseLineItemId } from '#model/ids.ts';
import type { Goal, GoalTemplate } from '#model/pro-goal.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { readGoalPeople } from '#store/goal-inputs.ts';
import {
  createGoalAction,
  listGoalsOf,
  listTemplatesOf,
  readLastGoal,
  templateUnchanged,
  updateGoalAction,
} from '#store/goal-repository.ts';
import { auditAction } from '#store/ledger.ts';
import { readApproval } from '#store/propay-repository.ts';
import { systemEntry } from '../audit.ts';
import { openStatements } from '../on-results/open-statements.ts';
import { settleGoal } from '../on-results/settle-goal.ts';
import { type BonusSession, errorLine, forEachOf } from '../ports.ts';

const AT_ONCE = 8;
/** Goals are followed until everything is paid, but not for longer than this after their period began. */
const FOLLOWED_DAYS = 400;
/** Statements are opened again for so long after an approval: what the stream has lost shows the next day. */
const OPENED_SECONDS = 7 * 86_400;
/** A template that has missed more periods than this makes up the rest the next day. */
const MOST_AT_ONCE = 60;

/**
 * The day's work on Pro-Goals (B-161, B-162, B-167): goals whose period has begun are begun, missed days included; those whose last day
 * is over have their participants settled; what follows from line items is made good. Doing it again changes nothing.
 */
export async function workOnGoals(session: BonusSession, scope: TenantScope): Promise<void> {
  const { table, log, now } = session.ports;
  const context = await session.context(scope);
  if (context === null) return;
  const templates = await listTemplatesOf(table, scope, 'Live');
  const begun = await forEachOf(templates, AT_ONCE, (template) => beginGoals(session, scope, context, template));
  const active = await listGoalsOf(table, scope, 'Active');
  const closed = await forEachOf(active, AT_ONCE, (goal) => closeGoal(session, scope, context, goal));
  const since = addDays(localDateOf(now(), context.zone), -FOLLOWED_DAYS);
  const approved = await listGoalsOf(table, scope, 'Approved', since);
  const followed = await forEachOf(approved, AT_ONCE, (goal) => followGoal(session, scope, goal));
  const failed = [...begun, ...closed, ...followed];
  for (const { one, error } of failed)
    log({ level: 'error', message: 'a goal stays behind', tenantId: scope.tenantId, id: one.id, ...errorLine(error) });
  if (failed.length > 0) throw new Error(`${failed.length} goals stay behind`);
}

/** Begins every goal of a template whose period has begun since it went live, each under the id that its period gives it. */
async function beginGoals(
  session: BonusSession,
  scope: TenantScope,
  context: TenantContext,
  template: GoalTemplate,
): Promise<void> {
  const { table, now } = session.ports;
  const { schedule, liveOn } = template;
  if (schedule === null || liveOn === null) return;
  const todayDate = localDateOf(now(), zoneOfGoal(template, context));
  let last = (await readLastGoal(table, scope, template.id))?.period ?? null;
  for (let made = 0; made < MOST_AT_ONCE; made++) {
    const period = nextGoalPeriod(schedule, last, liveOn);
    if (period === null || period.startDate > todayDate) return;
    const id = goalId({ templateId: template.id, startDate: period.startDate });
    const goal = newGoal(template, context, period, { id, createdAt: now(), createdBy: 'system' });
    const { applied } = await table.write(scope, [
      createGoalAction(scope, goal),
      templateUnchanged(scope, template),
      auditAction(
        scope,
        systemEntry(session, {
          action: 'goal.started',
          entity: 'goal',
          entityId: id,
          before: null,
          after: { templateId: template.id, period },
          reason: null,
        }),
      ),
    ]);
    // Somebody has started it by hand, or changed the template, in this very moment: the next day finds what is left.
    if (!applied) return;
    last = period;
  }
}

/** Settles who took part in a goal whose last day is over: from then on nobody joins or leaves it by moving (B-162). */
async function closeGoal(session: BonusSession, scope: TenantScope, context: TenantContext, goal: Goal): Promise<void> {
  const { table, now } = session.ports;
  const { terms, period } = goal;
  if (goal.participantIds !== null || localDateOf(now(), zoneOfGoal(terms, context)) <= period.endDate) return;
  const { workers, routes } = await readGoalPeople(table, scope, terms);
  const ids = participantsAmong(workers, routes, terms, period.endDate, context).map(({ workerId }) => workerId);
  const closed = closedGoal(goal, ids.sort());
  // A person who changes the goal in this very moment is quicker: the next day settles it.
  await table.write(scope, [
    updateGoalAction(scope, closed, goal.revision),
    auditAction(
      scope,
      systemEntry(session, {
        action: 'goal.participants_settled',
        entity: 'goal',
        entityId: goal.id,
        before: null,
        after: { participants: ids.length },
        reason: null,
      }),
    ),
  ]);
}

/** What the line items of an approved goal ask for, should their own records never have arrived (B-92, B-133). */
async function followGoal(session: BonusSession, scope: TenantScope, { id, approval }: Goal): Promise<void> {
  const { table, now } = session.ports;
  if (approval !== null && approval.approvedAt > addSeconds(now(), -OPENED_SECONDS)) {
    const record = await readApproval(table, scope, id, approval.n);
    const workerIds = new Set(record?.lineItemIds.flatMap((itemId) => parseLineItemId(itemId)?.workerId ?? []));
    for (const workerId of workerIds) await openStatements(session, scope, workerId);
  }
  await settleGoal(session, scope, id);
}
