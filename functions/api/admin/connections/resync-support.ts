import type { Connection, RunMode, SyncState } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import type { IntegrationManifest } from '#model/manifest.ts';
import { ApiProblem } from '../../problem.ts';

/**
 * Refuses a manual resync that the provider does not offer, or not in that mode, or of entities that the connection does not supply
 * (M-86); the text says when data arrives instead.
 */
export function requireResyncSupport(
  manifest: Pick<IntegrationManifest, 'name' | 'auth' | 'manualResync' | 'resyncModes'>,
  supplied: readonly EntityName[],
  mode: RunMode,
  entities: readonly EntityName[],
): void {
  if (!manifest.manualResync || !manifest.resyncModes.includes(mode))
    throw new ApiProblem('resync-not-supported', {
      detail:
        manifest.auth === 'file'
          ? `${manifest.name} brings data when a file is uploaded. Upload a file.`
          : `${manifest.name} offers no ${mode} resync. Data arrives with the next scheduled run.`,
    });
  const foreign = entities.find((entity) => !supplied.includes(entity));
  if (foreign !== undefined)
    throw new ApiProblem('resync-not-supported', { detail: `This connection does not supply ${foreign}.` });
}

/** Refuses a question to a source that cannot be asked: disconnected, or waiting for its authorization (M-86). */
export function requireConnected(connection: Connection, { cause, fix }: Pick<SyncState, 'cause' | 'fix'>): void {
  const isGone = connection.disconnectedAt !== null;
  if (isGone || cause === 'authorization_required' || cause === 'reauth_required')
    throw new ApiProblem('connection-not-runnable', {
      detail: isGone ? 'It is disconnected. Reconnect: enter the credentials again.' : (fix ?? 'Reconnect.'),
      data: { cause: isGone ? 'disconnected' : cause, fix: isGone ? 'reconnect' : fix },
    });
}
