import { dropAuthorizationAction } from '#store/authorization-repository.ts';
import { destroyCredentialsAction, saveConnectionAction, updateSyncStateAction } from '#store/connection-repository.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { commitFresh, refuseStale, requireUnchanged } from '../../commit.ts';
import { defineAdminRoute } from '../ports.ts';
import { loadConnection } from './load.ts';
import { connectionShape } from './shapes.ts';
import { connectionView, manifestOf } from './view.ts';

/**
 * Disconnecting (M-112): syncing stops at once, because a raised fence refuses every write of a run under way; the credentials are
 * destroyed; what was mirrored stays, and so does the connection, readable.
 */
export const disconnect = defineAdminRoute({
  method: 'DELETE',
  path: '/v1/connections/{id}',
  group: 'admin',
  summary: 'Disconnect: nothing is updated any more, everything stays readable',
  access: MANAGE_CONNECTIONS,
  ifMatch: true,
  answer: { status: 200, description: 'The connection as it stays', schema: connectionShape },
  handler: async (request) => {
    const { ports, scope, params, ifMatch, command, actor } = request;
    const { connection: before } = await loadConnection(request, params.id);
    const answer = await commitFresh(command, async () => {
      const { connection, sync } = await loadConnection(request, params.id);
      requireUnchanged(connection, ifMatch);
      const now = ports.now();
      const next = {
        ...connection,
        disconnectedAt: connection.disconnectedAt ?? now,
        disconnectedBy: connection.disconnectedBy ?? actor.id,
        revision: connection.revision + 1,
      };
      const stopped = { state: 'disconnected' as const, cause: null, fix: null, lease: null, openRun: null, pending: null };
      const changes = { ...stopped, fence: sync.fence + 1 };
      return {
        actions: [
          saveConnectionAction(scope, next, ifMatch),
          updateSyncStateAction(scope, connection.n, changes, sync.fence),
          destroyCredentialsAction(scope, connection.n),
          dropAuthorizationAction(scope, connection.n),
        ],
        audit: {
          action: 'connection.disconnected',
          entity: 'connection',
          entityId: connection.id,
          before: { state: sync.state },
          after: { state: 'disconnected' },
        },
        answer: { body: connectionView(next, { ...sync, ...changes }, now, ports.resyncQuota, true), revision: next.revision },
        ifLost: refuseStale,
      };
    });
    for (const cycle of manifestOf(before.provider).cycles) await ports.slots.free(before.provider, cycle, scope, before.n);
    return answer;
  },
});
