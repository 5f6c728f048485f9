import * as z from 'zod/mini';
import { workOutGoal } from '#bonus/goals/work-out.ts';
import type { TraceNode } from '#bonus/trace.ts';
import { createTracer } from '#bonus/tracer.ts';
import { traceNode } from '../bonus/trace-shape.ts';
import { currencyCode, idText, moneyOf, moneyText } from '../edge.ts';
import { defineRoute } from '../route.ts';
import { openGoal, type WorkedGoal } from './load.ts';
import { SEE_GOALS } from './sight.ts';

const explainSchema = z.strictObject({
  goalId: idText,
  inputsVersion: z.nullable(z.string()),
  snapshotId: z.nullable(z.string()),
  currency: currencyCode,
  nodes: z.array(traceNode),
  workers: z.array(
    z.strictObject({
      workerId: idText,
      amount: moneyText,
      node: z.string(),
      leaves: z.array(
        z.strictObject({ entity: z.string(), id: z.string(), revision: z.union([z.number(), z.string()]), amount: moneyText }),
      ),
    }),
  ),
});

/** Where each reward came from (B-5): the trace down to the records, and the template's tier that promises the amount. */
export const explainGoal = defineRoute({
  method: 'GET',
  path: '/v1/pro-goals/{id}/explain',
  group: 'goals',
  summary: 'Where each reward came from',
  access: SEE_GOALS,
  answer: { status: 200, description: 'Trace and leaves', schema: explainSchema },
  handler: async (request) => {
    const { goal, desk, sight, worked } = await openGoal(request, request.params.id);
    const mine = (workerId: string): boolean => sight === 'all' || workerId === request.actor.workerId;
    const rewarded = (worked?.result.participants ?? []).filter(({ workerId, rewardCents }) => rewardCents > 0 && mine(workerId));
    const template = { entity: 'goal_template', id: goal.templateId, revision: goal.templateRevision };
    return {
      body: {
        goalId: goal.id,
        inputsVersion: worked?.result.inputsVersion ?? null,
        snapshotId: goal.approval?.snapshotId ?? null,
        currency: desk.context.currency,
        nodes: worked === null ? [] : nodesOf(worked, goal.id).filter(({ id }) => mine(subjectOf(id))),
        workers: rewarded.map(({ workerId, rewardCents }) => ({
          workerId,
          amount: moneyOf(rewardCents)!,
          node: `B-166/${goal.id}/reward:${workerId}`,
          leaves: [{ ...template, amount: moneyOf(rewardCents)! }],
        })),
      },
    };
  },
});

/** The steps as the approval froze them; else those of the figures as they stand. */
function nodesOf({ nodes, inputs }: WorkedGoal, scope: string): readonly TraceNode[] {
  if (nodes !== null) return nodes;
  const tracer = createTracer(scope);
  workOutGoal(inputs, tracer);
  return tracer.nodes;
}

/** The participant that a node is about: the last part of its id. */
function subjectOf(nodeId: string): string {
  return nodeId.slice(nodeId.lastIndexOf(':') + 1);
}
