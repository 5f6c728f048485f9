import { idsOfPerson, isMerged, type MergedInto, type MergedPeople } from '#model/merged-people.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import type { Assembled } from './assemble.ts';
import { countsDriveTime } from './inputs/choices.ts';
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
  /** How far along the work was. */
  readonly completion?: { readonly completionBp: number | null };
  /** What the tenant had chosen where the ProPay had not. */
  readonly choices?: { readonly driveTimeInCost: boolean };
  /** The tenant's settings that a calculation reads each time (B-47, M-50): they acted until the approval and no longer. */
  readonly settings?: FrozenSettings;
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

/** The settings that decide over time, budget and cost when these are read, and that no ProPay holds a copy of. */
export interface FrozenSettings extends Pick<TenantContext, 'nonBillableRules' | 'incentives' | 'payLaw' | 'areaRevisions'> {
  readonly overheadDivisionIds: readonly string[];
}

/** The settings that an approval freezes. */
export function settingsOf(context: TenantContext): FrozenSettings {
  const { nonBillableRules, incentives, payLaw, areaRevisions, divisions } = context;
  const overheadDivisionIds = Object.keys(divisions).filter((id) => divisions[id]!.overhead);
  return { nonBillableRules, incentives, payLaw, areaRevisions, overheadDivisionIds };
}

/** The tenant's context as an approved ProPay is calculated by: everything else of it decides nothing any more. */
export function frozenContext(context: TenantContext, snapshot: ApprovalSnapshot): TenantContext {
  return frozenSettings({ ...context, mergedPeople: frozenPeople(context, snapshot) }, snapshot);
}

/** The same of the snapshot's settings alone. */
function frozenSettings(context: TenantContext, { settings }: ApprovalSnapshot): TenantContext {
  if (settings === undefined) return context;
  const { overheadDivisionIds, ...frozen } = settings;
  const divisions = Object.entries(context.divisions).map(
    ([id, division]) => [id, { ...division, overhead: overheadDivisionIds.includes(id) }] as const,
  );
  return { ...context, ...frozen, divisions: Object.fromEntries(divisions) };
}

/**
 * Who is who in what was approved: a merge of people moves nothing of it (M-149), so a person stays under the id that the approval knows;
 * of several that it knows, each stays by itself. Only somebody new stands under the id that stands for the person now.
 */
function frozenPeople(context: TenantContext, { calculation, result }: ApprovalSnapshot): MergedPeople {
  if (!isMerged(context)) return context.mergedPeople;
  const { entries, crewLeadIds, managerIds, otherIds, excludedWorkerIds } = calculation;
  const named = [...entries, ...result.payouts, ...result.leadPayouts].map(({ workerId }) => workerId);
  const known = new Set([...named, ...[crewLeadIds, managerIds, otherIds, excludedWorkerIds].flatMap((ids) => ids ?? [])]);
  const frozen: Record<string, MergedInto> = {};
  for (const [id, merged] of Object.entries(context.mergedPeople)) {
    const [first] = idsOfPerson(context, id).filter((one) => known.has(one));
    if (first === undefined) frozen[id] = merged;
    else {
      for (const one of idsOfPerson(context, id)) if (!known.has(one)) frozen[one] = { ...merged, into: first };
    }
  }
  return frozen;
}
