import { AppError } from '#kernel/errors.ts';
import type { Connection } from '#model/connection.ts';
import { dropAuthorizationAction } from '#store/authorization-repository.ts';
import {
  destroyCredentialsAction,
  readCiphertext,
  saveConnectionAction,
  updateSyncStateAction,
} from '#store/connection-repository.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { commitFresh, refuseStale, requireUnchanged } from '../../commit.ts';
import { type AdminPorts, defineAdminRoute } from '../ports.ts';
import { loadConnection } from './load.ts';
import { disconnectedShape } from './shapes.ts';
import { connectionView, manifestOf } from './view.ts';

/**
 * Disconnecting (M-112): syncing stops at once, because a raised fence refuses every write of a run under way; the credentials are
 * destroyed; what was mirrored stays, and so does the connection, readable. Tokens are given back where the source takes them; where that
 * fails the connection is disconnected all the same, and the answer says so.
 */
export const disconnect = defineAdminRoute({
  method: 'DELETE',
  path: '/v1/connections/{id}',
  group: 'admin',
  summary: 'Disconnect: nothing is updated any more, everything stays readable',
  access: MANAGE_CONNECTIONS,
  ifMatch: true,
  answer: { status: 200, description: 'The connection as it stays', schema: disconnectedShape },
  handler: async (request) => {
    const { ports, scope, params, ifMatch, command, actor } = request;
    const { connection: before } = await loadConnection(request, params.id);
    const sealed = await readCiphertext(ports.table, scope, before.n);
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
        answer: {
          body: { ...connectionView(next, { ...sync, ...changes }, now, ports.resyncQuota, true), tokensRevoked: null },
          revision: next.revision,
        },
        ifLost: refuseStale,
      };
    });
    for (const cycle of manifestOf(before.provider).cycles) await ports.slots.free(before.provider, cycle, scope, before.n);
    const tokensRevoked = sealed === null ? null : await giveBack(ports, before, sealed);
    return { ...answer, body: { ...(answer.body as object), tokensRevoked } };
  },
});

/** Whether the source has taken the tokens back; null where it takes none. Nothing of the disconnecting depends on it any more. */
async function giveBack(
  ports: Pick<AdminPorts, 'sync' | 'log'>,
  { id: connectionId, provider }: Pick<Connection, 'id' | 'provider'>,
  ciphertext: Uint8Array | string,
): Promise<boolean | null> {
  if (manifestOf(provider).oauth?.revokePath === undefined) return null;
  const sealed = typeof ciphertext === 'string' ? ciphertext : Buffer.from(ciphertext).toString('base64');
  const failed = (code: string): false => {
    ports.log({ level: 'warn', message: 'tokens not given back', provider, connectionId, code });
    return false;
  };
  try {
    const answer = await ports.sync.revoke(provider, { type: 'revoke', connectionId, sealed });
    if (!answer.ok) return failed(answer.code);
    return answer.revoked ? true : null;
  } catch (error) {
    return failed(error instanceof AppError ? error.code : 'unknown');
  }
}
