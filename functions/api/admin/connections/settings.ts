import type * as z from 'zod/mini';
import { addDays, type Instant, type LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { Connection, ConnectionSettings } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import { workerKey } from '#model/keys.ts';
import type { IntegrationManifest } from '#model/manifest.ts';
import { hasSetting, newSettings, type SettingKey } from '#model/provider-settings.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table } from '#store/table.ts';
import { ApiProblem, invalidField } from '../../problem.ts';
import { readFileProfiles } from './file-profile.ts';
import type { settingsChange } from './shapes.ts';

export type SettingsChange = z.infer<typeof settingsChange>;

/** How many days before it is connected the time of a new connection begins (M-78). */
const IMPORT_DAYS = 14;

/** The settings of a new connection before anybody chose: the provider's own, with what it offers and nobody supplies yet (M-150). */
export function defaultSettings(
  manifest: IntegrationManifest,
  others: readonly Connection[],
  now: Instant,
  zone: string,
): ConnectionSettings {
  const taken = ownedEntities(others);
  const free = manifest.entities.filter((entity) => !taken.has(entity));
  const usual = addDays(localDateOf(now, zone), -IMPORT_DAYS);
  return takingOver(newSettings(manifest, usual, free), others, zone);
}

/**
 * The day on which the last connection that brought time was disconnected, or gave time up; null where there was none. Whoever takes over
 * goes on from there: the hours before are mirrored already, and would count twice on work that is linked. Somebody may choose
 * another day.
 */
function takenOverOn(others: readonly Connection[], zone: string): LocalDate | null {
  const days = others.flatMap(({ disconnectedAt, settings, released }) => {
    const ends = TIME.map((entity) => (settings.entities.includes(entity) ? disconnectedAt : released?.[entity]));
    return ends.flatMap((until) => (until ? [localDateOf(until, zone)] : []));
  });
  return days.sort().at(-1) ?? null;
}

/** Whether a change makes the connection the one that brings time. */
export function takesTime(before: ConnectionSettings, { entities }: SettingsChange): boolean {
  return TIME.some((entity) => (entities ?? []).includes(entity) && !before.entities.includes(entity));
}

const TIME: readonly EntityName[] = ['time_entry', 'drive_time'];

/** The first day of time of a connection that takes time over from another one: not before that one's last. */
export function takingOver(settings: ConnectionSettings, others: readonly Connection[], zone: string): ConnectionSettings {
  const takenOver = takenOverOn(others, zone);
  if (takenOver === null) return settings;
  return {
    ...settings,
    timeImportFrom: takenOver > settings.timeImportFrom ? takenOver : settings.timeImportFrom,
    takesOver: true,
  };
}

/** The types that a connection has given up with a change, beside those it gave up before; what it takes back is its own again. */
export function releasedBy(
  { settings, released }: Connection,
  { entities }: ConnectionSettings,
  now: Instant,
): Pick<Connection, 'released'> {
  const given = settings.entities.filter((entity) => !entities.includes(entity)).map((entity) => [entity, now]);
  const earlier = Object.entries(released ?? {}).filter(([entity]) => !entities.includes(entity as EntityName));
  return released === undefined && given.length === 0 ? {} : { released: Object.fromEntries([...earlier, ...given]) };
}

/** The settings that a provider has, as they are shown: null is what somebody has to choose. */
export function shownSettings(manifest: IntegrationManifest, settings: ConnectionSettings): Record<string, unknown> {
  const keys = [...new Set([...Object.keys(settings), ...Object.keys(manifest.settings)])] as SettingKey[];
  return Object.fromEntries(keys.filter((key) => hasSetting(manifest, key)).map((key) => [key, settings[key] ?? null]));
}

/** Refuses an import that would begin more than so many days before the day of connecting (M-78). */
export function requireImportWindow({ timeImportFrom }: SettingsChange, connectedOn: LocalDate, longestDays: number): void {
  const earliest = addDays(connectedOn, -longestDays);
  if (timeImportFrom !== undefined && timeImportFrom < earliest)
    throw invalidField('/settings/timeImportFrom', `must not lie before ${earliest}, ${longestDays} days before connecting`);
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
  for (const [key, value] of Object.entries(given)) requireKnown(manifest, key as SettingKey, value);
  const fileProfile = change.fileProfile && readFileProfiles(change.fileProfile, settings.fileProfile ?? []);
  const next = { ...settings, ...given, ...(fileProfile && { fileProfile }) } as ConnectionSettings;
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

/** Refuses a setting that the provider does not have, and words that it does not know (M-150). */
function requireKnown(manifest: IntegrationManifest, key: SettingKey, value: unknown): void {
  if (!hasSetting(manifest, key)) throw invalidField(`/settings/${key}`, `${manifest.name} has no such setting`, 'unknown');
  requireOptions(manifest, key, typeof value === 'string' ? [value] : wordsOf(value), `/settings/${key}`);
  if (key !== 'jobcodeSettings') return;
  for (const [id, own] of Object.entries(value as NonNullable<ConnectionSettings['jobcodeSettings']>))
    if (own.budgetSource !== undefined)
      requireOptions(manifest, 'budgetSource', [own.budgetSource], `/settings/jobcodeSettings/${id}/budgetSource`);
}

function requireOptions(manifest: IntegrationManifest, key: SettingKey, words: readonly string[], pointer: string): void {
  const options = manifest.settings[key]?.options;
  const isKnown = (word: string) =>
    options?.some((one) => (one.endsWith('*') ? word.startsWith(one.slice(0, -1)) : word === one));
  if (options !== undefined && !words.every(isKnown)) throw invalidField(pointer, `must be one of ${options.join(', ')}`);
}

/** The words on the right of a map of words; of anything else none. */
function wordsOf(value: unknown): readonly string[] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? Object.values(value).filter((one) => typeof one === 'string') : [];
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
