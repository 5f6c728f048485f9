import * as z from 'zod/mini';
import { calculate } from '#bonus/calculate.ts';
import type { Calculation } from '#bonus/shapes.ts';
import { named, whatIf } from '#bonus/what-if.ts';
import { refuse } from '#kernel/errors.ts';
import { isPhased } from '#model/phase.ts';
import { allow } from '../../access.ts';
import { idText } from '../../edge.ts';
import { notFound } from '../../problem.ts';
import { defineRoute } from '../../route.ts';
import { openDesk } from '../desk.ts';
import { requireOversight, type Viewer, viewerOf } from '../sight.ts';
import { traceNode } from '../trace-shape.ts';
import { calculationFromEdge, calculationSchema, differenceToEdge, overlaySchema, resultToEdge } from './edge-calculation.ts';
import { explainPhases } from './explain-phases.ts';
import { type Basis, type Explained, explainedProPay } from './explained.ts';
import { loadProPay } from './load.ts';
import { payoutChangeSchema } from './payout-changes.ts';
import type { ProPayParts } from './views.ts';
import { shownNodes } from './wage-free.ts';
import { withEarnings } from './what-if-earnings.ts';

const resultSchema = z.looseObject({ outcome: z.string() });
const figureChangeSchema = z.strictObject({ field: z.string(), from: z.unknown(), to: z.unknown() });

/** What a calculation would give: of a ProPay or of given inputs, with any of its keys replaced. Stores nothing (B-6). */
export const previewProPay = defineRoute({
  method: 'POST',
  path: '/v1/propays/preview',
  group: 'explanations',
  summary: 'What a calculation would give',
  access: allow('A', 'A', 'S', '-', '-', 'R'),
  body: z.strictObject({
    propayId: z.optional(idText),
    /** Of a phased ProPay the phase whose calculation it is. */
    phaseId: z.optional(idText),
    inputs: z.optional(calculationSchema),
    overlay: z.optional(overlaySchema),
  }),
  bodyExample: { propayId: 'kQ3vAbCdEfGhIjKl.-.1', overlay: { splitBp: 6_000 } },
  answer: {
    status: 200,
    description: 'Result before and after, and what differs',
    schema: z.strictObject({
      basis: z.enum(['final', 'projection', 'if_completed']),
      base: resultSchema,
      result: resultSchema,
      difference: z.array(z.union([figureChangeSchema, payoutChangeSchema])),
      nodes: z.array(traceNode),
    }),
  },
  handler: async (request) => {
    const { propayId, phaseId, overlay: given = {} } = request.body;
    const { calculation, calculateWith, basis, viewer } = await baseOf(request);
    const overlay = calculationFromEdge(given, '/overlay');
    const isWhole = propayId !== undefined && phaseId === undefined;
    const filled = isWhole ? await withEarnings(request, propayId, overlay) : overlay;
    const { before, after, nodes } = whatIf(propayId ?? 'preview', calculation, filled, calculateWith);
    const [base, result] = [resultToEdge(before, viewer), resultToEdge(after, viewer)];
    const difference = differenceToEdge(before, after, base, result);
    return { body: { basis, base, result, difference, nodes: shownNodes(nodes, viewer) } };
  },
});

type PreviewRequest = Parameters<typeof explainedProPay>[0] & {
  readonly body: {
    readonly propayId?: string | undefined;
    readonly phaseId?: string | undefined;
    readonly inputs?: z.infer<typeof calculationSchema> | undefined;
  };
};

interface Base {
  readonly calculation: Calculation;
  readonly calculateWith: typeof calculate;
  readonly basis: Basis;
  readonly viewer: Viewer;
}

/**
 * What is replaced in: a ProPay as it is shown, to who is in charge of it, since other inputs would tell the parts of its people one by one; or inputs that the caller sends, in which nothing is a secret to them.
 */
async function baseOf(request: PreviewRequest): Promise<Base> {
  const { propayId, inputs } = request.body;
  if ((propayId === undefined) === (inputs === undefined))
    refuse('invalid-body', { field: 'propayId', detail: 'give either propayId or inputs' });
  if (propayId !== undefined) {
    const desk = await openDesk(request);
    const parts = await loadProPay(request, propayId, desk);
    if (request.reach !== 'R') requireOversight(request, parts.result);
    const { calculation, calculate: calculateWith, basis } = await explainedIn(request, parts);
    return { calculation, calculateWith, basis, viewer: viewerOf(request, desk, parts.result) };
  }
  const calculation = named(calculationFromEdge(inputs!, '/inputs'), 'inputs');
  return {
    calculation,
    calculateWith: calculate,
    basis: 'final',
    viewer: { workerId: null, allMoney: true, budgets: true, costs: true },
  };
}

/** A phased ProPay has no calculation of its own: one of its phases is asked for by name. */
async function explainedIn(request: PreviewRequest, parts: ProPayParts): Promise<Explained> {
  const { phaseId } = request.body;
  if (!isPhased(parts.proPay) && phaseId === undefined) return explainedProPay(request, parts);
  if (!isPhased(parts.proPay)) throw notFound();
  if (phaseId === undefined) return refuse('phased', { field: 'phaseId' });
  const { phases } = await explainPhases(request, parts.proPay.id, { phaseId });
  return phases[0]!;
}
