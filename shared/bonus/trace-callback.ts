import type { Callback, CallbackPart } from '#model/callback.ts';
import type { LineItem } from '#model/pay.ts';
import { callbackRule, fallBy, reserveFirstRule } from './callback.ts';
import { calculationOf, engines } from './engines.ts';
import { roleSplitRule } from './rules/role-pools.ts';
import { workerShareRule } from './rules/worker-share.ts';
import type { AppliedResult, Calculation, Payout } from './shapes.ts';
import type { TraceNode } from './trace.ts';
import { payoutNodeId } from './trace-payouts.ts';
import { createTracer } from './tracer.ts';

/** What an applied callback is explained from. */
export interface ExplainedCallback {
  readonly proPayId: string;
  readonly callback: Callback;
  readonly approved: { readonly calculation: Calculation; readonly result: AppliedResult; readonly nodes: readonly TraceNode[] };
  readonly reworked: Calculation;
  readonly taken: readonly Payout[];
  readonly parts: readonly CallbackPart[];
  readonly reserve: readonly LineItem[];
}

/** The ids of the nodes that a callback's items rest on. */
export function callbackNodes({ proPayId, callback }: Pick<ExplainedCallback, 'proPayId' | 'callback'>) {
  const scope = `${proPayId}:callback-${callback.jobId}`;
  const of = (kind: string) => (part: Pick<CallbackPart, 'role' | 'workerId'>) =>
    `${reserveFirstRule.id}/${scope}/${kind}:${part.role}:${part.workerId}`;
  return { scope, reserve: of('reserve'), deduction: of('deduction') };
}

/**
 * The steps from rework to what a callback takes (B-5, B-152, B-153): the approved calculation with the rework, the fall of each person's
 * part, what comes out of the reserve, and what is deducted.
 */
export function traceCallback(explained: ExplainedCallback, list = engines): readonly TraceNode[] {
  const { proPayId, callback, approved, reworked, taken, parts, reserve } = explained;
  const { scope } = callbackNodes(explained);
  const tracer = createTracer(scope);
  fallBy(approved.result, reworked, [], taken, { tracer, calculateWith: calculationOf(approved.nodes, list) });
  const known = new Set([...approved.nodes, ...tracer.nodes].map(({ id }) => id));
  const { calculation } = approved;
  const rework = { record: 'callback', recordId: callback.id, revision: callback.revision };
  for (const part of parts) {
    const { workerId, role } = part;
    const subject = `${role}:${workerId}`;
    const candidates = [
      payoutNodeId(proPayId, calculation.distribution, { workerId, role, cents: 1 }),
      `${roleSplitRule.id}/${scope}/pool:${role}`,
      `${workerShareRule.id}/${scope}/worker-share`,
    ];
    const inputs = candidates.filter((id) => known.has(id)).map((node) => ({ node }));
    const difference = tracer.add(callbackRule, subject, {
      inputs: [...inputs, rework],
      value: part.differenceCents,
      unit: 'cents',
    });
    const held = reserve.filter((item) => item.workerId === workerId && item.role === role);
    const drawn = tracer.add(reserveFirstRule, `reserve:${subject}`, {
      inputs: [difference, ...held.map(({ id, revision }) => ({ record: 'line_item', recordId: id, revision }))],
      value: part.fromReserveCents,
      unit: 'cents',
    });
    tracer.add(reserveFirstRule, `deduction:${subject}`, {
      inputs: [difference, drawn],
      value: part.deductionCents,
      unit: 'cents',
    });
  }
  return tracer.nodes;
}
