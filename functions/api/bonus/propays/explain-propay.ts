import * as z from 'zod/mini';
import { type ExplainedPayout, explainPayouts } from '#bonus/explain.ts';
import { paidToLeads } from '#bonus/source-change.ts';
import type { TraceNode } from '#bonus/trace.ts';
import { isPhased, PHASE_STATUSES } from '#model/phase.ts';
import { SEE_PROPAYS } from '../../access.ts';
import { currencyCode, dateText, idText, instantText, moneyOf, moneyText, seconds } from '../../edge.ts';
import { countParameter, idParameter } from '../../query.ts';
import { defineRoute } from '../../route.ts';
import { type Desk, openDesk } from '../desk.ts';
import { type Placed, viewerOf } from '../sight.ts';
import { traceNode } from '../trace-shape.ts';
import { adjustmentSchema, adjustmentView, explainLater } from './explain-later.ts';
import { basisOfPhases, type ExplainedMovement, explainPhases, payoutsOfPhases, replayOfPhases } from './explain-phases.ts';
import { explainedProPay } from './explained.ts';
import { loadProPay } from './load.ts';
import { ROLE_NAMES } from './shapes.ts';
import { shownNodes } from './wage-free.ts';

const leafSchema = z.strictObject({
  entity: z.string(),
  id: z.string(),
  sourceId: z.nullable(z.string()),
  revision: z.union([z.number(), z.string()]),
  workDate: z.nullable(dateText),
  seconds: z.nullable(seconds),
  amount: moneyText,
});

/** One person's payout with the source records that add up to it. */
export const explainedWorkerSchema = z.strictObject({
  workerId: idText,
  role: z.enum(ROLE_NAMES),
  amount: moneyText,
  leaves: z.array(leafSchema),
});

const explainedPhaseSchema = z.strictObject({
  phaseId: idText,
  name: z.string(),
  status: z.enum(PHASE_STATUSES),
  inputsVersion: z.string(),
  snapshotId: z.nullable(z.string()),
  approval: z.nullable(z.int()),
  basis: z.enum(['final', 'projection', 'if_completed']),
  replay: z.nullable(z.enum(['same', 'different'])),
  workers: z.array(explainedWorkerSchema),
});

const explainedMovementSchema = z.strictObject({
  kind: z.enum(['approval', 'unapproval', 'release', 'change']),
  phaseId: z.nullable(idText),
  at: instantText,
  lineItemIds: z.array(idText),
  byWorker: z.array(
    z.strictObject({
      workerId: idText,
      role: z.enum(ROLE_NAMES),
      amount: moneyText,
      node: z.string(),
      /** Of a release the phases that the money came from. */
      from: z.array(z.strictObject({ phaseId: idText, amount: moneyText })),
    }),
  ),
});

const explainSchema = z.strictObject({
  propayId: idText,
  inputsVersion: z.string(),
  snapshotId: z.nullable(z.string()),
  /** The approval that is explained; null while nothing is approved, and for a member of a group. */
  approval: z.nullable(z.int()),
  currency: currencyCode,
  /** `final`, `projection`, or `if_completed` where the projection cannot be told. */
  basis: z.enum(['final', 'projection', 'if_completed']),
  /** Whether the approval's inputs, calculated again, give its figures and steps; null where no approval is explained. */
  replay: z.nullable(z.enum(['same', 'different'])),
  nodes: z.array(traceNode),
  workers: z.array(explainedWorkerSchema),
  /** What leads get beside their pool (B-61). */
  leadPay: z.array(explainedWorkerSchema),
  /** What accepted changes of the sources and callbacks have done to people's items since the approval. */
  adjustments: z.array(adjustmentSchema),
  /** Of a phased ProPay each phase by itself, and what has moved its reserve. */
  phases: z.optional(z.array(explainedPhaseSchema)),
  reserve: z.optional(z.nullable(z.array(explainedMovementSchema))),
});

