import { hashCanonical } from '#kernel/hash.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import type { ChangedRecord, RoleDifference, SourceCause } from '#model/difference.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { readApplied, uncollectedOf, withApplied } from './applied-callbacks.ts';
import { isCanceled, isGoneAtSource } from './creation.ts';
import { engineOf, engines } from './engines.ts';
import { byRecord } from './explain.ts';
import { withoutReferences } from './inputs/digest.ts';
import { isLive } from './inputs/live.ts';
import type { Calculation, Entry, RecordRef, UndecidedResult } from './shapes.ts';
import { type ApprovalSnapshot, frozenContext, frozenProPay } from './snapshot.ts';
import { differenceBetween, paidFiguresOf, payNow, type SourceDifference } from './source-change.ts';
import { type InputReaders, type WorkedOut, workOutProPay } from './work-out.ts';

/** What the sources of an approved ProPay say now, against what was approved. */
export interface SourceReading {
  /** Digest of everything that was read and matters. */
  readonly inputsSeen: string;
  readonly compared: SourceDifference | UndecidedResult;
  /** What applied callbacks were to take and could not collect. */
  readonly uncollected: readonly RoleDifference[];
  readonly causes: readonly SourceCause[];
  readonly records: readonly ChangedRecord[];
  readonly runId: string | null;
  /** The approved calculation on the present sources. */
  readonly current: Calculation;
  readonly canceled: boolean;
  readonly worked: WorkedOut;
}

/** What a difference is made of, whatever was read for it: a ProPay, a phase or a whole group. */
export type ReadOnSources = Pick<SourceReading, 'compared' | 'uncollected' | 'causes' | 'records' | 'runId' | 'inputsSeen'>;

/** So many records are named; who wants all of them compares snapshot and mirror. */
const NAMED = 100;
const PLACES = ['branchId', 'divisionId', 'routeId'] as const;

/**
 * Reads the sources of an approved ProPay anew (B-96): pool, people, answers and penalties as approved, time and budget as they are now,
 * and wages that have changed since (M-119), with the records that are not what they were.
 */
export async function readSources(
  state: ProPayState,
  approved: { readonly proPay: ProPay; readonly snapshot: ApprovalSnapshot },
  context: TenantContext,
  readers: InputReaders,
): Promise<SourceReading> {
  const { snapshot } = approved;
  const settings = frozenContext(context, snapshot);
  const frozen = frozenProPay(approved.proPay, snapshot);
  const worked = await workOutProPay(state, frozen, settings, readers, { final: true, laterWages: true });
  const { budget, entries, distribution } = worked.assembled.calculation;
  const approvedWay = snapshot.calculation.distribution;
  const current: Calculation = {
    ...snapshot.calculation,
    budget,
    entries,
    assignedCrew: null,
    // Whose weeks earned what is a source as well (B-71).
    distribution:
      approvedWay.formula === 'total_earnings' ? { ...approvedWay, earnings: distribution.earnings ?? null } : approvedWay,
  };
  const canceled = isGoneAtSource(state);
  const now = payNow(current, canceled, { calculateWith: engineOf(snapshot.nodes, engines).calculate });
  const own = 'outcome' in now ? now : differenceBetween(paidFiguresOf(snapshot.result), now);
  const applied = await readApplied({ ...approved, state, result: state.result, context, readers });
  const compared = withApplied(own, applied);
  const causes = causesOf(state, snapshot, worked, canceled);
  const records = changedRecords(state, snapshot, current, causes);
  const inputsSeen = hashCanonical({ calculation: withoutReferences(current), causes, applied: applied?.seen ?? null });
  const uncollected = uncollectedOf(applied === null ? [] : [applied]);
  return { inputsSeen, compared, uncollected, causes, records, runId: latestRun(state, records), current, canceled, worked };
}

