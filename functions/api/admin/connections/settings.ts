import type * as z from 'zod/mini';
import { addDays, type Instant } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import { type Connection, type ConnectionSettings, plainSettings } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import { workerKey } from '#model/keys.ts';
import type { IntegrationManifest } from '#model/manifest.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from '#store/table.ts';
import { ApiProblem, invalidField } from '../../problem.ts';
import type { settingsChange } from './shapes.ts';

export type SettingsChange = z.infer<typeof settingsChange>;

/** How far back the time of a new connection is imported. */
const DEFAULT_TRAILING_DAYS = 14;

/** The settings of a new connection before anybody chose: what the provider offers and nobody supplies yet. */
export function defaultSettings(
  manifest: IntegrationManifest,
  others: readonly Connection[],
  now: Instant,
  zone: string,
): ConnectionSettings {
  const taken = ownedEntities(others);
  const free = manifest.entities.filter((entity) => !taken.has(entity));
  const plain = plainSettings(addDays(localDateOf(now, zone), -DEFAULT_TRAILING_DAYS), free);
  return {
    ...plain,
    cycleMinutes: manifest.cycles.includes(plain.cycleMinutes) ? plain.cycleMinutes : manifest.cycles[0]!,
    budgetSource: 'ticket_hours',
    importWages: manifest.entities.includes('wage_record'),
    employeeContactTypes: ['Employee'],
    recurringTypes: ['Contract'],
  };
}

/** Entity types that connected connections supply: each has exactly one owner (M-43). */
function ownedEntities(connections: readonly Connection[]): ReadonlySet<EntityName> {
  return new Set(connections.filter((one) => one.disconnectedAt === null).flatMap((one) => one.settings.entities));
}

/** Settings with a change applied. Refuses what the provider does not offer and what another connection supplies already. */
export function changeSettings(
  settings: ConnectionSettings,
  change: SettingsChange,
  manifest: IntegrationManifest,
  others: readonly Connection[],
): ConnectionSettings {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const next = { ...settings, ...given } as ConnectionSettings;
  if (!manifest.cycles.includes(next.cycleMinutes))
    throw invalidField('/settings/cycleMinutes', `must be one of ${manifest.cycles.join(', ')}`);
  const missing = next.entities.find((entity) => !manifest.entities.includes(entity));
  if (missing !== undefined) throw invalidField('/settings/entities', `${manifest.name} does not supply ${missing}`);
  const taken = ownedEntities(others);
  const twice = next.entities.filter((entity) => taken.has(entity));
  if (next.entities.length === 0 || twice.length > 0)
    throw new ApiProblem('entity-already-supplied', {
      detail: `Another connection supplies ${twice.length > 0 ? twice.join(', ') : 'all that this one offers'}.`,
    });
  return next;
}

const NO_WORKER_IDS: readonly string[] = [];

/** A manager map names live people of the mirror when it is saved (M-151); refused with 422 otherwise. */
export async function requireManagers(table: Table, scope: TenantScope, change: SettingsChange): Promise<void> {
  const workerIds = change.managerMap === undefined ? NO_WORKER_IDS : [...new Set(Object.values(change.managerMap))];
  const found = await table.batchGet(
    scope,
    workerIds.map((id) => workerKey(scope, id)),
  );
  const missing = workerIds.find((_id, at) => !found[at] || found[at].tb !== undefined);
  if (missing !== undefined)
    throw new ApiProblem('unknown-reference', {
      detail: 'The manager map names somebody who is not in the mirror.',
      errors: [{ pointer: '/settings/managerMap', code: 'unknown', detail: 'names a person who is not there' }],
    });
}
