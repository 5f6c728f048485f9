import * as z from 'zod/mini';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { requireContext } from '../../context.ts';
import { invalidField } from '../../problem.ts';
import { defineAdminRoute } from '../ports.ts';
import { needsApproval, openApproval } from './authorization.ts';
import { checkOrRefuse } from './check.ts';
import { connected } from './connected.ts';
import { loadConnection } from './load.ts';
import { requireSameAccount } from './same-account.ts';
import { approvableConnectionShape, credentialsShape } from './shapes.ts';
import { connectionView, manifestOf } from './view.ts';

const CHECK_SECONDS = 28;

/**
 * Reconnecting (M-113) keeps the connection and its history; the first run afterwards reads everything. Where a person has to approve at
 * the source it opens that approval, and the callback does the rest: until then the connection stays as it is.
 */
export const reconnect = defineAdminRoute({
  method: 'POST',
  path: '/v1/connections/{id}/reconnect',
  group: 'admin',
  summary: 'Connect the same account again with new credentials',
  bodyExample: { credentials: { clientId: 'client', secret: 'secret' } },
  access: MANAGE_CONNECTIONS,
  idempotency: 'accepted',
  startsRun: true,
  body: z.strictObject({ credentials: z.optional(credentialsShape) }),
  answer: { status: 200, description: 'The connection', schema: approvableConnectionShape },
  handler: async (request) => {
    const { ports, scope, params, body, command, actor } = request;
    const { connection: first } = await loadConnection(request, params.id);
    const manifest = manifestOf(first.provider);
    if (needsApproval(manifest, body.credentials ?? {})) {
      const { authorizeUrl, action } = await openApproval(request, first, body.credentials ?? {});
      return commitFresh(command, async () => {
        const { connection, sync } = await loadConnection(request, params.id);
        const view = connectionView(connection, sync, ports.now(), ports.resyncQuota, true);
        return {
          actions: [action],
          audit: {
            action: 'connection.approval_opened',
            entity: 'connection',
            entityId: connection.id,
            before: null,
            after: null,
          },
          answer: { body: { ...view, authorizeUrl }, revision: connection.revision },
        };
      });
    }
    const credentials = manifest.auth === 'file' ? {} : body.credentials;
    if (credentials === undefined) throw invalidField('/credentials', `${manifest.name} needs credentials`);
    const earlier = await command.claim(CHECK_SECONDS);
    if (earlier !== null) return earlier;
    const checked = await checkOrRefuse(request, first, credentials, await requireContext(request));
    await requireSameAccount(ports.table, scope, first, checked);
    const run = { runId: ports.ulid(), requestedBy: actor.id, requestedAt: ports.now() };
    // A slot without a connection that can run is harmless, a connection without a slot would never run again.
    await ports.slots.occupy(first.provider, first.settings.cycleMinutes, scope, first.n);
    const answer = await commitFresh(command, async () => {
      const { connection, sync, actions, audit } = connected(scope, await loadConnection(request, params.id), checked, run);
      return {
        actions,
        audit,
        answer: { body: connectionView(connection, sync, ports.now(), ports.resyncQuota, true), revision: connection.revision },
      };
    });
    const { tenantId } = scope;
    await ports.bus.publish('Resync Requested', { tenantId, connectionId: first.id, provider: first.provider, kind: 'manual' });
    return answer;
  },
});
