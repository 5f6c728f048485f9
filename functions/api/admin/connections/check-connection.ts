import { saveConnectionAction, updateSyncStateAction } from '#store/connection-repository.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { requireContext } from '../../context.ts';
import { ApiProblem } from '../../problem.ts';
import { defineAdminRoute } from '../ports.ts';
import { checkOrRefuse } from './check.ts';
import { loadConnection } from './load.ts';
import { connectionShape } from './shapes.ts';
import { connectionView } from './view.ts';

/** Tries the stored credentials again and notes what the account lacks. */
export const checkConnection = defineAdminRoute({
  method: 'POST',
  path: '/v1/connections/{id}/check',
  group: 'admin',
  summary: 'Try the stored credentials',
  access: MANAGE_CONNECTIONS,
  idempotency: 'accepted',
  startsRun: true,
  answer: { status: 200, description: 'The connection', schema: connectionShape },
  handler: async (request) => {
    const { ports, scope, params, command } = request;
    const { connection: first } = await loadConnection(request, params.id);
    if (first.disconnectedAt !== null)
      throw new ApiProblem('connection-not-runnable', { detail: 'It is disconnected.', data: { fix: 'reconnect' } });
    const checked = await checkOrRefuse(request, first, undefined, await requireContext(request));
    return commitFresh(command, async () => {
      const { connection, sync } = await loadConnection(request, params.id);
      const next = {
        ...connection,
        accountId: connection.accountId ?? checked.accountId,
        accountName: checked.accountName ?? connection.accountName,
        revision: connection.revision + 1,
      };
      const changes = { missingScopes: checked.missingScopes };
      return {
        actions: [
          saveConnectionAction(scope, next, connection.revision),
          updateSyncStateAction(scope, connection.n, changes, sync.fence),
        ],
        audit: {
          action: 'connection.checked',
          entity: 'connection',
          entityId: connection.id,
          before: { missingScopes: sync.missingScopes },
          after: changes,
        },
        answer: {
          body: connectionView(next, { ...sync, ...changes }, ports.now(), ports.resyncQuota, true),
          revision: next.revision,
        },
      };
    });
  },
});