function causesOf(state: ProPayState, snapshot: ApprovalSnapshot, worked: WorkedOut, canceled: boolean): readonly SourceCause[] {
  if (canceled) return ['canceled'];
  const { place } = worked.assembled;
  const moved = state.records.job !== null && PLACES.some((name) => place[name] !== snapshot.place[name]);
  return [...(reopenedIds(state, snapshot).length > 0 ? ['reopened' as const] : []), ...(moved ? ['moved' as const] : [])];
}

/** What was complete and is not any more; a milestone that was canceled since is told by its figures. */
function reopenedIds({ records }: ProPayState, { completedIds = [] }: ApprovalSnapshot): readonly string[] {
  const all = [...(records.job === null ? [] : [records.job]), ...records.milestones];
  return all
    .filter((one) => completedIds.includes(one.id) && isLive(one) && !['completed', 'canceled'].includes(one.fields.status))
    .map((one) => one.id);
}

function changedRecords(
  state: ProPayState,
  snapshot: ApprovalSnapshot,
  current: Calculation,
  causes: readonly SourceCause[],
): readonly ChangedRecord[] {
  const refs = [
    ...changedTime(snapshot.calculation.entries, current.entries),
    ...changedBudget(snapshot.calculation.budget, current.budget),
    ...recordsBehind(state, snapshot, causes),
  ];
  const named = new Map(refs.map(({ entity, id, sourceId }) => [`${entity} ${id}`, { entity, id, sourceId: sourceId ?? null }]));
  return [...named.values()]
    .sort((a, b) => compareCodePoints(a.entity, b.entity) || compareCodePoints(a.id, b.id))
    .slice(0, NAMED);
}

/** Time that came, went or counts otherwise; where only the wage differs, the wage's own record. */
function changedTime(approved: readonly Entry[], current: readonly Entry[]): RecordRef[] {
  const before = new Map(byRecord(approved).flatMap((entry) => (entry.ref === undefined ? [] : [[entry.ref.id, entry]])));
  const refs: RecordRef[] = [];
  for (const entry of byRecord(current)) {
    if (entry.ref === undefined) continue;
    const known = before.get(entry.ref.id);
    before.delete(entry.ref.id);
    if (known === undefined || known.workerId !== entry.workerId || known.seconds !== entry.seconds) refs.push(entry.ref);
    else if (known.wageE4 !== entry.wageE4) refs.push(entry.wageRef ?? entry.ref);
  }
  return [...refs, ...[...before.values()].flatMap((entry) => entry.ref ?? [])];
}

function changedBudget(approved: Calculation['budget'], current: Calculation['budget']): readonly RecordRef[] {
  if (hashCanonical(withoutReferences(approved)) === hashCanonical(withoutReferences(current))) return [];
  return [approved?.ref ?? [], current?.ref ?? []].flat();
}

function recordsBehind(state: ProPayState, snapshot: ApprovalSnapshot, causes: readonly SourceCause[]): readonly RecordRef[] {
  const { job, milestones } = state.records;
  const visit = milestones.find((one) => one.id === state.target.milestoneId);
  const own = [job, visit ?? null].filter((one) => one !== null);
  const reopened = reopenedIds(state, snapshot);
  const behind = {
    canceled: own.filter(isCanceled),
    reopened: [...own, ...milestones].filter((one) => reopened.includes(one.id)),
    moved: own,
  };
  return causes.flatMap((cause) => behind[cause]);
}

/** The run that changed the latest of the records; null where none of them is here any more. */
function latestRun({ records }: ProPayState, changed: readonly ChangedRecord[]): string | null {
  const ids = new Set(changed.map(({ id }) => id));
  const all: readonly MirrorRecord[] = [
    ...(records.job === null ? [] : [records.job]),
    ...records.milestones,
    ...records.budgets,
    ...records.entries,
    ...records.drives,
  ];
  const latest = all
    .filter(({ id }) => ids.has(id))
    .reduce<MirrorRecord | null>((last, one) => (last === null || one.lastChangedAt > last.lastChangedAt ? one : last), null);
  return latest?.lastChangedRunId ?? null;
}
