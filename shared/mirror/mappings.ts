import { hashCanonical } from '#kernel/hash.ts';
import type { ConnectionSettings, StreamState } from '#model/connection.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { SettingKey } from '#model/provider-settings.ts';
import type { Connector } from './connector.ts';

/** Of every stream, what decides to what its rows are mapped, as a digest; null of one that the connection does not supply. */
export type Mappings = ReadonlyMap<string, string | null>;

/** Eight characters, 48 bits: told apart are the few settings that one connection ever has. */
const DIGEST_LENGTH = 8;

/**
 * Mapping version, maps, lists and owned entities that a stream's records depend on (M-97). Settings of every integration decide the status of
 * jobs and milestones, and whether budgets move; the others say themselves which streams they touch.
 */
export function mappingsOf({ manifest, mappingVersion }: Connector, settings: ConnectionSettings): Mappings {
  return new Map(
    manifest.streams.map((stream) => {
      const keys = [...commonKeys(stream), ...ownKeys(manifest.settings, stream)].sort();
      const chosen = keys.flatMap((key) => (settings[key] === undefined ? [] : [[key, settings[key]]]));
      const owned = entitiesOf(stream).filter((entity) => settings.entities.includes(entity));
      if (owned.length === 0) return [stream.stream, null];
      const digest = hashCanonical({ version: mappingVersion, owned, settings: Object.fromEntries(chosen) });
      return [stream.stream, digest.slice(0, DIGEST_LENGTH)];
    }),
  );
}

/** Streams that were read under another mapping and have to be read whole; those of types that were given up are read no more. */
export function remappedStreams(mappings: Mappings, states: Readonly<Record<string, StreamState>>): readonly string[] {
  return [...mappings].flatMap(([stream, mapping]) => {
    const state = states[stream];
    return mapping !== null && state?.lastReadAt && state.mapping !== mapping ? [stream] : [];
  });
}

/** The mappings of all streams as one: tells whether anything was changed while a run was under way. */
export function digestOfMappings(mappings: Mappings): string {
  return hashCanonical([...mappings.values()]).slice(0, DIGEST_LENGTH);
}

const entitiesOf = ({ entity, also = [] }: StreamManifest) => [entity, ...also];

function commonKeys(stream: StreamManifest): readonly SettingKey[] {
  const statuses: readonly SettingKey[] =
    stream.entity === 'job' || stream.entity === 'milestone' ? ['ignoredStatuses', 'statusMap'] : [];
  return entitiesOf(stream).includes('budget_info') ? [...statuses, 'budgetSyncEnabled'] : statuses;
}

function ownKeys(declared: Connector['manifest']['settings'], { stream }: StreamManifest): readonly SettingKey[] {
  return (Object.keys(declared) as SettingKey[]).filter((key) => declared[key]?.touches.includes(stream));
}
