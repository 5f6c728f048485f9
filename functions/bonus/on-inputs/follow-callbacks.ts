import { unlinkedCallback, waitingCallback } from '#bonus/commands/callback.ts';
import { todayOf } from '#bonus/creation.ts';
import { isTakenIn } from '#bonus/inputs/rework.ts';
import type { Callback } from '#model/callback.ts';
import { isPhased } from '#model/phase.ts';
import { firstProPayId } from '#model/propay-item.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { applyCallback } from '#pay/apply-callback.ts';
import { readOriginal } from '#pay/approved-original.ts';
import { type ApprovedOriginal, assessCallback, reworkStanding } from '#pay/assess-callback.ts';
import { putCallbackAction } from '#store/callback-repository.ts';
import { auditAction } from '#store/ledger.ts';
import { readReworkRecords } from '#store/propay-inputs.ts';
import { markWorkerActions } from '#store/propay-repository.ts';
import { systemEntry } from '../audit.ts';
import type { BonusSession } from '../ports.ts';
import { writeTogether } from '../write-together.ts';

/**
 * Brings the callbacks of a job to where its ProPay and the rework stand now (B-154): dismissed where the link is gone, assessed once the
 * rework is done and the original approved, applied at once unless the tenant reviews them. Answers the state as it is then; null where
 * somebody else was writing.
 */
export async function followCallbacks(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
): Promise<ProPayState | null> {
  const jobIds = state.callbacks.map(({ jobId }) => jobId);
  if (jobIds.length === 0) return state;
  const records = await readReworkRecords(session.ports.table, scope, jobIds);
  let current = state;
  for (const [index, callback] of state.callbacks.entries()) {
    const standing = reworkStanding(records[index], callback, context);
    const next = await followOne(session, scope, current, context, { callback, standing });
    if (next === null) return null;
    current = next;
  }
  return current;
}

interface Followed {
  readonly callback: Callback;
  readonly standing: ReturnType<typeof reworkStanding>;
}

async function followOne(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
  { callback, standing }: Followed,
): Promise<ProPayState | null> {
  const unlinked = callback.decision?.unlinked ?? false;
  if (callback.state === 'Applied') {
    const gone = standing === 'gone';
    return gone === unlinked ? state : save(session, scope, state, callback, noteLink(callback, gone));
  }
  if (standing === 'gone') {
    return unlinked ? state : save(session, scope, state, callback, unlinkedCallback(callback, session.ports.now()), 'dismissed');
  }
  if (callback.state === 'Dismissed' && !unlinked) return state;
  const isApproved = state.proPay?.status === 'Approved' || state.proPay?.status === 'Paid';
  // Nothing says yet which phase of an approved ProPay some rework belongs to: it waits.
  const isWhole = state.proPay !== null && !isPhased(state.proPay);
  const assessable = standing === 'done' && isApproved && isWhole && !isTakenIn(callback, state.proPay!);
  if (assessable) return assess(session, scope, state, context, callback);
  return callback.state === 'Open' ? state : save(session, scope, state, callback, waitingCallback(callback), 'reopened');
}

function noteLink(callback: Callback, unlinked: boolean): Callback {
  return { ...callback, decision: { ...callback.decision!, unlinked } };
}

async function assess(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
  callback: Callback,
): Promise<ProPayState | null> {
  const { ports } = session;
  const { proPay, result } = state;
  const todayDate = todayOf(ports.now(), context, state);
  const moment = { context, todayDate, now: ports.now() };
  const original = await readOriginal(ports.table, scope, { state, proPay: proPay!, result: result! }, moment);
  if (original === null) return null;
  const assessed = await assessWithWages(session, scope, original, callback);
  if ('missing' in assessed) {
    const waiting = waitingCallback(callback, assessed.missing);
    const same = callback.state === 'Open' && callback.missing.join() === waiting.missing.join();
    return same ? state : save(session, scope, state, callback, waiting);
  }
  if (context.callbackMode === 'review') {
    const { assessment } = assessed;
    if (callback.state === 'Assessed' && callback.assessment?.inputsVersion === assessment.inputsVersion) return state;
    const next: Callback = {
      ...callback,
      state: 'Assessed',
      proPayId: original.proPay.id,
      approval: original.approval,
      assessment,
      missing: [],
      decision: null,
    };
    return save(session, scope, state, callback, next, 'assessed');
  }
  const applied = await applyCallback(ports.table, scope, original, callback, assessed, { by: 'system', reason: null });
  const audit = auditOf(session, callback, applied.callback, 'applied');
  const outcome = await writeTogether(ports, scope, [...applied.actions, auditAction(scope, audit)], applied.staged);
  if (!outcome.applied) return null;
  return { ...withCallback(state, applied.callback), proPay: applied.proPay, result: applied.result };
}

/** People whose wage is missing are marked and looked up once more: a wage that is stored later then finds the rework, and so this. */
async function assessWithWages(session: BonusSession, scope: TenantScope, original: ApprovedOriginal, callback: Callback) {
  const first = await assessCallback(original, callback);
  const unpaid = 'missing' in first ? first.missing.filter((key) => key.startsWith('wage:')).map((key) => key.slice(5)) : [];
  if (unpaid.length === 0) return first;
  const rework = firstProPayId({ jobId: callback.jobId, milestoneId: null });
  for (const action of markWorkerActions(scope, unpaid, rework)) await session.ports.table.write(scope, [action]);
  return assessCallback(original, callback);
}

/** Writes a callback in its new state, with an audit entry where something was decided. */
async function save(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  before: Callback,
  after: Callback,
  what?: 'assessed' | 'dismissed' | 'reopened',
): Promise<ProPayState | null> {
  const audit = what === undefined ? [] : [auditAction(scope, auditOf(session, before, after, what))];
  const outcome = await session.ports.table.write(scope, [putCallbackAction(scope, after), ...audit]);
  return outcome.applied ? withCallback(state, { ...after, revision: after.revision + 1 }) : null;
}

function auditOf(session: BonusSession, before: Callback, after: Callback, what: string) {
  const told = ({ state, proPayId, assessment }: Callback) => ({
    state,
    proPayId,
    differenceCents: assessment?.differenceCents ?? null,
  });
  return systemEntry(session, {
    ...{ action: `callback.${what}`, entity: 'callback', entityId: after.id },
    ...{ before: told(before), after: told(after), reason: after.decision?.reason ?? null },
  });
}

function withCallback(state: ProPayState, callback: Callback): ProPayState {
  return { ...state, callbacks: state.callbacks.map((one) => (one.id === callback.id ? callback : one)) };
}
