import * as z from 'zod/mini';
import { calculate } from '#bonus/calculate.ts';
import type { Calculation, CalculationResult } from '#bonus/shapes.ts';
import { createTracer } from '#bonus/tracer.ts';
import { refuse } from '#kernel/errors.ts';
import { allow } from '../../access.ts';
import { idText } from '../../edge.ts';
import { defineRoute } from '../../route.ts';
import { sightOf } from '../sight.ts';
import { calculationFromEdge, resultToEdge } from './edge-calculation.ts';
import { loadInputs } from './load.ts';
import { wageFreeNodes, withoutCosts } from './wage-free.ts';

const anyObject = z.record(z.string(), z.unknown());
const resultSchema = z.looseObject({ outcome: z.string() });

/** What a calculation would give: of a ProPay or of given inputs, with any of its keys replaced. Stores nothing (B-6). */
export const previewProPay = defineRoute({
  method: 'POST',
  path: '/v1/propays/preview',
  group: 'explanations',
  summary: 'What a calculation would give',
  access: allow('A', 'A', 'S', '-', '-', 'R'),
  body: z.strictObject({ propayId: z.optional(idText), inputs: z.optional(anyObject), overlay: z.optional(anyObject) }),
  bodyExample: { propayId: 'kQ3vAbCdEfGhIjKl.-.1', overlay: { splitBp: 6_000 } },
  answer: {
    status: 200,
    description: 'Result before and after, and what differs',
    schema: z.strictObject({
      base: resultSchema,
      result: resultSchema,
      difference: z.array(z.looseObject({ from: z.unknown(), to: z.unknown() })),
      nodes: z.array(z.unknown()),
    }),
  },
  handler: async (request) => {
    const { body } = request;
    if ((body.propayId === undefined) === (body.inputs === undefined))
      refuse('invalid-body', { field: 'propayId', detail: 'give either propayId or inputs' });
    const { base, costs } =
      body.propayId === undefined
        ? // Wages that the caller sends are no secret to them.
          { base: calculationFromEdge(body.inputs, '/inputs') as Calculation, costs: true }
        : await calculationOf(request, body.propayId);
    const overlay = calculationFromEdge(body.overlay ?? {}, '/overlay') as Partial<Calculation>;
    const tracer = createTracer(body.propayId ?? 'preview');
    const before = calculate(base);
    const after = calculate({ ...base, ...overlay }, tracer);
    const shown = (result: CalculationResult): Edge => (costs ? resultToEdge(result) : withoutCosts(resultToEdge(result)));
    const [from, to] = [shown(before), shown(after)];
    const nodes = costs ? tracer.nodes : wageFreeNodes(tracer.nodes);
    return { body: { base: from, result: to, difference: [...figures(from, to), ...payouts(before, after)], nodes } };
  },
});

/** The present inputs of a ProPay, and whether the caller may see what tells their wages. */
async function calculationOf(
  request: Parameters<typeof loadInputs>[0],
  id: string,
): Promise<{ readonly base: Calculation; readonly costs: boolean }> {
  const loaded = await loadInputs(request, id);
  const { assembled } = await loaded.workOut(loaded.proPay);
  return { base: assembled.calculation, costs: sightOf(request, loaded.desk).costs };
}

type Edge = Readonly<Record<string, unknown>> & { readonly outcome: string };

function figures(from: Edge, to: Edge) {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((name) => name !== 'payouts');
  return names
    .filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
    .map((field) => ({ field, from: from[field] ?? null, to: to[field] ?? null }));
}

function payouts(before: CalculationResult, after: CalculationResult) {
  const of = (result: CalculationResult) => {
    const list =
      (resultToEdge(result) as { payouts?: readonly { workerId: string; role: string; amount: string }[] }).payouts ?? [];
    return new Map(list.map((payout) => [`${payout.role} ${payout.workerId}`, payout]));
  };
  const [from, to] = [of(before), of(after)];
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((key) => {
    const one = (to.get(key) ?? from.get(key))!;
    const [was, is] = [from.get(key)?.amount ?? '0.00', to.get(key)?.amount ?? '0.00'];
    return was === is ? [] : [{ workerId: one.workerId, role: one.role, from: was, to: is }];
  });
}
