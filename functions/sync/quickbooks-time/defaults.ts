import type { LocalDate } from '#kernel/instant.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import { manifest } from './manifest.ts';

/** Settings of a new QuickBooks Time connection before anybody changed one (M-150): jobs and milestones by level, no custom field used. */
export function defaultSettings(timeImportFrom: LocalDate): ConnectionSettings {
  return {
    cycleMinutes: 20,
    trailingDays: 14,
    timeImportFrom,
    entities: manifest.entities,
    ignoredStatuses: [],
    statusMap: {},
    budgetSource: 'custom_field',
    budgetSyncEnabled: true,
    importWages: false,
    roleMap: {},
    managerMap: {},
    payCodeMap: {},
    employeeContactTypes: [],
    recurringTypes: [],
  };
}
