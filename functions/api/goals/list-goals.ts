import { isGoalTemplateId } from '#model/ids.ts';
import { goalPartition, listPartition } from '#model/keys.ts';
import { GOAL_STATUSES, type Goal } from '#model/pro-goal.ts';
import { decodeGoal } from '#model/pro-goal-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { openDesk } from '../bonus/desk.ts';
import { listOf } from '../edge.ts';
import { type Range, readPage } from '../pages.ts';
import { choiceParameter, idParameter, PAGING } from '../query.ts';
import { defineRoute } from '../route.ts';
import { goalHeaderSchema } from './shapes.ts';
import { SEE_GOALS, sightOfGoal } from './sight.ts';
import { goalsOfWorker } from './taking-part.ts';
import { goalHeaderView } from './views.ts';

interface Filters {
  readonly status?: Goal['status'] | undefined;
  readonly templateId?: string | undefined;
}

/** The tenant's Pro-Goals that the caller may see, by status or template. */
export const listGoals = defineRoute({
  method: 'GET',
  path: '/v1/pro-goals',
  group: 'goals',
  summary: 'Pro-Goals',
  access: SEE_GOALS,
  query: {
    ...PAGING,
    status: choiceParameter(GOAL_STATUSES, 'Only goals of this status'),
    templateId: idParameter('Only goals of this template'),
  },
  answer: { status: 200, description: 'A page of goals', schema: listOf(goalHeaderSchema) },
  handler: async (request) => {
    const { scope, query } = request;
    const [desk, page] = await Promise.all([openDesk(request), readPage(request, rangesOf(scope, query))]);
    const goals = page.items.map(decodeGoal).filter(({ status }) => query.status === undefined || status === query.status);
    const own = goals.filter((goal) => sightOfGoal(request, desk, goal.terms) === 'own');
    const { ports, actor } = request;
    const takesPartIn =
      actor.workerId === null ? new Set() : await goalsOfWorker(ports.table, scope, desk.context, actor.workerId, own);
    const seen = goals.filter((goal) => !own.includes(goal) || takesPartIn.has(goal.id));
    return {
      body: {
        items: seen.map((goal) => goalHeaderView(goal, desk.context.currency, sightOfGoal(request, desk, goal.terms))),
        nextCursor: page.nextCursor,
      },
    };
  },
});

function rangesOf(scope: TenantScope, { status, templateId }: Filters): readonly Range[] {
  if (templateId !== undefined)
    return isGoalTemplateId(templateId) ? [{ partition: goalPartition(scope, templateId), prefix: 'I#' }] : [];
  const partition = listPartition(scope, 'GO');
  if (status !== undefined) return [{ index: 'by', partition, prefix: `${status}#` }];
  return [{ index: 'by', partition }];
}
