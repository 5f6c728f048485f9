import type { ProPay } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { type Assembled, countsDriveTime } from './assemble.ts';
import { isLive } from './inputs/live.ts';
import type { AppliedResult, Calculation } from './shapes.ts';
import type { TraceNode } from './trace.ts';

/** What a snapshot (B-89) is asked about later: enough to calculate again on other sources. What is optional, the first ones lack. */
export interface ApprovalSnapshot {
  readonly proPay: ProPay;
  readonly calculation: Calculation;
  readonly result: AppliedResult;
  readonly nodes: readonly TraceNode[];
  readonly place: Assembled['place'];
  /** What the tenant had chosen where the ProPay had not. */
  readonly choices?: { readonly driveTimeInCost: boolean };
  /** The job and milestones that were complete. */
  readonly completedIds?: readonly string[];
}

/** The choices of the tenant that an approval freezes with the ProPay's own (B-90). */
export function choicesOf(proPay: ProPay, context: TenantContext): NonNullable<ApprovalSnapshot['choices']> {
  return { driveTimeInCost: countsDriveTime(proPay, context) };
}

/** The job and milestones of a state that are complete at the source. */
export function completedIdsOf({ records }: ProPayState): readonly string[] {
  const all = [...(records.job === null ? [] : [records.job]), ...records.milestones];
  return all
    .filter((record) => isLive(record) && record.fields.status === 'completed')
    .map((record) => record.id)
    .sort();
}

/** An approved ProPay with every choice as it was made at the approval. */
export function frozenProPay(proPay: ProPay, { choices }: ApprovalSnapshot): ProPay {
  return { ...proPay, driveTimeInCost: choices?.driveTimeInCost ?? proPay.driveTimeInCost };
}
