import { readApproval } from '#store/propay-repository.ts';
import { defineRoute } from '../route.ts';
import { type GoalRequest, type OpenGoal, openGoal } from './load.ts';
import { goalSchema } from './shapes.ts';
import { SEE_GOALS } from './sight.ts';
import { goalView } from './views.ts';

/** One Pro-Goal with its figures, and what stands in the way of approving it. */
export const getGoal = defineRoute({
  method: 'GET',
  path: '/v1/pro-goals/{id}',
  group: 'goals',
  summary: 'A Pro-Goal with its progress',
  access: SEE_GOALS,
  answer: { status: 200, description: 'The goal', schema: goalSchema },
  handler: async (request) => {
    const opened = await openGoal(request, request.params.id);
    const { actor } = request;
    const ids = await itemIdsOf(request, opened.goal);
    const shown = opened.sight === 'all' ? ids : ids.filter((id) => id.startsWith(`${actor.workerId}.`));
    return { body: goalView(opened, shown), revision: opened.goal.revision };
  },
});

/** The line items of the approval in force, from the approval's own record; none where there is none. */
export async function itemIdsOf(
  { ports, scope }: Pick<GoalRequest, 'ports' | 'scope'>,
  { id, approval }: OpenGoal['goal'],
): Promise<readonly string[]> {
  if (approval === null) return [];
  const record = await readApproval(ports.table, scope, id, approval.n);
  if (record === null) throw new Error('an approved goal without its approval record');
  return record.lineItemIds;
}
