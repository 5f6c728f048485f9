import { openedCallback } from '#bonus/commands/callback.ts';
import { workBegun } from '#bonus/creation.ts';
import { mayBeReworked, originalOf, recognisedBy } from '#bonus/inputs/callback-of.ts';
import type { Recognition } from '#model/callback.ts';
import { callbackId } from '#model/ids.ts';
import type { ProPayState, ProPayTarget } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { listOriginalsOf, putCallbackAction, readCallback } from '#store/callback-repository.ts';
import { auditAction } from '#store/ledger.ts';
import { readJobHeader } from '#store/propay-inputs.ts';
import { systemEntry } from '../audit.ts';
import type { BonusSession } from '../ports.ts';

/**
 * Notes a job that is rework with the job that it reworks (B-154), and answers whose ProPay it concerns: the original's, and of rework
 * that is none any more the one's where it was noted. What follows is decided there, from what both say then.
 */
export async function noteRework(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
): Promise<readonly ProPayTarget[]> {
  const { job } = state.records;
  if (job === null) return [];
  const recognised = recognitionOf(state, context);
  const originalId = recognised === null ? null : originalOf(job);
  const noted =
    originalId !== null && originalId !== job.id && (await note(session, scope, job.id, originalId, recognised!, context));
  const was = state.verdict?.code === 'callback' || job.own.revision > 0;
  const earlier = was ? await listOriginalsOf(session.ports.table, scope, job.id) : [];
  const originals = new Set([...(noted ? [originalId] : []), ...earlier]);
  return [...originals].map((jobId) => ({ jobId, milestoneId: null }));
}

/** Work with a ProPay of its own is rework only where somebody says so: nobody is paid and charged for it by the system alone. */
function recognitionOf(state: ProPayState, context: TenantContext): Recognition | null {
  const recognised = recognisedBy(state, context, workBegun(state, context));
  const hasOwn = state.proPay !== null && !['Canceled', 'Deleted'].includes(state.proPay.status);
  return hasOwn && recognised !== 'hand' ? null : recognised;
}

/** True where the rework stands with its original, now or before. */
async function note(
  session: BonusSession,
  scope: TenantScope,
  jobId: string,
  originalJobId: string,
  recognised: Recognition,
  context: TenantContext,
): Promise<boolean> {
  const { table, now } = session.ports;
  const ref = { originalJobId, jobId };
  if ((await readCallback(table, scope, callbackId(ref))) !== null) return true;
  if (!mayBeReworked(await readJobHeader(table, scope, originalJobId), context)) return false;
  const callback = openedCallback(ref, recognised, now());
  const entry = {
    ...{ action: 'callback.opened', entity: 'callback', entityId: callback.id },
    ...{ before: null, after: { ...ref, recognisedBy: recognised }, reason: null },
  };
  // Whoever was quicker has noted the same.
  await table.write(scope, [putCallbackAction(scope, callback), auditAction(scope, systemEntry(session, entry))]);
  return true;
}