/** Where every cent of a ProPay came from: the trace, and for each payout the source records whose parts add up to it. */
export const explainProPay = defineRoute({
  method: 'GET',
  path: '/v1/propays/{id}/explain',
  group: 'explanations',
  summary: 'Where each payout came from',
  access: SEE_PROPAYS,
  query: {
    approval: countParameter('Another approval than the present one, by its number'),
    phaseId: idParameter('One phase of a phased ProPay; with approval, that approval of it'),
  },
  answer: { status: 200, description: 'Trace and leaves', schema: explainSchema },
  handler: async (request) => {
    const { params, ports, scope } = request;
    const desk = await openDesk(request);
    const parts = await loadProPay(request, params.id, desk);
    if (isPhased(parts.proPay)) return { body: await phasedBody(request, desk, parts.result) };
    const { approval, calculation, result, ...explained } = await explainedProPay(request, parts, request.query.approval);
    const later = approval === null ? NOTHING_LATER : await explainLater(ports.table, scope, params.id, approval);
    const payouts = result.outcome === 'applies' ? result.payouts : [];
    const leadPay = result.outcome === 'applies' ? paidToLeads(result) : [];
    const { knows, nodesOf } = seenBy(request, desk, parts.result);
    return {
      body: {
        propayId: params.id,
        inputsVersion: explained.inputsVersion,
        snapshotId: explained.snapshotId,
        approval,
        currency: desk.context.currency,
        basis: explained.basis,
        replay: replayText(explained.sameAsStored),
        nodes: nodesOf([...explained.nodes, ...later.nodes]),
        workers: explainPayouts(calculation, payouts.filter(knows)).map(explainedWorkerView),
        leadPay: explainPayouts(calculation, leadPay.filter(knows)).map(explainedWorkerView),
        adjustments: later.adjustments.filter(({ payout }) => knows(payout)).map(adjustmentView),
      },
    };
  },
});

type ExplainRequest = Parameters<typeof loadProPay>[0] & {
  readonly params: { readonly id: string };
  readonly query: { readonly approval?: number | undefined; readonly phaseId?: string | undefined };
};

/** What of an explanation its caller may see. */
function seenBy(request: ExplainRequest, desk: Desk, placed: Placed) {
  const viewer = viewerOf(request, desk, placed);
  return {
    knows: ({ workerId }: { readonly workerId: string }): boolean => viewer.allMoney || workerId === viewer.workerId,
    nodesOf: (nodes: readonly TraceNode[]) => shownNodes(nodes, viewer),
  };
}

const replayText = (same: boolean | null) => (same === null ? null : same ? ('same' as const) : ('different' as const));

async function phasedBody(request: ExplainRequest, desk: Desk, placed: Placed) {
  const { params, query } = request;
  const { inputsVersion, phases, movements, nodes } = await explainPhases(request, params.id, query);
  const { knows, nodesOf } = seenBy(request, desk, placed);
  const adjustments = phases.flatMap(({ later }) => later.adjustments);
  return {
    propayId: params.id,
    ...{ inputsVersion, snapshotId: null, approval: null },
    currency: desk.context.currency,
    basis: basisOfPhases(phases),
    replay: replayText(replayOfPhases(phases)),
    nodes: nodesOf(nodes),
    workers: payoutsOfPhases(phases).filter(knows).map(explainedWorkerView),
    // No phase pays any.
    leadPay: [],
    adjustments: adjustments.filter(({ payout }) => knows(payout)).map(adjustmentView),
    phases: phases.map(({ phase, payouts, ...explained }) => ({
      ...{ phaseId: phase.id, name: phase.name, status: phase.status },
      ...{ inputsVersion: explained.inputsVersion, snapshotId: explained.snapshotId, approval: explained.approval },
      basis: explained.basis,
      replay: replayText(explained.sameAsStored),
      workers: payouts.filter(knows).map(explainedWorkerView),
    })),
    reserve: movements === null ? null : movements.map((one) => movementView(one, knows)),
  };
}

function movementView({ movement, shares }: ExplainedMovement, knows: (of: { readonly workerId: string }) => boolean) {
  const own = shares.filter(knows);
  const isOwn = (id: string): boolean => shares.every(knows) || own.some(({ workerId }) => id.startsWith(`${workerId}.`));
  return {
    ...{ kind: movement.kind, phaseId: movement.phaseId, at: movement.at },
    lineItemIds: movement.lineItemIds.filter(isOwn),
    byWorker: own.map(({ workerId, role, cents, node, from }) => ({
      ...{ workerId, role, node, amount: moneyOf(cents)! },
      from: from.map((one) => ({ phaseId: one.phaseId, amount: moneyOf(one.cents)! })),
    })),
  };
}

/** An explained payout at the edge. */
export function explainedWorkerView({ workerId, role, cents, leaves }: ExplainedPayout) {
  return {
    workerId,
    role,
    amount: moneyOf(cents)!,
    leaves: leaves.map((leaf) => ({
      entity: leaf.entity,
      id: leaf.id,
      sourceId: leaf.sourceId ?? null,
      revision: leaf.revision,
      workDate: leaf.workDate ?? null,
      seconds: leaf.seconds ?? null,
      amount: moneyOf(leaf.cents)!,
    })),
  };
}

const NOTHING_LATER = { nodes: [], adjustments: [] };
