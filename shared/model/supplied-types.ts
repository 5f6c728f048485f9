import type { EntityName } from './entities.ts';
import type { MirrorRecord } from './mirror-record.ts';

/** Why a record is out of scope whose connection does not supply its type any more (M-105, X-28). */
export const NO_LONGER_READ = 'type_not_read';

/** As much of the tenant's context as tells which connection supplies what. */
export interface SuppliedTypes {
  readonly connections: Readonly<Record<string, { readonly entities?: readonly EntityName[] }>>;
}

/**
 * Why a record is out of scope, null where it is in scope: the source said so, or its type has moved to another connection (M-43). That is
 * worked out and not stored, so it holds from the moment on which the type moves, whether or not the connection ever runs again. What the
 * record said last goes on counting: it is frozen, not gone.
 */
export function outOfScopeOf(
  { connectionId, entity, outOfScope }: Pick<MirrorRecord, 'connectionId' | 'entity' | 'outOfScope'>,
  { connections }: SuppliedTypes,
): string | null {
  const owned = connections[connectionId]?.entities;
  return outOfScope ?? (owned === undefined || owned.includes(entity) ? null : NO_LONGER_READ);
}
