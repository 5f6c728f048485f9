import type { LocalDate } from '#kernel/instant.ts';
import { type ConnectionSettings, plainSettings } from '#model/connection.ts';
import { manifest } from './manifest.ts';

/** Time types that Procore itself offers every company and that are not work on the project; all others are work until mapped (M-150). */
export const PROVIDER_TIME_TYPES: Readonly<Record<string, string>> = {
  Travel: 'drive',
  PTO: 'leave',
  Vacation: 'leave',
  Sick: 'leave',
  Holiday: 'leave',
};

/** Settings of a new Procore connection before anybody changed one: no project is read until it is switched on (M-66). */
export function defaultSettings(timeImportFrom: LocalDate): ConnectionSettings {
  return {
    ...plainSettings(timeImportFrom, manifest.entities),
    budgetSource: 'budget_line',
    projectAllowList: [],
    branchFrom: 'derived',
    divisionFrom: 'none',
  };
}
