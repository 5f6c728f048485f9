import type { ChangedRecord, RoleDifference } from '#model/difference.ts';
import { adjustingRule } from './commands/source-change.ts';
import { engineOf, engines } from './engines.ts';
import { leadPayRule } from './rules/lead-pay.ts';
import type { Calculation, Distribution, Payout } from './shapes.ts';
import { payNow, sourceChangeRule } from './source-change.ts';
import type { TraceInput, TraceNode, Tracer } from './trace.ts';
import { payoutNodeId } from './trace-payouts.ts';
import { createTracer } from './tracer.ts';

/** What an accepted difference is explained from. */
export interface ExplainedChange {
  readonly proPayId: string;
  readonly approval: number;
  /** Revision of the difference that was accepted. */
  readonly n: number;
  /** The approval's own calculation and steps. */
  readonly approved: { readonly calculation: Calculation; readonly nodes: readonly TraceNode[] };
  readonly current: Calculation;
  readonly canceled: boolean;
  readonly records: readonly ChangedRecord[];
  readonly decided: readonly RoleDifference[];
  readonly adjustments: readonly Payout[];
}

/** Whose money, in which role. */
export type Named = Pick<Payout, 'role' | 'workerId'>;
/** What somebody has decided of a difference, and what it adds to people's items. */
export type DecidedChange = Pick<ExplainedChange, 'proPayId' | 'n' | 'records' | 'decided' | 'adjustments'>;

/** The scope of the nodes of one accepted difference: one ProPay may have several. */
export function changeScope({ proPayId, approval, n }: Pick<ExplainedChange, 'proPayId' | 'approval' | 'n'>): string {
  return `${proPayId}:change-${approval}-${n}`;
}

/** The id of the node that an adjusting item rests on. */
export function adjustmentNodeId(scope: string, { role, workerId }: Named): string {
  return `${adjustingRule.id}/${scope}/${role}:${workerId}`;
}

/**
 * The steps from the present sources to adjusting items (B-5, B-96, B-97): the calculation on these sources, for each person and role what
 * it says less what was approved and settled before, and what of it becomes an item. Of work that was canceled the changed records stand
 * for a calculation, since there is none.
 */
export function traceChange(change: ExplainedChange): readonly TraceNode[] {
  const { proPayId, approved, current, canceled } = change;
  const scope = changeScope(change);
  const tracer = createTracer(scope);
  payNow(current, canceled, { tracer, calculateWith: engineOf(approved.nodes, engines).calculate });
  traceDecided(tracer, change, {
    approved: { nodes: approved.nodes, of: (one) => payNodes(proPayId, approved.calculation.distribution, one) },
    present: { nodes: tracer.nodes, of: (one) => payNodes(scope, current.distribution, one) },
  });
  return tracer.nodes;
}

/** Steps of a calculation, and which of them a person's money in a role may rest on. */
export interface PaySteps {
  readonly nodes: readonly TraceNode[];
  readonly of: (one: Named) => readonly string[];
}

/** For each person and role the step from approved and present money to what was decided, and to the item that it makes. */
export function traceDecided(
  tracer: Tracer,
  { proPayId, n, records, decided, adjustments }: DecidedChange,
  { approved, present }: { readonly approved: PaySteps; readonly present: PaySteps },
): void {
  const approvedIds = idsOf(approved.nodes);
  const presentIds = idsOf(present.nodes);
  const baseline: TraceInput = { record: 'source_difference', recordId: proPayId, revision: n };
  const changed = records.map(({ entity, id }) => ({ record: entity, recordId: id, revision: 'present' }));
  for (const one of decided) {
    const before = approved.of(one).filter((id) => approvedIds.has(id));
    const now = present.of(one).filter((id) => presentIds.has(id));
    const inputs = [...before, ...now].map((node) => ({ node }));
    const subject = `${one.role}:${one.workerId}`;
    const difference = tracer.add(sourceChangeRule, subject, {
      inputs: [...inputs, ...(now.length > 0 ? [] : changed), baseline],
      value: one.differenceCents,
      unit: 'cents',
    });
    const item = adjustments.find(({ role, workerId }) => role === one.role && workerId === one.workerId);
    if (item !== undefined) tracer.add(adjustingRule, subject, { inputs: [difference], value: item.cents, unit: 'cents' });
  }
}

const idsOf = (nodes: readonly TraceNode[]): ReadonlySet<string> => new Set(nodes.map(({ id }) => id));

/** The nodes that a person's money in a role may rest on; of amounts by hand those of the hours they fall back to as well. */
export function payNodes(scope: string, distribution: Distribution, { role, workerId }: Named): readonly string[] {
  const payout = { role, workerId, cents: 1 };
  return [
    payoutNodeId(scope, distribution, payout),
    ...(distribution.formula === 'manual' && role === 'crew' ? [payoutNodeId(scope, { formula: 'per_hour' }, payout)] : []),
    ...(role === 'crew_lead' ? [`${leadPayRule.id}/${scope}/lead-pay:${workerId}`] : []),
  ];
}
