import type { GoalResult, ParticipantResult } from '#bonus/goals/work-out.ts';
import type { RecordRef } from '#bonus/shapes.ts';
import type { Goal } from '#model/pro-goal.ts';
import { moneyOf } from '../edge.ts';
import type { GoalRequest, OpenGoal } from './load.ts';
import type { GoalSight } from './sight.ts';
import { tierView } from './template-shapes.ts';

/** A goal's terms and status in the shape of the interface. */
export function goalHeaderView(goal: Goal, currency: string, sight: GoalSight) {
  const { terms, approval } = goal;
  const { name, description, scope, participants, metric, tiers, managerId, pool, disqualifiers, penalties } = terms;
  return {
    id: goal.id,
    templateId: goal.templateId,
    templateVersion: goal.templateRevision,
    status: goal.status,
    name,
    description,
    scope,
    period: goal.period,
    participants,
    metric,
    tiers: tiers.map(tierView),
    managerId,
    pool,
    disqualifiers: disqualifiers.map(({ id, name: asked, category }) => ({ key: id, name: asked, category })),
    penalties: penalties.map(({ id, name: called, category, kind, amountCents }) => ({
      key: id,
      name: called,
      category,
      kind,
      amount: moneyOf(amountCents),
    })),
    approval:
      approval === null
        ? null
        : {
            approvedAt: approval.approvedAt,
            approvalDate: approval.approvalDate,
            by: approval.by,
            accepted: approval.accepted,
            ...(sight === 'all' ? { total: moneyOf(approval.totalCents)! } : {}),
          },
    snapshotId: approval?.snapshotId ?? null,
    canceledReason: goal.canceledReason,
    currency,
    createdAt: goal.createdAt,
  };
}

/** A goal with its figures; `lineItemIds` are those of the approval in force. */
export function goalView(opened: OpenGoal, lineItemIds: readonly string[]) {
  const { goal, desk, sight, worked, blockers } = opened;
  const counts = worked === null ? null : resultView(worked.result, sight);
  return {
    ...goalHeaderView(goal, desk.context.currency, sight),
    ready: goal.status === 'Active' && blockers.length === 0,
    blockers: sight === 'all' ? blockers : [],
    inputsVersion: worked?.result.inputsVersion ?? null,
    dataAsOf: worked?.dataAsOf ?? null,
    result: counts,
    lineItemIds,
  };
}

/** What a goal comes to. Who is missing is told to those who see everybody. */
export function resultView(result: GoalResult, sight: GoalSight) {
  const { outcome, missing, participants, totalCents } = result;
  return {
    outcome,
    missing: sight === 'all' ? missing : [],
    participants: participants.length,
    excluded: participants.filter(({ excluded }) => excluded !== null).length,
    ...(sight === 'all' ? { total: moneyOf(totalCents)! } : {}),
  };
}

/** A goal's results as the caller may see them. */
export function resultsView({ actor }: Pick<GoalRequest, 'actor'>, { goal, results, desk, sight, worked }: OpenGoal) {
  const participants = worked?.result.participants ?? [];
  const own = ({ workerId }: ParticipantResult): boolean => workerId === actor.workerId;
  const shown = sight === 'own' ? participants.filter(own) : participants;
  const taking = new Set(participants.map(({ workerId }) => workerId));
  const entered = (results?.entries ?? []).flatMap(({ workerId }) => workerId ?? []);
  return {
    goalId: goal.id,
    status: goal.status,
    metric: goal.terms.metric,
    outcome: worked?.result.outcome ?? null,
    missing: sight === 'all' ? (worked?.result.missing ?? []) : [],
    inputsVersion: worked?.result.inputsVersion ?? null,
    dataAsOf: worked?.dataAsOf ?? null,
    currency: desk.context.currency,
    values: shown.map((one) => valueView(one, sight === 'all' || own(one))),
    otherWorkerIds: sight === 'all' ? entered.filter((id) => !taking.has(id)) : [],
  };
}

function valueView(one: ParticipantResult, money: boolean) {
  return {
    workerId: one.workerId,
    value: one.value,
    tierIndex: one.tierIndex,
    ...(money ? { tierReward: moneyOf(one.tierCents)! } : {}),
    disqualifiers: one.disqualifiers,
    penalties: one.penalties.map(({ key, count, amountCents }) => ({ key, count, amount: moneyOf(amountCents) })),
    excluded: one.excluded,
    ...(money ? { reward: moneyOf(one.rewardCents)! } : {}),
    counted: one.counted.map(recordView),
    notComparable: one.notComparable.map(recordView),
  };
}

const recordView = ({ entity, id, revision }: RecordRef) => ({ entity, id, revision });
