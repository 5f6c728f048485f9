import { canceledGoal, decideGoalUnapproval } from '#bonus/goals/status.ts';
import { updateGoalAction } from '#store/goal-repository.ts';
import { changedLineItem, readItemsOfApproval } from '#store/pay-repository.ts';
import { reasonBody } from '../bonus/bodies.ts';
import { commitFresh } from '../commit.ts';
import { defineRoute } from '../route.ts';
import { itemIdsOf } from './get-goal.ts';
import { openGoalToRun, withFigures } from './load.ts';
import { goalSchema } from './shapes.ts';
import { RUN_GOALS } from './sight.ts';
import { goalView } from './views.ts';

/** Takes an approval back while nothing of it is paid: its line items are voided under the same conditions as a payment (B-167). */
export const unapproveGoal = defineRoute({
  method: 'POST',
  path: '/v1/pro-goals/{id}/unapprove',
  group: 'goals',
  summary: 'Take a Pro-Goal’s approval back and void its line items',
  access: RUN_GOALS,
  body: reasonBody,
  bodyExample: { reason: 'a value was entered wrong' },
  idempotency: 'required',
  answer: { status: 200, description: 'The goal, Active again', schema: goalSchema },
  handler: (request) => {
    const { ports, scope, actor, body, params } = request;
    return commitFresh(request.command, async () => {
      const opened = await openGoalToRun(request, params.id);
      const { goal, results, desk, todayDate } = opened;
      const items = await readItemsOfApproval(ports.table, scope, await itemIdsOf(request, goal));
      const { reason } = body;
      const undone = { by: actor.id, at: ports.now(), todayDate, reason };
      const { goal: next, voided } = decideGoalUnapproval(goal, items, undone);
      return {
        actions: [updateGoalAction(scope, next, goal.revision)],
        staged: voided.map(({ before, after }) => changedLineItem(scope, after, after.assignOn, before.revision)),
        audit: {
          action: 'goal.unapproved',
          entity: 'goal',
          entityId: goal.id,
          before: { status: goal.status, approval: goal.approval?.n ?? null },
          after: { status: next.status, voidedItems: voided.length },
          reason,
        },
        answer: {
          body: goalView(await withFigures(request, desk, { goal: next, results }), []),
          revision: next.revision,
        },
      };
    });
  },
});

/** Cancels an Active goal: it makes no items, and its period has no other (B-167). */
export const cancelGoal = defineRoute({
  method: 'POST',
  path: '/v1/pro-goals/{id}/cancel',
  group: 'goals',
  summary: 'Cancel a Pro-Goal',
  access: RUN_GOALS,
  body: reasonBody,
  bodyExample: { reason: 'the survey was not held' },
  idempotency: 'accepted',
  answer: { status: 200, description: 'The canceled goal', schema: goalSchema },
  handler: (request) => {
    const { scope, body, params } = request;
    return commitFresh(request.command, async () => {
      const opened = await openGoalToRun(request, params.id);
      const { goal } = opened;
      const next = canceledGoal(goal, body.reason);
      return {
        actions: [updateGoalAction(scope, next, goal.revision)],
        audit: {
          action: 'goal.canceled',
          entity: 'goal',
          entityId: goal.id,
          before: { status: goal.status },
          after: { status: next.status },
          reason: body.reason,
        },
        answer: { body: goalView({ ...opened, goal: next, worked: null, blockers: [] }, []), revision: next.revision },
      };
    });
  },
});
