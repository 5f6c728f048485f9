import * as z from 'zod/mini';
import { appliedOf } from '#bonus/commands/callback.ts';
import type { Payout } from '#bonus/shapes.ts';
import type { TraceNode } from '#bonus/trace.ts';
import { adjustmentNodeId, changeScope } from '#bonus/trace-source-change.ts';
import type { Callback } from '#model/callback.ts';
import type { ChangedRecord } from '#model/difference.ts';
import { parseProPayId } from '#model/ids.ts';
import type { TenantScope } from '#model/scope.ts';
import type { CallbackItem } from '#pay/apply-callback.ts';
import { listCallbacksOfJob } from '#store/callback-repository.ts';
import { listDifferenceDecisions } from '#store/difference-repository.ts';
import { readSnapshot } from '#store/snapshot-store.ts';
import type { Table } from '#store/table.ts';
import { idText, moneyOf, moneyText } from '../../edge.ts';
import { ROLE_NAMES } from './shapes.ts';

/** An item that came after the approval, with the step that made it and the records behind it. */
export const adjustmentSchema = z.strictObject({
  lineItemId: idText,
  workerId: idText,
  role: z.enum(ROLE_NAMES),
  amount: moneyText,
  node: z.string(),
  reason: z.string(),
  records: z.array(z.strictObject({ entity: z.string(), id: idText, sourceId: z.nullable(z.string()) })),
});

/** One such item, explained. */
export interface ExplainedAdjustment {
  readonly lineItemId: string;
  readonly payout: Payout;
  readonly node: string;
  readonly reason: string;
  readonly records: readonly ChangedRecord[];
}

/** How the items that came after an approval came about: their steps, and for each item its last one. */
export interface ExplainedLater {
  readonly nodes: readonly TraceNode[];
  readonly adjustments: readonly ExplainedAdjustment[];
}

/** Of accepted source changes (B-97) and of applied callbacks (B-153). */
export async function explainLater(
  table: Table,
  scope: TenantScope,
  proPayId: string,
  approval: number,
): Promise<ExplainedLater> {
  const changes = await explainChanges(table, scope, proPayId, approval);
  const callbacks = await explainCallbacks(table, scope, proPayId, approval);
  return {
    nodes: [...changes.nodes, ...callbacks.nodes],
    adjustments: [...changes.adjustments, ...callbacks.adjustments],
  };
}

async function explainCallbacks(table: Table, scope: TenantScope, proPayId: string, approval: number): Promise<ExplainedLater> {
  const ref = parseProPayId(proPayId);
  const callbacks = ref === null || ref.milestoneId !== null ? [] : await listCallbacksOfJob(table, scope, ref.jobId);
  const own = appliedOf(callbacks, approval).filter((callback) => callback.proPayId === proPayId);
  return explainApplied(table, scope, proPayId, own);
}

/** Of applied callbacks whose steps are kept with a ProPay or a group. */
export async function explainApplied(
  table: Table,
  scope: TenantScope,
  subjectId: string,
  callbacks: readonly Callback[],
): Promise<ExplainedLater> {
  const nodes: TraceNode[] = [];
  const adjustments: ExplainedAdjustment[] = [];
  for (const { snapshot, decision, jobId } of callbacks) {
    if (snapshot === null) continue;
    const kept = (await readSnapshot(table, scope, subjectId, snapshot)) as KeptCallback;
    nodes.push(...kept.nodes);
    const records = [{ entity: 'job', id: jobId, sourceId: null }];
    const reason = decision?.reason ?? 'rework';
    adjustments.push(...kept.items.map((item) => ({ ...item, reason, records })));
  }
  return { nodes, adjustments };
}

/** Of accepted source changes alone, of a ProPay or a group. */
export async function explainChanges(
  table: Table,
  scope: TenantScope,
  subjectId: string,
  approval: number,
): Promise<ExplainedLater> {
  const decisions = await listDifferenceDecisions(table, scope, subjectId);
  const nodes: TraceNode[] = [];
  const adjustments: ExplainedAdjustment[] = [];
  for (const decision of decisions) {
    if (decision.approval !== approval || decision.snapshot === null) continue;
    const kept = (await readSnapshot(table, scope, subjectId, decision.snapshot)) as Kept;
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

/** The same of an applied callback. */
interface KeptCallback {
  readonly nodes: readonly TraceNode[];
  readonly items: readonly CallbackItem[];
}

/** An explained adjustment in edge names. */
export function adjustmentView({ lineItemId, payout, node, reason, records }: ExplainedAdjustment) {
  const { workerId, role, cents } = payout;
  return { lineItemId, workerId, role, amount: moneyOf(cents)!, node, reason, records };
}
