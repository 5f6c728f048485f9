import { isGoneAtSource } from '#bonus/creation.ts';
import { readsDriveTime } from '#bonus/inputs/choices.ts';
import { statusOfPhases } from '#bonus/phased/aggregate.ts';
import { nextResult, sameResult, type WorkedOut, workOutProPay } from '#bonus/work-out.ts';
import { AppError } from '#kernel/errors.ts';
import { isDecided, isPhased } from '#model/phase.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { ProPayState, ProPayTarget } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { markedBy, markingReaders } from '#pay/marking-readers.ts';
import { placeInGroup, writeMembership } from '#pay/membership.ts';
import { auditAction } from '#store/ledger.ts';
import { readJobLevelProPays, readProPayState } from '#store/propay-inputs.ts';
import { updateProPayAction, updateResultAction } from '#store/propay-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { systemEntry } from '../audit.ts';
import type { BonusSession } from '../ports.ts';
import { cancelForSource, offerRestore } from './cancel-for-source.ts';
import { createOrExplain } from './create-propay.ts';
import { followCallbacks } from './follow-callbacks.ts';
import { followMember } from './follow-member.ts';
import { followSource } from './follow-source.ts';
import { groupMade, movedToGroup, systemMaker } from './group-audit.ts';
import { markRecords } from './mark-records.ts';
import { markWorkers, unmarkWorkers } from './mark-workers.ts';
import { noteRework } from './note-rework.ts';
import { followPhases, writePhases } from './settle-phases.ts';

/** Readings of one target that may be thrown away because somebody else was writing; then it is left to the queue. */
const TRIES = 4;

/** What a settling found out that concerns others: ProPays of visits in a job that is one ProPay now, and of reworked jobs. */
export interface Settled {
  readonly alsoTargets: readonly ProPayTarget[];
}

/**
 * Brings one target to the state that its inputs ask for: a ProPay where the gates hold, else the verdict why there is none; fresh
 * figures of an Active ProPay; the difference of an approved one. Always from the present state, never from the change that woke it,
 * so order and repetition of changes do not matter (faults 52, 53, 59). Writes nothing where nothing differs.
 */
export async function settleTarget(session: BonusSession, scope: TenantScope, target: ProPayTarget): Promise<Settled> {
  const { table } = session.ports;
  let atLeast = 0;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const context = await session.context(scope, atLeast);
    if (context === null) return NOTHING;
    const read = await readProPayState(table, scope, target, (proPay) => readsDriveTime(proPay, context));
    const state = await withOtherKind(session, scope, read);
    // Somebody has already used a later context than the one known here.
    const used = state.result?.contextRevision ?? 0;
    if (used > context.revision) atLeast = used;
    else if (await settleState(session, scope, state, context))
      return { alsoTargets: [...visitsOf(state), ...linkedWith(state), ...(await noteRework(session, scope, state, context))] };
  }
  throw new AppError('target-busy', { category: 'transient', data: { jobId: target.jobId, milestoneId: target.milestoneId } });
}

/** The same work under other jobs: what changed here counts there. */
function linkedWith({ linked }: ProPayState): readonly ProPayTarget[] {
  return (linked?.jobIds ?? []).map((jobId) => ({ jobId, milestoneId: null }));
}

const NOTHING: Settled = { alsoTargets: [] };

/** True when the target is settled; false when another writer was met and everything has to be read again. */
async function settleState(
  session: BonusSession,
  scope: TenantScope,
  read: ProPayState,
  context: TenantContext,
): Promise<boolean> {
  const state = isWhole(read) ? await followCallbacks(session, scope, read, context) : null;
  if (state === null) return false;
  const { proPay, result } = state;
  if (proPay === null) return createOrExplain(session, scope, state, context);
  if (result === null) return false;
  const approved = proPay.status === 'Approved' || proPay.status === 'Paid';
  const phased = isPhased(proPay);
  if (proPay.status === 'Active' || (approved && phased)) {
    const decided = phased && state.phases.some((phase) => phase.proPayId === proPay.id && isDecided(phase));
    if (isGoneAtSource(state) && !decided)
      return markWith(session, scope, state, await cancelForSource(session, scope, proPay, result));
    if (phased && !(await followPhases(session, scope, state, context, proPay))) return false;
    return recalculate(session, scope, state, context, proPay, result);
  }
  if (proPay.status === 'Canceled')
    return markWith(session, scope, state, await offerRestore(session, scope, state, proPay, result));
  const { groupId } = proPay;
  const follow = (): Promise<boolean> =>
    groupId === null
      ? followSource(session, scope, state, context, proPay, result)
      : followMember(session, scope, state, context, { proPay, result, groupId });
  if (approved && !(await follow())) return false;
  return markRecords(session, scope, state);
}

