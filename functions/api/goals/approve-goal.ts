import * as z from 'zod/mini';
import { requireActive } from '#bonus/commands/status.ts';
import { decideGoalApproval, type GoalApprovalDecision } from '#bonus/goals/approval.ts';
import { approvedGoal } from '#bonus/goals/status.ts';
import { type GoalResult, workOutGoal } from '#bonus/goals/work-out.ts';
import { ruleVersions } from '#bonus/rules/index.ts';
import { createTracer } from '#bonus/tracer.ts';
import type { GoalApproval, GoalRewards } from '#model/pro-goal.ts';
import { makeGoalItems } from '#pay/goal-items.ts';
import { updateGoalAction } from '#store/goal-repository.ts';
import { newLineItem } from '#store/pay-repository.ts';
import { approvalAction } from '#store/propay-repository.ts';
import { writeSnapshot } from '#store/snapshot-store.ts';
import { approveBody } from '../bonus/bodies.ts';
import { lineItemView } from '../bonus/pay/views.ts';
import { commitFresh, type FreshEffect } from '../commit.ts';
import { moneyOf } from '../edge.ts';
import { ApiProblem } from '../problem.ts';
import { type ApiRequest, defineRoute } from '../route.ts';
import { type GoalSnapshot, type OpenGoal, openGoalToRun, type WorkedGoal } from './load.ts';
import { approvedGoalSchema } from './shapes.ts';
import { RUN_GOALS } from './sight.ts';
import { goalView, resultView } from './views.ts';

const body = z.strictObject(approveBody);
type ApproveRequest = Pick<ApiRequest<string, never, z.infer<typeof body>>, 'ports' | 'scope' | 'actor' | 'reach' | 'body'>;

/** Approves a goal: exactly what the approver saw becomes line items (B-167, B-121). */
export const approveGoal = defineRoute({
  method: 'POST',
  path: '/v1/pro-goals/{id}/approve',
  group: 'goals',
  summary: 'Approve a Pro-Goal and make its line items',
  access: RUN_GOALS,
  body,
  bodyExample: { inputsVersion: 'mJ3…', approvalDate: '2026-03-31' },
  idempotency: 'required',
  answer: { status: 200, description: 'The goal and its line items', schema: approvedGoalSchema },
  handler: (request) =>
    commitFresh(request.command, async () => {
      const opened = await openGoalToRun(request, request.params.id);
      const { goal, worked, todayDate } = opened;
      requireActive(goal);
      if (worked === null) throw new Error('an Active goal is always worked out');
      if (worked.result.inputsVersion !== request.body.inputsVersion) throw inputsChanged(worked, request.body.inputsVersion);
      const { approvalDate, accept } = request.body;
      const decision = decideGoalApproval(
        goal,
        worked.result,
        { approvalDate: approvalDate ?? null, accept: accept ?? [] },
        todayDate,
      );
      return effectOf(request, opened, worked, decision);
    }),
});

/** The approver saw other figures: the present ones are sent along, person by person, with what they add to those that were seen. */
function inputsChanged({ result, inputs }: WorkedGoal, seen: string): ApiProblem {
  return new ApiProblem('inputs-changed', {
    detail: 'The figures have changed since you saw them.',
    data: {
      inputsVersion: result.inputsVersion,
      result: resultView(result, 'all'),
      rewards: result.participants.map(({ workerId, rewardCents }) => ({ workerId, reward: moneyOf(rewardCents)! })),
      difference: differenceOf(inputs.results?.before ?? null, result, seen),
    },
  });
}

/** Null where other figures were seen than those before the latest results: a built-in figure moves with the work itself, and keeps no past. */
function differenceOf(before: GoalRewards | null, now: GoalResult, seen: string) {
  if (before?.inputsVersion !== seen) return null;
  const earlier = new Map(before.rewards.map(({ workerId, cents }) => [workerId, cents]));
  const present = new Map(now.participants.map(({ workerId, rewardCents }) => [workerId, rewardCents]));
  const byWorker = [...new Set([...earlier.keys(), ...present.keys()])]
    .map((workerId) => ({ workerId, cents: (present.get(workerId) ?? 0) - (earlier.get(workerId) ?? 0) }))
    .filter(({ cents }) => cents !== 0);
  return {
    savings: null,
    total: moneyOf(byWorker.reduce((sum, { cents }) => sum + cents, 0)),
    byWorker: byWorker.map(({ workerId, cents }) => ({ workerId, role: null, difference: moneyOf(cents)! })),
  };
}

async function effectOf(
  request: ApproveRequest,
  opened: OpenGoal,
  worked: WorkedGoal,
  decision: GoalApprovalDecision,
): Promise<FreshEffect> {
  const { ports, scope, actor } = request;
  const { goal, desk } = opened;
  const { participants } = worked.inputs;
  const { items, heads } = await makeGoalItems(ports.table, scope, desk.context, goal, decision, participants);
  const snapshot = await writeSnapshot(ports.table, scope, goal.id, snapshotOf(opened, worked, decision));
  const { n, approvalDate, accepted, totalCents } = decision;
  const approval: GoalApproval = {
    n,
    approvedAt: ports.now(),
    approvalDate,
    by: actor.id,
    accepted,
    totalCents,
    snapshotId: snapshot.digest,
    snapshotChunks: snapshot.chunks,
    inputsVersion: worked.result.inputsVersion,
    itemCount: items.length,
  };
  const next = approvedGoal(goal, approval, participants.map(({ workerId }) => workerId).sort());
  const lineItemIds = items.map(({ item }) => item.id);
  const lineItems = items.map(({ item }) => lineItemView(item, desk, heads.get(item.workerId) ?? null));
  const approved = { ...opened, goal: next, blockers: [] };
  return {
    actions: [
      updateGoalAction(scope, next, goal.revision),
      approvalAction(scope, {
        sourceId: goal.id,
        n,
        approvedAt: approval.approvedAt,
        approvalDate,
        by: actor.id,
        accepted,
        note: request.body.note ?? null,
        totalCents,
        lineItemIds,
        snapshotDigest: snapshot.digest,
        snapshotChunks: snapshot.chunks,
      }),
    ],
    staged: items.map(({ item, freeOn }) => newLineItem(scope, item, freeOn)),
    audit: {
      action: 'goal.approved',
      entity: 'goal',
      entityId: goal.id,
      before: { status: goal.status },
      after: { status: next.status, approvalDate, totalCents, inputsVersion: approval.inputsVersion, accepted },
      reason: request.body.note ?? null,
      ...(decision.drafts.some(({ workerId }) => workerId === actor.workerId) ? { selfApproved: true as const } : {}),
    },
    answer: { body: { ...goalView(approved, lineItemIds), lineItems }, revision: next.revision },
  };
}

/** Everything the approval was made of (B-89): the revisions of all inputs, the figures, and how they came about. */
function snapshotOf({ goal, desk }: OpenGoal, { inputs, dataAsOf }: WorkedGoal, decision: GoalApprovalDecision): GoalSnapshot {
  const tracer = createTracer(goal.id);
  const result = workOutGoal(inputs, tracer);
  return {
    version: 1,
    inputs,
    result,
    nodes: tracer.nodes,
    dataAsOf,
    contextRevision: desk.context.revision,
    ruleVersions,
    approvalDate: decision.approvalDate,
    accepted: decision.accepted,
  };
}
