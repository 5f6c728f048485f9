import { type CatalogueStream, catalogue } from '#functions/sync/catalogue.ts';
import type { Instant } from '#kernel/instant.ts';
import type { StreamState, SyncState } from '#model/connection.ts';
import type { EntityName, IdentitySpace } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { TenantContext } from '#model/settings.ts';

/** The streams of a provider that bring an entity; with a space, only those that bring that space. */
export function streamsOf(provider: string, entity: EntityName, space?: IdentitySpace): readonly CatalogueStream[] {
  const streams = catalogue.find((one) => one.provider === provider)?.streams ?? [];
  const own = streams.filter((stream) => stream.entity === entity || stream.also.includes(entity));
  const narrowed = own.filter((stream) => stream.space === space);
  return narrowed.length > 0 ? narrowed : own;
}

/**
 * How old an entity's data is, over all connections that supply it: the oldest stream decides; null where one was never read, or where
 * nothing supplies it.
 */
export function listAge(entity: EntityName, tenant: TenantContext, syncs: ReadonlyMap<string, SyncState>): Instant | null {
  const ages = Object.entries(tenant.connections).flatMap(([id, { provider }]) =>
    agesOf(
      provider,
      streamsOf(provider, entity).map(({ stream }) => stream),
      syncs.get(id),
    ),
  );
  return oldest(ages);
}

/** How old what streams of a connection brought is. Of a source of files nobody has to upload every kind, so only those that came count. */
export function agesOf(provider: string, streams: readonly string[], sync: SyncState | undefined): readonly (Instant | null)[] {
  const ages = streams.map((stream) => sync?.streams[stream]?.dataAsOf ?? null);
  const takesFiles = catalogue.some((one) => one.provider === provider && one.takesFiles);
  return takesFiles && ages.some((age) => age !== null) ? ages.filter((age) => age !== null) : ages;
}

/** What a record's own stream says: the age of its data, and the latest run known to have seen it (M-24). */
export function recordAge(
  record: MirrorRecord,
  tenant: TenantContext,
  syncs: ReadonlyMap<string, SyncState>,
): { readonly dataAsOf: Instant | null; readonly lastSeenRunId: string } {
  const provider = tenant.connections[record.connectionId]?.provider ?? '';
  const streams = streamsOf(provider, record.entity, record.space);
  const states = streams.map((stream) => ({ stream, state: syncs.get(record.connectionId)?.streams[stream.stream] }));
  return {
    dataAsOf: oldest(
      agesOf(
        provider,
        streams.map(({ stream }) => stream),
        syncs.get(record.connectionId),
      ),
    ),
    lastSeenRunId: states.reduce(
      (latest, { stream, state }) => later(latest, sweptBy(stream, state, record)),
      record.lastChangedRunId,
    ),
  };
}

/** A list that is read whole on every reading has seen each live record in its last successful run. */
function sweptBy(stream: CatalogueStream, state: StreamState | undefined, record: MirrorRecord): string | null {
  return stream.whole && record.tombstone === null ? (state?.lastSuccessfulRunId ?? null) : null;
}

/** Run ids are ULIDs, which sort by time. */
function later(a: string, b: string | null): string {
  return b !== null && b > a ? b : a;
}

function oldest(ages: readonly (Instant | null)[]): Instant | null {
  if (ages.length === 0 || ages.includes(null)) return null;
  return (ages as Instant[]).reduce((a, b) => (a < b ? a : b));
}