/** False where half of somebody's transaction was seen. */
function isWhole({ proPay, result }: ProPayState): boolean {
  return proPay === null || (result !== null && result.cfgRev === proPay.revision);
}

/** The rows of a ProPay as it was just written; false where it could not be. */
async function markWith(session: BonusSession, scope: TenantScope, state: ProPayState, proPay: ProPay | null): Promise<boolean> {
  return proPay !== null && markRecords(session, scope, { ...state, proPay });
}

async function recalculate(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
  before: ProPay,
  result: ProPayResult,
): Promise<boolean> {
  const { table, now } = session.ports;
  const branchId = state.records.job?.fields.branchId ?? before.branchId;
  const placed = await placeInGroup(table, scope, before, state, context);
  const changed = branchId !== before.branchId || placed.proPay !== before;
  const staying = changed ? { ...placed.proPay, branchId, revision: before.revision + 1 } : before;
  const readers = markingReaders(table, scope, now(), before.id, markedBy(result));
  const first = await workOutProPay(state, staying, context, readers);
  if (!(await writePhases(session, scope, state, before, first))) return false;
  const proPay = withStatusOfPhases(staying, before, first);
  const moved = proPay !== before;
  const worked = { ...first, result: { ...first.result, cfgRev: proPay.revision } };
  if (!moved && sameResult(result, worked.result)) return markRecords(session, scope, state);
  await markWorkers(session, scope, proPay.id, result, worked);
  const next = nextResult(result, worked.result, now());
  const change = { before, placed: { ...placed, proPay }, worked, calcRev: next.calcRev };
  const group = await writeMembership(scope, change, systemMaker(session, scope));
  const outcome = await table.write(scope, [
    updateResultAction(scope, proPay, next, result.calcRev),
    ...(moved ? [updateProPayAction(scope, proPay, before.revision)] : []),
    ...group.actions,
    ...groupMade(session, scope, group.made),
    ...movedToGroup(session, scope, before, proPay),
    ...followedPhases(session, scope, before, proPay),
    ...askedForProgress(session, scope, proPay.id, result, next),
  ]);
  if (!outcome.applied) return false;
  await unmarkWorkers(session, scope, proPay.id, result, worked);
  return markRecords(session, scope, state);
}

/** A phased ProPay follows its phases; every other one stays what it is. */
function withStatusOfPhases(proPay: ProPay, before: ProPay, { phases }: Pick<WorkedOut, 'phases'>): ProPay {
  const status = isPhased(proPay) ? statusOfPhases(phases.map(({ next }) => next)) : proPay.status;
  return status === proPay.status ? proPay : { ...proPay, status, revision: before.revision + 1 };
}

/** A change of status is written down with its effect. */
function followedPhases(session: BonusSession, scope: TenantScope, before: ProPay, after: ProPay): readonly WriteAction[] {
  if (after.status === before.status) return [];
  const entry = { action: 'propay.followed_phases', entity: 'propay', entityId: before.id, reason: null };
  const statuses = { before: { status: before.status }, after: { status: after.status } };
  return [auditAction(scope, systemEntry(session, { ...entry, ...statuses }))];
}

/** Asking somebody for a report of progress is written down with its effect (B-38). */
function askedForProgress(
  session: BonusSession,
  scope: TenantScope,
  proPayId: string,
  before: ProPayResult,
  after: ProPayResult,
): readonly WriteAction[] {
  const askedBp = after.progressRequest.askedBp;
  if (askedBp === before.progressRequest.askedBp) return [];
  const entry = { action: 'propay.progress_requested', entity: 'propay', entityId: proPayId, reason: null };
  const asked = { before: { askedBp: before.progressRequest.askedBp }, after: { askedBp } };
  return [auditAction(scope, systemEntry(session, { ...entry, ...asked }))];
}

/** A visit without ProPay must know of a ProPay of the whole job; one more small range, and only then. */
async function withOtherKind(session: BonusSession, scope: TenantScope, state: ProPayState): Promise<ProPayState> {
  if (state.target.milestoneId === null || state.proPay !== null) return state;
  const jobLevel = await readJobLevelProPays(session.ports.table, scope, state.target.jobId);
  return jobLevel.length === 0 ? state : { ...state, proPays: [...state.proPays, ...jobLevel] };
}

function visitsOf(state: ProPayState): readonly ProPayTarget[] {
  if (state.target.milestoneId !== null || state.records.job?.fields.recurring === true) return [];
  return state.proPays
    .filter((proPay) => proPay.milestoneId !== null && proPay.status === 'Active')
    .map(({ jobId, milestoneId }) => ({ jobId, milestoneId }));
}
