import type { EntityName, IdentitySpace } from '#model/entities.ts';
import { manifests } from './manifests.ts';

/** What nearly every function of the API asks of an integration: its name, and which of its streams bring what. */
export interface CatalogueEntry {
  readonly provider: string;
  readonly name: string;
  /** Header in which its events carry their proof; null where it sends none. */
  readonly hookHeader: string | null;
  /** Its data comes when somebody uploads a file, not on a schedule. */
  readonly takesFiles: boolean;
  readonly streams: readonly CatalogueStream[];
}

export interface CatalogueStream {
  readonly stream: string;
  readonly entity: EntityName;
  readonly space: IdentitySpace;
  readonly also: readonly EntityName[];
  /** Every reading lists it whole. */
  readonly whole: boolean;
}

/**
 * The manifests as far as the API shows them. Bundles hold it as data, worked out when they are built (tools/packed-json.ts), so that a
 * function does not grow with all that the engine wants to know of every integration.
 */
export const catalogue: readonly CatalogueEntry[] = manifests.map(({ provider, name, auth, hooks, streams }) => ({
  provider,
  name,
  hookHeader: hooks?.header ?? null,
  takesFiles: auth === 'file',
  streams: streams.map(({ stream, entity, space, also = [], delta }) => ({
    stream,
    entity,
    space,
    also,
    whole: delta.kind === 'whole' && auth !== 'file',
  })),
}));
