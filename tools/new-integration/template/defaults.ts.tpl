import type { LocalDate } from '#kernel/instant.ts';
import { type ConnectionSettings, plainSettings } from '#model/connection.ts';
import { manifest } from './manifest.ts';

/** Settings of a new connection before anybody changed one (M-150). */
export function defaultSettings(timeImportFrom: LocalDate): ConnectionSettings {
  return plainSettings(timeImportFrom, manifest.entities);
}
