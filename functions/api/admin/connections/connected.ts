import { accepted, TO_BE_AUTHORIZED } from '#mirror/connection-state.ts';
import type { Connection, PendingResync, SyncState } from '#model/connection.ts';
import { openSetupSteps } from '#model/provider-settings.ts';
import type { TenantScope } from '#model/scope.ts';
import { saveConnectionAction, saveCredentialsAction, updateSyncStateAction } from '#store/connection-repository.ts';
import type { WriteAction } from '#store/table.ts';
import type { AuditDraft } from '../../command.ts';
import type { Checked } from './check.ts';
import { manifestOf } from './view.ts';

/** What accepted credentials make of a connection that is there already. */
export interface Connected {
  readonly connection: Connection;
  readonly sync: SyncState;
  readonly actions: readonly WriteAction[];
  readonly audit: AuditDraft;
}

/**
 * Credentials were accepted: the connection is pending until its set-up is done and a run has ended well, a raised fence refuses whatever an older run still
 * writes, and with data in the mirror already the next run reads everything (M-111, M-113).
 */
export function connected(
  scope: TenantScope,
  { connection, sync }: Pick<Connected, 'connection' | 'sync'>,
  checked: Checked,
  run: Pick<PendingResync, 'runId' | 'requestedBy' | 'requestedAt'>,
): Connected {
  const next: Connection = {
    ...connection,
    accountId: connection.accountId ?? checked.accountId,
    accountName: checked.accountName ?? connection.accountName,
    disconnectedAt: null,
    disconnectedBy: null,
    revision: connection.revision + 1,
  };
  const first = !sync.firstSyncDone && (sync.cause === TO_BE_AUTHORIZED.cause || sync.cause === 'setup_incomplete');
  const changes = {
    fence: sync.fence + 1,
    ...accepted(openSetupSteps(manifestOf(next.provider), next.settings)),
    failedRuns: 0,
    lease: null,
    openRun: null,
    pending: first ? null : { ...run, mode: 'full' as const, entities: null },
    missingScopes: checked.missingScopes,
  };
  return {
    connection: next,
    sync: { ...sync, ...changes },
    actions: [
      saveConnectionAction(scope, next, connection.revision),
      updateSyncStateAction(scope, connection.n, changes, sync.fence),
      saveCredentialsAction(scope, connection.n, checked.ciphertext ?? ''),
    ],
    audit: {
      action: first ? 'connection.authorized' : 'connection.reconnected',
      entity: 'connection',
      entityId: connection.id,
      before: { state: sync.state, accountName: connection.accountName },
      after: { state: 'pending', accountName: next.accountName, ...(first ? {} : { runId: run.runId }) },
    },
  };
}
