import { blockersOf } from '#bonus/commands/blockers.ts';
import { proPayOfPhase } from '#bonus/phased/phase-state.ts';
import { reserveByWorker } from '#bonus/phased/reserve.ts';
import { stagesOf } from '#bonus/phased/standing.ts';
import type { SourceDifference } from '#model/difference.ts';
import type { LineItem } from '#model/pay.ts';
import { counts, keepsReserve, type Phase, phaseSourceId } from '#model/phase.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { Reserve, ReserveMovement } from '#model/reserve.ts';
import { type Desk, freshnessOf } from '../bonus/desk.ts';
import { answersView, approvalView, differenceView, resultView } from '../bonus/propays/views.ts';
import { type Viewer, viewerOf } from '../bonus/sight.ts';
import { moneyOf } from '../edge.ts';
import type { ApiRequest } from '../route.ts';

/** A ProPay with its phases and what belongs to them. */
export interface PhasedParts {
  readonly proPay: ProPay;
  /** Whose and where it is, and the sums of its phases. */
  readonly result: Pick<ProPayResult, 'place' | 'people' | 'figures'>;
  readonly phases: readonly Phase[];
  readonly reserve: Reserve;
  /** Items of its phases and releases. */
  readonly items: readonly LineItem[];
  readonly difference: SourceDifference | null;
  readonly unassignedSeconds: number;
  readonly desk: Desk;
}

/** All phases of a ProPay in the shape of the interface. */
export function phasesView(parts: PhasedParts, viewer: Viewer) {
  const { proPay, result, phases, desk } = parts;
  const payouts = phases.filter(counts).flatMap(({ result }) => result.figures?.payouts ?? []);
  return {
    propayId: proPay.id,
    mode: proPay.phaseMode,
    status: proPay.status,
    currency: desk.context.currency,
    jobNet: moneyOf(result.figures?.savingsCents ?? null),
    payouts: moneyOf(payouts.filter(mayKnow(viewer)).reduce((sum, { cents }) => sum + cents, 0))!,
    unassignedSeconds: parts.unassignedSeconds,
    reserve: keepsReserve(proPay) ? reserveView(parts.reserve, viewer) : null,
    items: phases.map((phase) => phaseView(phase, parts, viewer)),
    nextCursor: null,
  };
}

/** One phase of what a command leaves, as its caller may see it. */
export function phaseViewIn(request: Pick<ApiRequest, 'actor' | 'reach'>, parts: PhasedParts, phaseId: string) {
  const phase = parts.phases.find(({ id }) => id === phaseId);
  if (phase === undefined) throw new Error('a command lost its phase');
  return phaseView(phase, parts, viewerOf(request, parts.desk, parts.result));
}

function phaseView(phase: Phase, parts: PhasedParts, viewer: Viewer) {
  const { proPay, desk, reserve, items, difference } = parts;
  const { status, approval, result } = phase;
  const blockers = blockersOfPhase(phase, parts);
  const known = mayKnow(viewer);
  const stages = stagesOf(phase, { movements: reserve.movements, items }, (workerId) => known({ workerId }));
  const changed = difference?.parts.find(({ proPayId }) => proPayId === phaseSourceId(phase)) ?? null;
  return {
    id: phase.id,
    propayId: proPay.id,
    name: phase.name,
    milestoneIds: phase.milestoneIds,
    status,
    ready: status === 'Active' && blockers.length === 0,
    blockers,
    inputsVersion: result.inputsVersion,
    snapshotId: approval?.snapshotId ?? null,
    calculatedAt: result.calculatedAt,
    currency: desk.context.currency,
    startDate: result.startDate,
    completionBp: result.completionBp,
    excluded: phase.excluded,
    ...answersView(phase),
    settled: phase.settled,
    stages: {
      projected: moneyOf(stages.projectedCents)!,
      reserve: moneyOf(stages.reserveCents)!,
      approved: moneyOf(stages.approvedCents)!,
      paid: moneyOf(stages.paidCents)!,
    },
    result: resultView(result, result.figures, viewer),
    ifCompletedNow:
      result.ifCompleted === null ? null : resultView({ outcome: 'applies', missing: [] }, result.ifCompleted, viewer),
    approval: approvalView(approval, viewer),
    sourceChange: differenceView(changed, viewer),
    lineItemIds: shownIds(approval?.lineItemIds ?? [], viewer),
  };
}

function blockersOfPhase(phase: Phase, { proPay, desk }: PhasedParts) {
  if (phase.status !== 'Active') return [];
  const { result } = phase;
  return blockersOf(proPayOfPhase(proPay, phase), result, freshnessOf(desk, result.connectionIds));
}

function reserveView({ movements, ended }: Reserve, viewer: Viewer) {
  const held = reserveByWorker(movements).filter(mayKnow(viewer));
  return {
    total: moneyOf(held.reduce((sum, { cents }) => sum + cents, 0))!,
    byWorker: held.map(({ workerId, cents }) => ({ workerId, amount: moneyOf(cents)! })),
    ended,
    movements: movements.map((movement) => movementView(movement, viewer)),
  };
}

function movementView({ kind, phaseId, by, at, shares, lineItemIds }: ReserveMovement, viewer: Viewer) {
  const known = shares.filter(mayKnow(viewer));
  return {
    ...{ kind, phaseId, by, at },
    byWorker: known.map(({ workerId, role, cents }) => ({ workerId, role, amount: moneyOf(cents)! })),
    lineItemIds: shownIds(lineItemIds, viewer),
  };
}

function mayKnow({ allMoney, workerId }: Viewer): (of: { readonly workerId: string }) => boolean {
  return (of) => allMoney || of.workerId === workerId;
}

function shownIds(lineItemIds: readonly string[], { allMoney, workerId }: Viewer): readonly string[] {
  return allMoney ? lineItemIds : lineItemIds.filter((id) => workerId !== null && id.startsWith(`${workerId}.`));
}
