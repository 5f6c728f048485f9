import { attributePayouts } from '#bonus/groups/attribution.ts';
import { blockersOfGroup, memberAlone } from '#bonus/groups/blockers.ts';
import { nextGroupResult } from '#bonus/groups/result.ts';
import { inOrder } from '#bonus/groups/terms.ts';
import { workOutGroup } from '#bonus/groups/work-out.ts';
import { groupFigures } from '#bonus/rules/report-figures.ts';
import type { Payout } from '#bonus/shapes.ts';
import type { SourceDifference } from '#model/difference.ts';
import type { Contribution, Group, GroupFigures, GroupResult, MemberTerms } from '#model/group.ts';
import { moneyOf, rateOf } from '../../edge.ts';
import { type Desk, dataAsOf } from '../desk.ts';
import { distributionView } from '../distribution.ts';
import { answersView, differenceView, resultView } from '../propays/views.ts';
import type { Viewer } from '../sight.ts';
import { type LoadedGroup, momentOf } from './load.ts';

/** A group in the shape of the interface, without what the viewer may not see: what lists show of it. */
export function groupView(
  {
    group,
    result,
    difference,
  }: { readonly group: Group; readonly result: GroupResult; readonly difference: SourceDifference | null },
  desk: Desk,
  viewer: Viewer,
) {
  const { approval, own } = group;
  const items = approval?.lineItemIds ?? [];
  return {
    id: group.id,
    reference: group.reference,
    status: group.status,
    propayIds: result.proPayIds,
    routeId: group.routeId,
    branchId: group.branchId,
    period: group.period,
    netting: group.netting,
    conflicts: result.conflicts.map(({ proPayId, fields }) => ({ propayId: proPayId, fields })),
    inputsVersion: result.inputsVersion,
    result: resultView(result, result.figures, viewer),
    ifCompletedNow: result.ifCompleted === null ? null : resultView(APPLIES, result.ifCompleted, viewer),
    figures: figuresView(group, result, viewer),
    splitEnabled: own.splitEnabled ?? null,
    splitBp: own.splitBp ?? null,
    manualPool: own.shares ?? null,
    distribution: own.distribution === undefined ? null : distributionView(own.distribution),
    excludedWorkerIds: group.excludedWorkerIds,
    ...answersView(group),
    managerIds: result.people.managerIds,
    crewLeadIds: result.people.crewLeadIds,
    otherIds: result.people.otherIds,
    workerIds: result.people.workerIds,
    snapshotId: approval?.snapshotId ?? null,
    settled: group.status === 'Paid' || (group.status === 'Approved' && items.length === 0),
    approval:
      approval === null
        ? null
        : {
            approvedAt: approval.approvedAt,
            approvalDate: approval.approvalDate,
            by: approval.by,
            accepted: approval.accepted,
            ...(viewer.allMoney ? { total: moneyOf(approval.totalCents)! } : {}),
          },
    lineItemIds: viewer.allMoney ? items : items.filter((id) => viewer.workerId !== null && id.startsWith(`${viewer.workerId}.`)),
    sourceChange: differenceView(difference, viewer),
    dataAsOf: dataAsOf(desk, result.connectionIds),
    calculatedAt: result.calculatedAt,
    currency: desk.context.currency,
    canceledReason: group.canceledReason,
    createdAt: group.createdAt,
  };
}

const APPLIES = { outcome: 'applies', missing: [] } as const;

/**
 * A whole group: fresh from what its members have left in it, so that an approver sees what an approval compares with; with everything
 * that stands in the way, and what each member brings.
 */
export function wholeGroupView(loaded: LoadedGroup, viewer: Viewer) {
  const { group, members, desk, difference } = loaded;
  const worked = workOutGroup(group, members, desk.context);
  const active = group.status === 'Active';
  const result = active ? nextGroupResult(loaded.result, worked.result, desk.now) : loaded.result;
  const blockers = active ? blockersOfGroup(group, members, worked, momentOf(loaded)) : [];
  const payouts = (result.ifCompleted ?? result.figures)?.payouts ?? [];
  const view = groupView({ group, result, difference }, desk, viewer);
  const blocked = new Set(blockers.flatMap((one) => one.propayIds));
  return {
    ...view,
    figures: {
      ...view.figures,
      scheduledCount: members.filter(({ time }) => time.length === 0).length,
      eligibleCount: active ? members.filter(({ proPayId }) => !blocked.has(proPayId)).length : 0,
    },
    ready: active && blockers.length === 0,
    blockers,
    members: membersView(loaded, worked.terms, payouts, viewer),
  };
}

