import type { LocalDate } from '#kernel/instant.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import { manifest } from './manifest.ts';

/** Settings of a new connection before anybody changed one (M-150). */
export function defaultSettings(timeImportFrom: LocalDate): ConnectionSettings {
  return {
    cycleMinutes: 20,
    trailingDays: 14,
    timeImportFrom,
    entities: manifest.entities,
    ignoredStatuses: [],
    statusMap: {},
    budgetSource: 'none',
    budgetSyncEnabled: true,
    importWages: false,
    roleMap: {},
    managerMap: {},
    payCodeMap: {},
    employeeContactTypes: [],
    recurringTypes: [],
  };
}
