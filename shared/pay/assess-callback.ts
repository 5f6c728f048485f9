import { fallBy, withRework } from '#bonus/callback.ts';
import { appliedOf, heldReserve, reserveAmounts, takenBefore } from '#bonus/commands/callback.ts';
import { calculationOf } from '#bonus/engines.ts';
import { type ReworkBasis, reworkInGroup } from '#bonus/groups/rework.ts';
import type { FrozenGroup } from '#bonus/groups/snapshot.ts';
import { isStillRework } from '#bonus/inputs/callback-of.ts';
import { withoutReferences } from '#bonus/inputs/digest.ts';
import { type Reworked, readReworkEntries } from '#bonus/rework-entries.ts';
import { costCents, costOf } from '#bonus/rules/labour-cost.ts';
import type { Entry } from '#bonus/shapes.ts';
import { hashCanonical } from '#kernel/hash.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { Callback, CallbackAssessment } from '#model/callback.ts';
import type { Contribution, Group } from '#model/group.ts';
import type { LineItem } from '#model/pay.ts';
import type { ProPayResult } from '#model/propay.ts';
import type { ProPayRecords } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';

/** An approved ProPay at hand, with everything that a callback on it is worked out from. */
export interface ApprovedOriginal extends Reworked {
  readonly result: ProPayResult;
  readonly approval: number;
  readonly items: readonly LineItem[];
  readonly todayDate: LocalDate;
  readonly now: Instant;
  /** The group that it was approved with: its items are the group's then. */
  readonly group: OriginalGroup | null;
}

/** An approved group at hand, with what its members have left in it. */
export interface OriginalGroup {
  readonly group: Group;
  readonly members: readonly Contribution[];
  readonly snapshot: FrozenGroup;
}

/** A callback's assessment with the calculation behind it. */
export interface AssessedCallback {
  readonly assessment: CallbackAssessment;
  readonly basis: ReworkBasis;
  readonly reserve: readonly LineItem[];
  /** All applied rework of the original, with this. */
  readonly rework: readonly Entry[];
  readonly workFrom: LocalDate | null;
  readonly workTo: LocalDate | null;
}

/** What a callback means for the approval of its original (B-152): with all rework that was applied before, less what that took. */
export async function assessCallback(
  original: ApprovedOriginal,
  callback: Callback,
): Promise<AssessedCallback | { readonly missing: readonly string[] }> {
  const { state, approval, items, todayDate, now } = original;
  const before = appliedOf(state.callbacks, approval).filter(({ id }) => id !== callback.id);
  const jobIds = [...before.map(({ jobId }) => jobId), callback.jobId].sort();
  const { assembled, entriesOf } = await readReworkEntries(original, jobIds);
  const own = entriesOf(callback.jobId);
  const rework = jobIds.flatMap(entriesOf);
  const basis = basisOf(original, callback, rework);
  const { approved, reworked, taken } = basis;
  const reserve = heldReserve(items, todayDate);
  const calculateWith = calculationOf(approved.nodes);
  const fall = fallBy(approved.result, reworked, reserveAmounts(reserve), taken, { calculateWith });
  if (fall.outcome === 'cannot-tell') return { missing: fall.missing };
  const { outcome: _outcome, ...figures } = fall;
  const inputsVersion = hashCanonical({
    ...{ approval, reworked: withoutReferences(reworked), taken },
    reserve: reserve.map(({ id, amountCents }) => [id, amountCents]),
  });
  const dates = assembled.rework
    .filter(({ reworkJobId }) => reworkJobId === callback.jobId)
    .map(({ workDate }) => workDate)
    .sort();
  return {
    assessment: {
      inputsVersion,
      reworkSeconds: own.reduce((total, { seconds }) => total + seconds, 0),
      reworkCostCents: costCents(costOf(own)),
      ...figures,
      at: now,
    },
    basis,
    reserve,
    rework,
    workFrom: dates[0] ?? null,
    workTo: dates.at(-1) ?? null,
  };
}

/** A pooled group is calculated again as a whole (B-152). */
function basisOf(
  { proPay, group, snapshot, state, approval }: ApprovedOriginal,
  callback: Callback,
  rework: readonly Entry[],
): ReworkBasis {
  if (group !== null) return reworkInGroup(group.snapshot, group.members, proPay.id, rework);
  return {
    scopeId: proPay.id,
    approved: snapshot,
    reworked: withRework(snapshot.calculation, rework),
    taken: takenBefore(state.callbacks, approval, callback.id),
  };
}

/** Whether rework is done and still is rework of the job, by its own records. */
export function reworkStanding(
  records: ProPayRecords | undefined,
  callback: Callback,
  context: TenantContext,
): 'gone' | 'under-way' | 'done' {
  const job = records?.job ?? null;
  if (!isStillRework(job, callback, context)) return 'gone';
  return job?.fields.status === 'completed' ? 'done' : 'under-way';
}
