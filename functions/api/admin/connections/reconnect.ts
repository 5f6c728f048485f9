import * as z from 'zod/mini';
import type { Connection } from '#model/connection.ts';
import { mirrorId } from '#model/ids.ts';
import { referenceKey, referencePartition } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { CheckAnswer } from '#model/sync-call.ts';
import { saveConnectionAction, saveCredentialsAction, updateSyncStateAction } from '#store/connection-repository.ts';
import type { Table } from '#store/table.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { requireContext } from '../../context.ts';
import { ApiProblem } from '../../problem.ts';
import { defineAdminRoute } from '../ports.ts';
import { checkOrRefuse } from './create-connection.ts';
import { loadConnection } from './load.ts';
import { connectionShape, credentialsShape } from './shapes.ts';
import { connectionView } from './view.ts';

const CHECK_SECONDS = 28;

/** Reconnecting (M-113) keeps the connection and its history; the first run afterwards reads everything. */
export const reconnect = defineAdminRoute({
  method: 'POST',
  path: '/v1/connections/{id}/reconnect',
  group: 'admin',
  summary: 'Connect the same account again with new credentials',
  access: MANAGE_CONNECTIONS,
  idempotency: 'accepted',
  body: z.strictObject({ credentials: credentialsShape }),
  answer: { status: 200, description: 'The connection', schema: connectionShape },
  handler: async (request) => {
    const { ports, scope, params, body, command, actor } = request;
    const { connection: first } = await loadConnection(request, params.id);
    const earlier = await command.claim(CHECK_SECONDS);
    if (earlier !== null) return earlier;
    const checked = await checkOrRefuse(request, first, body.credentials, await requireContext(request));
    await requireSameAccount(ports.table, scope, first, checked);
    const runId = ports.ulid();
    // A slot without a connection that can run is harmless, a connection without a slot would never run again.
    await ports.slots.occupy(first.provider, first.settings.cycleMinutes, scope, first.n);
    const answer = await commitFresh(command, async () => {
      const { connection, sync } = await loadConnection(request, params.id);
      const now = ports.now();
      const next: Connection = {
        ...connection,
        accountId: connection.accountId ?? checked.accountId,
        accountName: checked.accountName ?? connection.accountName,
        disconnectedAt: null,
        disconnectedBy: null,
        revision: connection.revision + 1,
      };
      const pending = { runId, mode: 'full' as const, entities: null, requestedBy: actor.id, requestedAt: now };
      const changes = {
        fence: sync.fence + 1,
        state: 'pending' as const,
        cause: null,
        fix: null,
        failedRuns: 0,
        lease: null,
        openRun: null,
        pending,
        missingScopes: checked.missingScopes,
      };
      return {
        actions: [
          saveConnectionAction(scope, next, connection.revision),
          updateSyncStateAction(scope, connection.n, changes, sync.fence),
          saveCredentialsAction(scope, connection.n, checked.ciphertext ?? ''),
        ],
        audit: {
          action: 'connection.reconnected',
          entity: 'connection',
          entityId: connection.id,
          before: { state: sync.state, accountName: connection.accountName },
          after: { state: 'pending', accountName: next.accountName, runId },
        },
        answer: { body: connectionView(next, { ...sync, ...changes }, now, ports.resyncQuota, true), revision: next.revision },
      };
    });
    const { tenantId } = scope;
    await ports.bus.publish('Resync Requested', { tenantId, connectionId: first.id, provider: first.provider, kind: 'manual' });
    return answer;
  },
});

/**
 * Another account is refused with 409, naming both: its records would be taken for those of the first. Where the source names no
 * account, at least half of the branches mirrored so far must be among those it lists now (M-42).
 */
async function requireSameAccount(
  table: Table,
  scope: TenantScope,
  connection: Connection,
  checked: Extract<CheckAnswer, { ok: true }>,
): Promise<void> {
  if (connection.accountId !== null && checked.accountId !== null) {
    if (connection.accountId === checked.accountId) return;
    throw mismatch(connection, checked);
  }
  const branches = await table.queryAll(scope, { partition: referencePartition(scope), prefix: 'branch#' });
  const known = branches.filter((item) => item.c === connection.n).map((item) => item.sk);
  const listed = new Set(
    checked.branchSourceIds.map((id) => referenceKey(scope, 'branch', mirrorId(connection.id, 'branch', id)).sk),
  );
  const again = known.filter((key) => listed.has(key)).length;
  if (known.length > 0 && again * 2 < known.length) throw mismatch(connection, checked);
}

function mismatch(connection: Connection, checked: Extract<CheckAnswer, { ok: true }>): ApiProblem {
  const name = (account: { accountName: string | null; accountId: string | null }) =>
    account.accountName ?? account.accountId ?? 'an account without a name';
  return new ApiProblem('account-mismatch', {
    detail: `This connection belongs to ${name(connection)}, the credentials to ${name(checked)}. Make a new connection for that account.`,
    data: { connected: name(connection), offered: name(checked) },
  });
}
