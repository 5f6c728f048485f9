import * as z from 'zod/mini';
import { goalPeriodFrom } from '#bonus/goals/schedule.ts';
import { newGoal, zoneOfGoal } from '#bonus/goals/status.ts';
import { requireDefinitions, requireStatus } from '#bonus/goals/template.ts';
import { refuse } from '#kernel/errors.ts';
import type { Period } from '#kernel/period.ts';
import { localDateOf } from '#kernel/zone.ts';
import { goalId } from '#model/ids.ts';
import type { Goal, GoalTemplate } from '#model/pro-goal.ts';
import { createGoalAction, readGoal, readGoalTemplate, readLastGoal, templateUnchanged } from '#store/goal-repository.ts';
import { type Desk, openDesk } from '../bonus/desk.ts';
import { commitFresh } from '../commit.ts';
import { dateText, idText } from '../edge.ts';
import { ApiProblem, notFound } from '../problem.ts';
import { defineRoute } from '../route.ts';
import { type GoalRequest, withFigures } from './load.ts';
import { goalSchema } from './shapes.ts';
import { RUN_GOALS, sightOfGoal } from './sight.ts';
import { goalView } from './views.ts';

/** Starts the goal of a period that runs or is over; one that has begun by itself meanwhile is answered as it is. */
export const startGoal = defineRoute({
  method: 'POST',
  path: '/v1/pro-goals',
  group: 'goals',
  summary: 'Start the goal of a period',
  access: RUN_GOALS,
  idempotency: 'accepted',
  body: z.strictObject({ templateId: idText, periodStart: dateText }),
  bodyExample: { templateId: '01JZ0000000000000000000000', periodStart: '2026-03-01' },
  answer: { status: 201, description: 'The goal', schema: goalSchema },
  handler: async (request) => {
    const { ports, scope, actor, body, command } = request;
    return commitFresh(command, async () => {
      const desk = await openDesk(request);
      const template = await readGoalTemplate(ports.table, scope, body.templateId);
      if (template === null) throw notFound();
      if (sightOfGoal(request, desk, template) !== 'all')
        throw new ApiProblem('forbidden', { detail: 'This goal does not lie in your scope.' });
      const id = goalId({ templateId: template.id, startDate: body.periodStart });
      const known = await readGoal(ports.table, scope, id);
      if (known !== null) return { actions: [], audit: [], answer: await answerOf(request, desk, known.goal, 200) };
      const period = await periodFrom(request, desk, template, body.periodStart);
      requireDefinitions(template, desk.context);
      const goal = newGoal(template, desk.context, period, { id, createdAt: ports.now(), createdBy: actor.id });
      return {
        actions: [createGoalAction(scope, goal), templateUnchanged(scope, template)],
        audit: { action: 'goal.started', entity: 'goal', entityId: id, before: null, after: { templateId: template.id, period } },
        answer: await answerOf(request, desk, goal, 201),
      };
    });
  },
});

async function answerOf(request: GoalRequest, desk: Desk, goal: Goal, status: 200 | 201) {
  if (goal.status !== 'Active') refuse('wrong-state', { data: { status: goal.status, goalId: goal.id } });
  const opened = await withFigures(request, desk, { goal, results: null });
  return {
    status,
    body: goalView(opened, []),
    headers: { location: `/v1/pro-goals/${goal.id}` },
    revision: goal.revision,
  };
}

/** The period of a Live template that begins on a day, if it has begun and meets no other goal of the template. */
async function periodFrom({ ports, scope }: GoalRequest, desk: Desk, template: GoalTemplate, startDate: string): Promise<Period> {
  requireStatus(template, 'Live');
  const { schedule } = template;
  const last = await readLastGoal(ports.table, scope, template.id);
  const period = schedule === null ? null : goalPeriodFrom(schedule, last?.period ?? null, startDate);
  if (period === null)
    return refuse('invalid-body', { field: 'periodStart', detail: 'no period of this template begins on that day' });
  if (startDate > localDateOf(desk.now, zoneOfGoal(template, desk.context)))
    refuse('wrong-state', { detail: 'This period has not begun.' });
  const neighbour = await readLastGoal(ports.table, scope, template.id, period.endDate);
  if (neighbour !== null && neighbour.period.endDate >= startDate)
    refuse('wrong-state', {
      detail: 'Another goal of this template covers part of this period.',
      data: { goalId: neighbour.id },
    });
  return period;
}
