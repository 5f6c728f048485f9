import * as z from 'zod/mini';
import type { Payout } from '#bonus/shapes.ts';
import type { TraceNode } from '#bonus/trace.ts';
import { adjustmentNodeId, changeScope } from '#bonus/trace-source-change.ts';
import type { ChangedRecord } from '#model/difference.ts';
import type { TenantScope } from '#model/scope.ts';
import { listDifferenceDecisions } from '#store/difference-repository.ts';
import { readSnapshot } from '#store/snapshot-store.ts';
import type { Table } from '#store/table.ts';
import { idText, moneyOf, moneyText } from '../../edge.ts';
import { ROLE_NAMES } from '../propays/shapes.ts';

/** An adjusting item with the step that made it and the records that changed. */
export const adjustmentSchema = z.strictObject({
  lineItemId: idText,
  workerId: idText,
  role: z.enum(ROLE_NAMES),
  amount: moneyText,
  node: z.string(),
  reason: z.string(),
  records: z.array(z.strictObject({ entity: z.string(), id: idText, sourceId: z.nullable(z.string()) })),
});

/** One adjusting item, explained. */
export interface ExplainedAdjustment {
  readonly lineItemId: string;
  readonly payout: Payout;
  readonly node: string;
  readonly reason: string;
  readonly records: readonly ChangedRecord[];
}

/** How the adjusting items of an approval came about: their steps, and for each item its last one. */
export async function explainAdjustments(
  table: Table,
  scope: TenantScope,
  proPayId: string,
  approval: number,
): Promise<{ readonly nodes: readonly TraceNode[]; readonly adjustments: readonly ExplainedAdjustment[] }> {
  const decisions = await listDifferenceDecisions(table, scope, proPayId);
  const nodes: TraceNode[] = [];
  const adjustments: ExplainedAdjustment[] = [];
  for (const decision of decisions) {
    if (decision.approval !== approval || decision.snapshot === null) continue;
    const kept = (await readSnapshot(table, scope, proPayId, decision.snapshot)) as Kept;
    nodes.push(...kept.nodes);
    const { lineItemIds, reason, records } = decision;
    for (const [index, payout] of kept.adjustments.entries()) {
      const node = adjustmentNodeId(changeScope(decision), payout);
      adjustments.push({ lineItemId: lineItemIds[index]!, payout, node, reason, records });
    }
  }
  return { nodes, adjustments };
}

/** The parts of what is kept with an accepted difference that explain it. */
interface Kept {
  readonly nodes: readonly TraceNode[];
  readonly adjustments: readonly Payout[];
}

/** An explained adjustment in edge names. */
export function adjustmentView({ lineItemId, payout, node, reason, records }: ExplainedAdjustment) {
  const { workerId, role, cents } = payout;
  return { lineItemId, workerId, role, amount: moneyOf(cents)!, node, reason, records };
}
