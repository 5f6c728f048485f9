import * as z from 'zod/mini';
import { calculate } from '#bonus/calculate.ts';
import { type ExplainedPayout, explainPayouts } from '#bonus/explain.ts';
import { withFittingAmounts } from '#bonus/fitting-amounts.ts';
import type { Calculation, CalculationResult, Payout } from '#bonus/shapes.ts';
import { createTracer } from '#bonus/tracer.ts';
import type { TenantScope } from '#model/scope.ts';
import { readGroupHeader } from '#store/group-repository.ts';
import { readApproval } from '#store/propay-repository.ts';
import { readApprovalSnapshot, readSnapshot } from '#store/snapshot-store.ts';
import type { Table } from '#store/table.ts';
import { SEE_PROPAYS } from '../../access.ts';
import { currencyCode, dateText, idText, moneyOf, moneyText, seconds } from '../../edge.ts';
import { ApiProblem } from '../../problem.ts';
import { defineRoute } from '../../route.ts';
import { openDesk } from '../desk.ts';
import { sightOf } from '../sight.ts';
import { adjustmentSchema, adjustmentView, explainLater } from './explain-later.ts';
import { loadInputs, loadProPay } from './load.ts';
import { ROLE_NAMES } from './shapes.ts';
import { wageFreeNodes } from './wage-free.ts';

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

const explainSchema = z.strictObject({
  propayId: idText,
  inputsVersion: z.string(),
  snapshotId: z.nullable(z.string()),
  currency: currencyCode,
  /** `final`, `projection`, or `if_completed` where the projection cannot be told. */
  basis: z.enum(['final', 'projection', 'if_completed']),
  nodes: z.array(z.unknown()),
  workers: z.array(explainedWorkerSchema),
  /** What accepted changes of the sources and callbacks have done to people's items since the approval. */
  adjustments: z.array(adjustmentSchema),
});

/** Where every cent of a ProPay came from: the trace, and for each payout the source records whose parts add up to it. */
export const explainProPay = defineRoute({
  method: 'GET',
  path: '/v1/propays/{id}/explain',
  group: 'explanations',
  summary: 'Where each payout came from',
  access: SEE_PROPAYS,
  answer: { status: 200, description: 'Trace and leaves', schema: explainSchema },
  handler: async (request) => {
    const { actor, params, ports, scope } = request;
    const desk = await openDesk(request);
    const { allMoney, costs } = sightOf(request, desk);
    const { calculation, basis, inputsVersion, snapshotId, approval } = await calculationOf(request, params.id);
    const later = approval === null ? NOTHING_LATER : await explainLater(ports.table, scope, params.id, approval);
    const tracer = createTracer(params.id);
    const result: CalculationResult = calculate(withFittingAmounts(calculation), tracer);
    const payouts = result.outcome === 'applies' ? result.payouts : [];
    const mayKnow = ({ workerId }: Payout): boolean => allMoney || workerId === actor.workerId;
    const shown = payouts.filter(mayKnow);
    const nodes = [...tracer.nodes, ...later.nodes];
    return {
      body: {
        propayId: params.id,
        inputsVersion,
        snapshotId,
        currency: desk.context.currency,
        basis,
        // The steps name everybody's time and money: only who sees all money sees them, and those of wages only who sees wages.
        nodes: allMoney ? (costs ? nodes : wageFreeNodes(nodes)) : [],
        workers: explainPayouts(calculation, shown).map(explainedWorkerView),
        adjustments: later.adjustments.filter(({ payout }) => mayKnow(payout)).map(adjustmentView),
      },
    };
  },
});

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

interface Explained {
  readonly calculation: Calculation;
  readonly basis: 'final' | 'projection' | 'if_completed';
  readonly inputsVersion: string;
  readonly snapshotId: string | null;
  /** The approval it is explained from. */
  readonly approval: number | null;
}

const NOTHING_LATER = { nodes: [], adjustments: [] };

/** An approved ProPay is explained from its snapshot, which nothing changes any more; any other from its present inputs. */
async function calculationOf(request: Parameters<typeof loadInputs>[0], id: string): Promise<Explained> {
  const { ports, scope } = request;
  const desk = await openDesk(request);
  const { proPay, result } = await loadProPay(request, id, desk);
  if (proPay.approval !== null && proPay.groupId !== null) {
    const calculation = await calculationOfMember(ports.table, scope, proPay.groupId, id);
    const { inputsVersion } = result;
    return { calculation, basis: 'final', inputsVersion, snapshotId: proPay.approval.snapshotId, approval: null };
  }
  if (proPay.approval !== null) {
    const approval = await readApproval(ports.table, scope, id, proPay.approval.n);
    if (approval === null) throw new Error('an approved ProPay without its approval record');
    const name = { digest: approval.snapshotDigest, chunks: approval.snapshotChunks };
    const snapshot = (await readSnapshot(ports.table, scope, id, name)) as { readonly calculation: Calculation };
    return {
      calculation: snapshot.calculation,
      basis: 'final',
      inputsVersion: result.inputsVersion,
      snapshotId: name.digest,
      approval: approval.n,
    };
  }
  const loaded = await loadInputs(request, id);
  const { assembled } = await loaded.workOut(loaded.proPay);
  const { calculation, completion, inputsVersion } = assembled;
  if (completion.completedAtSource) return { calculation, basis: 'final', inputsVersion, snapshotId: null, approval: null };
  const { completionBp } = completion;
  if (completionBp === null) return { calculation, basis: 'if_completed', inputsVersion, snapshotId: null, approval: null };
  return { calculation: { ...calculation, completionBp }, basis: 'projection', inputsVersion, snapshotId: null, approval: null };
}

/** A member that was approved with its group stands in the group's snapshot: what it brought to it, calculated alone. */
async function calculationOfMember(table: Table, scope: TenantScope, groupId: string, id: string): Promise<Calculation> {
  const group = await readGroupHeader(table, scope, groupId);
  if (group === null || group.approval === null)
    throw new ApiProblem('store-conflict', { detail: 'The group of this ProPay is being changed; try again.' });
  const snapshot = (await readApprovalSnapshot(table, scope, groupId, group.approval.n)) as {
    readonly members: readonly { readonly contribution: { readonly proPayId: string }; readonly calculation: Calculation }[];
  };
  const member = snapshot.members.find(({ contribution }) => contribution.proPayId === id);
  if (member === undefined) throw new Error('an approved member that its group’s snapshot does not name');
  return member.calculation;
}
