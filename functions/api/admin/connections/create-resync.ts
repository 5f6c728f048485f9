import * as z from 'zod/mini';
import { type Instant, secondsBetween } from '#kernel/instant.ts';
import { waitsForPerson } from '#mirror/connection-state.ts';
import { quotaState, withResync } from '#mirror/resync-quota.ts';
import type { Connection, RunMode, SyncState } from '#model/connection.ts';
import { ENTITIES } from '#model/entities.ts';
import { NOTHING_PENDING, updateSyncStateAction } from '#store/connection-repository.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { ApiProblem } from '../../problem.ts';
import { defineAdminRoute } from '../ports.ts';
import { loadConnection } from './load.ts';
import { requireResyncSupport } from './resync-support.ts';
import { resyncShape } from './shapes.ts';
import { cardOf, currentRun, manifestOf } from './view.ts';

/**
 * Manual resync (M-84 to M-86). The request is a row on the sync state, written with audit and idempotency record in one transaction;
 * the event on the bus only nudges. Whatever runs or waits already is the answer to every further request, and costs no quota.
 */
export const createResync = defineAdminRoute({
  method: 'POST',
  path: '/v1/connections/{id}/resyncs',
  group: 'admin',
  summary: 'Ask for a run now',
  access: MANAGE_CONNECTIONS,
  idempotency: 'required',
  startsRun: true,
  body: z.strictObject({
    mode: z.optional(z.enum(['delta', 'full'])),
    entities: z.optional(z.array(z.enum(ENTITIES)).check(z.minLength(1))),
    reason: z.optional(z.string().check(z.maxLength(500))),
  }),
  bodyExample: { mode: 'delta' },
  answer: {
    status: 202,
    description: 'The run that will do it, or is doing it already',
    schema: resyncShape,
    example: {
      runId: '01JPW5Z6Q0000000000000000',
      alreadyRunning: false,
      mode: 'delta',
      remaining: { delta: 3, full: 2 },
      retryAt: null,
    },
  },
  handler: async (request) => {
    const { ports, scope, params, body, command, actor } = request;
    const mode: RunMode = body.mode ?? 'delta';
    const runId = ports.ulid();
    let nudge: Connection | null = null;
    const answer = await commitFresh(command, async () => {
      const { connection, sync } = await loadConnection(request, params.id);
      requireResyncSupport(manifestOf(connection.provider), connection.settings.entities, mode, body.entities ?? []);
      const now = ports.now();
      requireRunnable(connection, sync, now);
      const running = currentRun(sync);
      const location = (id: string) => ({ location: `/v1/connections/${connection.id}/runs/${id}` });
      const audit = {
        action: 'resync.requested',
        entity: 'connection',
        entityId: connection.id,
        before: null,
        reason: body.reason ?? null,
      };
      if (running !== null) {
        const { remaining } = quotaState(sync.resyncs, now, ports.resyncQuota);
        const already = { runId: running.id, alreadyRunning: true, mode: running.mode, remaining, retryAt: null };
        nudge = sync.openRun === null ? connection : null;
        return { actions: [], audit: { ...audit, after: already }, answer: { body: already, headers: location(running.id) } };
      }
      const quota = quotaState(sync.resyncs, now, ports.resyncQuota);
      if (quota.remaining[mode] === 0) throw quotaExceeded(mode, quota.retryAt[mode] ?? now, now, quota.remaining);
      const resyncs = withResync(sync.resyncs, { at: now, mode }, ports.resyncQuota);
      const left = quotaState(resyncs, now, ports.resyncQuota);
      const pending = { runId, mode, entities: body.entities ?? null, requestedBy: actor.id, requestedAt: now };
      const accepted = { runId, alreadyRunning: false, mode, remaining: left.remaining, retryAt: left.retryAt[mode] };
      nudge = connection;
      return {
        actions: [updateSyncStateAction(scope, connection.n, { pending, resyncs }, sync.fence, NOTHING_PENDING)],
        audit: { ...audit, after: { runId, mode, entities: pending.entities } },
        answer: { body: accepted, headers: location(runId) },
      };
    });
    const waiting = nudge as Connection | null;
    const isReplay = answer.headers?.['idempotency-replayed'] !== undefined;
    if (waiting !== null && !isReplay) {
      const { tenantId } = scope;
      // A lost event is no lost request: the next slot finds the row.
      await ports.bus.publish('Resync Requested', {
        tenantId,
        connectionId: waiting.id,
        provider: waiting.provider,
        kind: 'manual',
      });
    }
    return answer;
  },
});

function requireRunnable(connection: Connection, sync: SyncState, now: Instant): void {
  const { state, cause, fix } = cardOf(connection, sync, now);
  if (waitsForPerson({ state, cause }) || cause === 'source_account_suspended' || cause === 'account_mismatch')
    throw new ApiProblem('connection-not-runnable', {
      detail: fix ?? 'Reconnect: enter the credentials again.',
      data: { state, cause, fix },
    });
}

function quotaExceeded(mode: RunMode, retryAt: string, now: string, remaining: Readonly<Record<RunMode, number>>): ApiProblem {
  return new ApiProblem('resync-quota-exceeded', {
    detail: `No ${mode} resync is left for now. The next one is possible at ${retryAt}.`,
    data: { retryAt, remaining, retryAfterSeconds: Math.max(1, secondsBetween(now, retryAt)) },
  });
}
