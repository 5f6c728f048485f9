import type { Blocker } from '#bonus/commands/accept.ts';
import { blockersOf } from '#bonus/commands/blockers.ts';
import { isSettled } from '#bonus/commands/status.ts';
import { warningsOf } from '#bonus/commands/warnings.ts';
import type { HeldDefinitions } from '#bonus/definitions.ts';
import { choicesInForce } from '#bonus/inputs/choices.ts';
import type { SourceDifference } from '#model/difference.ts';
import { isPhased } from '#model/phase.ts';
import type { ApprovalSummary, ProPay, ProPayFigures, ProPayResult } from '#model/propay.ts';
import { moneyOf, rateOf } from '../../edge.ts';
import { type Desk, dataAsOf, freshnessOf } from '../desk.ts';
import { distributionView } from '../distribution.ts';
import { type Viewer, viewerOf } from '../sight.ts';
import { adjustmentView, budgetView, settingModificationView } from './edge-budget.ts';

/** A ProPay with what belongs to it. */
export interface ProPayParts {
  readonly proPay: ProPay;
  readonly result: ProPayResult;
  readonly difference: SourceDifference | null;
}

/** A ProPay's answer as the caller may see it. */
export function viewFor(request: Parameters<typeof viewerOf>[0], desk: Desk, parts: ProPayParts) {
  return proPayView(parts, desk, viewerOf(request, desk, parts.result));
}

/** A ProPay in the shape of the interface, without what the viewer may not see. */
export function proPayView({ proPay, result, difference }: ProPayParts, desk: Desk, viewer: Viewer) {
  const blockers = proPay.status === 'Active' ? blockersFor(proPay, result, desk) : [];
  const { crewBp, crewLeadBp, managerBp, otherBp, companyBp, splitEnabled, splitBp } = proPay.pool;
  const { approval } = proPay;
  return {
    id: proPay.id,
    reference: proPay.reference,
    title: proPay.title,
    notes: proPay.notes,
    status: proPay.status,
    ready: proPay.status === 'Active' && blockers.length === 0,
    blockers,
    inputsVersion: result.inputsVersion,
    snapshotId: approval?.snapshotId ?? null,
    dataAsOf: dataAsOf(desk, result.connectionIds),
    calculatedAt: result.calculatedAt,
    currency: desk.context.currency,
    jobId: proPay.jobId,
    milestoneIds: proPay.milestoneId === null ? [] : [proPay.milestoneId],
    ...result.place,
    managerIds: result.people.managerIds,
    crewLeadIds: result.people.crewLeadIds,
    otherIds: result.people.otherIds,
    excludedWorkerIds: proPay.excludedWorkerIds,
    includedWorkerIds: proPay.includedWorkerIds,
    workerIds: result.people.workerIds,
    groupId: proPay.groupId,
    phaseMode: isPhased(proPay) ? proPay.phaseMode : 'off',
    ...(viewer.budgets ? budgetPart(proPay, result) : {}),
    warnings: warningsOf(proPay, result).filter((code) => viewer.allMoney || code !== 'payout-above-straight-pay'),
    completionBp: result.completionBp,
    pool: { crewBp, crewLeadBp, managerBp, otherBp, companyBp, splitEnabled, splitBp },
    manualPool: proPay.manualPool,
    distribution: distributionView(proPay.distribution),
    ...choicesInForce(proPay, desk.context),
    wageBasis: proPay.wageBasis,
    leadPay: moneyOf(proPay.leadPayCents)!,
    ...answersView(proPay),
    settled: isSettled(proPay),
    result: resultView(result, result.figures, viewer),
    ifCompletedNow:
      result.ifCompleted === null ? null : resultView({ outcome: 'applies', missing: [] }, result.ifCompleted, viewer),
    approval: approvalView(approval, viewer),
    sourceChange: differenceView(difference, viewer),
    lineItemIds: viewer.allMoney
      ? (approval?.lineItemIds ?? [])
      : (approval?.lineItemIds ?? []).filter((id) => viewer.workerId !== null && id.startsWith(`${viewer.workerId}.`)),
    canceledReason: proPay.canceledReason,
    restoreOffered: proPay.sourceCancel === 'back',
    createdAt: proPay.createdAt,
  };
}