/** Tiles of a group (B-108): budgets and actuals in their own unit, what is left, work done, and the money. */
function figuresView(group: Group, result: GroupResult, viewer: Viewer) {
  const figures = result.figures ?? result.ifCompleted;
  const total = result.proPayIds.length;
  const { availableSeconds, completedBp } = groupFigures(
    figures?.budgetSeconds ?? 0,
    figures?.actualSeconds ?? 0,
    result.completedCount,
    total,
  );
  return {
    ...(viewer.budgets && figures !== null
      ? {
          budgetSeconds: figures.budgetSeconds,
          budgetAmount: moneyOf(figures.budgetCents),
          availableSeconds: figures.budgetSeconds === null ? null : availableSeconds,
        }
      : {}),
    actualSeconds: figures?.actualSeconds ?? 0,
    ...(viewer.costs && figures !== null ? { actualCost: moneyOf(figures.actualCostCents)! } : {}),
    bonusRate: rateOf(figures?.bonusRateE4 ?? null),
    jobsDone: result.completedCount,
    jobsTotal: total,
    completedBp,
    ...(viewer.allMoney
      ? { availableBonus: moneyOf(paidBy(group, result))!, approvedBonus: moneyOf(group.approval?.totalCents ?? 0)! }
      : {}),
  };
}

/** What an Active group would pay as it stands. */
function paidBy(group: Group, result: GroupResult): number {
  if (group.status !== 'Active') return 0;
  const figures: GroupFigures | null = result.ifCompleted ?? result.figures;
  return figures === null ? 0 : figures.payouts.reduce((sum, one) => sum + one.cents, figures.leadPayCents);
}

function membersView({ group, members }: LoadedGroup, terms: MemberTerms | null, payouts: readonly Payout[], viewer: Viewer) {
  const parts = Map.groupBy(partsOf(group, members, terms, payouts), ({ proPayId }) => proPayId);
  return inOrder(members).map((member) => {
    const alone = terms === null ? null : memberAlone(group, member, terms);
    const figures = alone?.outcome === 'applies' ? alone : null;
    return {
      propayId: member.proPayId,
      reference: member.reference,
      completed: member.completedAtSource,
      confirmed: member.confirmed,
      excludedWorkerIds: member.leftOutWorkerIds,
      ...(viewer.budgets
        ? member.budgetKind === 'hours'
          ? { budgetSeconds: member.budget }
          : { budgetAmount: moneyOf(member.budget) }
        : {}),
      actualSeconds: member.time.reduce((sum, { seconds }) => sum + seconds, 0),
      ...(viewer.costs && figures !== null ? { actualCost: moneyOf(figures.actualCostCents)! } : {}),
      savings: moneyOf(figures?.savingsCents ?? null),
      payouts: (parts.get(member.proPayId) ?? [])
        .filter((one) => viewer.allMoney || one.workerId === viewer.workerId)
        .map(({ workerId, role, cents }) => ({ workerId, role, amount: moneyOf(cents)! })),
    };
  });
}

/** What of a group's payouts comes from each member (B-102): attributed in a pooled one, its own in one netted separately (B-103). */
export function partsOf(group: Group, members: readonly Contribution[], terms: MemberTerms | null, payouts: readonly Payout[]) {
  if (group.netting === 'pooled' || terms === null) return attributePayouts(payouts, members);
  return members.flatMap((member) => {
    const alone = memberAlone(group, member, terms);
    return alone.outcome === 'applies' ? alone.payouts.map((payout) => ({ ...payout, proPayId: member.proPayId })) : [];
  });
}
