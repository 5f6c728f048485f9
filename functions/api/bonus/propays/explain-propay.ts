import * as z from 'zod/mini';
import { type ExplainedPayout, explainPayouts } from '#bonus/explain.ts';
import type { Payout } from '#bonus/shapes.ts';
import { SEE_PROPAYS } from '../../access.ts';
import { currencyCode, dateText, idText, moneyOf, moneyText, seconds } from '../../edge.ts';
import { countParameter } from '../../query.ts';
import { defineRoute } from '../../route.ts';
import { openDesk } from '../desk.ts';
import { sightOf } from '../sight.ts';
import { adjustmentSchema, adjustmentView, explainLater } from './explain-later.ts';
import { explainedProPay } from './explained.ts';
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
  query: { approval: countParameter('Another approval than the present one, by its number') },
  answer: { status: 200, description: 'Trace and leaves', schema: explainSchema },
  handler: async (request) => {
    const { actor, params, ports, query, scope } = request;
    const desk = await openDesk(request);
    const sight = sightOf(request, desk);
    const { approval, calculation, result, ...explained } = await explainedProPay(request, desk, params.id, query.approval);
    const later = approval === null ? NOTHING_LATER : await explainLater(ports.table, scope, params.id, approval);
    const payouts = result.outcome === 'applies' ? result.payouts : [];
    const mayKnow = ({ workerId }: Payout): boolean => sight.allMoney || workerId === actor.workerId;
    const shown = payouts.filter(mayKnow);
    return {
      body: {
        propayId: params.id,
        inputsVersion: explained.inputsVersion,
        snapshotId: explained.snapshotId,
        approval,
        currency: desk.context.currency,
        basis: explained.basis,
        replay: explained.sameAsStored === null ? null : explained.sameAsStored ? ('same' as const) : ('different' as const),
        nodes: shownNodes([...explained.nodes, ...later.nodes], sight),
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

const NOTHING_LATER = { nodes: [], adjustments: [] };