/** A phased ProPay is approved by its phases, of which those are named that are ready. */
function blockersFor(proPay: ProPay, result: ProPayResult, desk: Desk): readonly Blocker[] {
  if (isPhased(proPay)) return [{ code: 'phased', acceptable: false, ids: result.ofPhases?.readyIds ?? [] }];
  return blockersOf(proPay, result, freshnessOf(desk, result.connectionIds));
}

/** The approval of a ProPay or phase. */
export function approvalView(approval: ApprovalSummary | null, viewer: Viewer) {
  if (approval === null) return null;
  const { approvedAt, approvalDate, by, accepted, totalCents } = approval;
  return { approvedAt, approvalDate, by, accepted, ...(viewer.allMoney ? { total: moneyOf(totalCents)! } : {}) };
}

/** The questions and penalties of a ProPay, group or phase. */
export function answersView({ disqualifiers, penalties }: HeldDefinitions) {
  return {
    disqualifiers: disqualifiers.map(({ key, name, category, state, note, answeredBy, answeredAt }) => ({
      ...{ key, name, category, state, note },
      ...{ answeredBy, answeredAt },
    })),
    penalties: penalties.map(({ key, name, category, kind, amountCents, count, setBy, setAt }) => ({
      ...{ key, name, category, kind, count },
      amount: moneyOf(amountCents),
      ...{ setBy, setAt },
    })),
  };
}

export function differenceView(difference: SourceDifference | null, viewer: Viewer) {
  if (difference === null || difference.state !== 'Open') return null;
  const { state, deltaSeconds, deltaCents } = difference;
  return { state, deltaSeconds, ...(viewer.allMoney ? { delta: moneyOf(deltaCents) } : {}) };
}

/** A result in the shape of the interface; people without sight of all money find their own payouts only. */
export function resultView(told: Pick<ProPayResult, 'outcome' | 'missing'>, figures: ProPayFigures | null, viewer: Viewer) {
  const head = { outcome: told.outcome, missing: told.missing };
  if (figures === null) return { ...head, approvable: false };
  const own = figures.payouts.filter((payout) => viewer.allMoney || payout.workerId === viewer.workerId);
  return {
    ...head,
    ...(viewer.budgets ? budgetOfResult(figures) : {}),
    actualSeconds: figures.actualSeconds,
    ...(viewer.costs ? { actualCost: moneyOf(figures.actualCostCents)!, blendedWage: rateOf(figures.blendedWageE4) } : {}),
    // Time worked and time saved add up to the budget.
    ...(viewer.budgets && figures.savedSeconds !== null ? { savedSeconds: figures.savedSeconds } : {}),
    savings: moneyOf(figures.savingsCents)!,
    workerShare: moneyOf(figures.workerShareCents)!,
    penalty: moneyOf(figures.penaltyCents)!,
    pools: {
      crew: moneyOf(figures.pools.crewCents)!,
      crewLead: moneyOf(figures.pools.crewLeadCents)!,
      manager: moneyOf(figures.pools.managerCents)!,
      other: moneyOf(figures.pools.otherCents)!,
      company: moneyOf(figures.pools.companyCents)!,
    },
    payouts: own.map(({ workerId, role, cents, seconds, aboveStraightPay = false }) => ({
      ...{ workerId, role, amount: moneyOf(cents)!, seconds },
      ...(viewer.allMoney && aboveStraightPay ? { aboveStraightPay } : {}),
    })),
    companyKeeps: moneyOf(figures.companyKeepsCents)!,
    leadPay: moneyOf(figures.leadPayCents)!,
    approvable: figures.approvable,
    notes: figures.notes,
  };
}

function budgetPart({ adjustment, settingModification }: ProPay, { budget }: ProPayResult) {
  return {
    budget: budgetView(budget),
    settingModification: settingModificationView(settingModification),
    adjustment: adjustmentView(adjustment),
  };
}

function budgetOfResult(figures: ProPayFigures) {
  return figures.budgetSeconds === null
    ? { budgetAmount: moneyOf(figures.budgetCents)! }
    : { budgetSeconds: figures.budgetSeconds };
}
