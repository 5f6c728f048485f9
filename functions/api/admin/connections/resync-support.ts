import type { RunMode } from '#model/connection.ts';
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
