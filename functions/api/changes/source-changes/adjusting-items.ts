import { laterDrafts } from '#bonus/commands/later-items.ts';
import type { DifferenceDecision } from '#bonus/commands/source-change.ts';
import { crewShareOf } from '#bonus/pay-law/crew-share.ts';
import type { Payout } from '#bonus/shapes.ts';
import type { ApprovalSnapshot } from '#bonus/snapshot.ts';
import type { SourceReading } from '#bonus/source-reading.ts';
import { traceChange } from '#bonus/trace-source-change.ts';
import type { SourceDifference } from '#model/difference.ts';
import type { ItemSource } from '#model/pay.ts';
import { type MadeItems, makeItems } from '#pay/make-items.ts';
import { type SnapshotName, writeSnapshot } from '#store/snapshot-store.ts';
import { todayIn } from '../../bonus/desk.ts';
import type { LoadedInputs } from '../../bonus/propays/load.ts';
import type { DecideRequest } from './verdict.ts';

/** An approval with what its sources say now. */
export interface MeasuredChange {
  readonly snapshot: ApprovalSnapshot;
  readonly reading: SourceReading;
  readonly difference: SourceDifference;
}

/** What was approved: a ProPay, or one of its phases. */
export interface ChangedApproval extends MeasuredChange {
  readonly of: { readonly source: ItemSource; readonly subjectId: string; readonly approval: number };
}

/** The adjusting items of an accepted difference (B-97), each on its worker's next open statement. */
export async function adjustingItems(
  { ports, scope }: DecideRequest,
  { desk, proPay, result }: LoadedInputs,
  { of, difference, reading }: ChangedApproval,
  adjustments: readonly Payout[],
  reason: string,
): Promise<MadeItems> {
  const { branchId } = result.place;
  const { time } = reading.worked.assembled;
  const made = await makeItems(ports.table, scope, desk.context, {
    drafts: laterDrafts(adjustments, 'adjustment', todayIn(desk, branchId)),
    origin: {
      source: of.source,
      subjectId: `${of.subjectId} change ${difference.revision}`,
      approval: of.approval,
      terms: proPay.pool,
      branchId,
      workFrom: time.startDate,
      workTo: time.lastDate,
    },
    earnedBy: { entries: time.entries, crewShare: crewShareOf(proPay, reading.worked.assembled) },
  });
  return { ...made, items: made.items.map(({ item, freeOn }) => ({ item: { ...item, description: reason }, freeOn })) };
}

/** Keeps what an accepted difference was made of, for the explanation (B-5). */
export function keepChange(
  { ports, scope }: DecideRequest,
  { of, snapshot, reading, difference }: ChangedApproval,
  { decided, adjustments }: Pick<DifferenceDecision, 'decided' | 'adjustments'>,
): Promise<SnapshotName> {
  const { current, canceled } = reading;
  const { calculation, nodes: approvedNodes } = snapshot;
  const nodes = traceChange({
    ...{ proPayId: of.subjectId, approval: of.approval, n: difference.revision },
    ...{ approved: { calculation, nodes: approvedNodes }, records: difference.records },
    ...{ current, canceled, decided, adjustments },
  });
  const kept = { version: 1, difference, calculation: current, canceled, decided, adjustments, nodes };
  return writeSnapshot(ports.table, scope, of.subjectId, kept);
}
