import type { LocalDate } from '#kernel/instant.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import { manifest } from './manifest.ts';

/** The label under which Jobber's own timers book driving, unless the tenant says otherwise. */
export const DRIVE_LABELS: readonly string[] = ['Drive time'];

/**
 * Settings of a new Jobber connection before anybody changed one (M-150). The budget is a share of the contract price, which needs no
 * further choice; custom fields have no use until they are given one (M-49).
 */
export function defaultSettings(timeImportFrom: LocalDate): ConnectionSettings {
  return {
    cycleMinutes: 20,
    trailingDays: 14,
    timeImportFrom,
    entities: manifest.entities,
    ignoredStatuses: [],
    statusMap: {},
    budgetSource: 'contract_price_percentage',
    budgetSyncEnabled: true,
    importWages: false,
    roleMap: {},
    managerMap: {},
    payCodeMap: {},
    employeeContactTypes: [],
    recurringTypes: [],
    driveLabels: DRIVE_LABELS,
  };
}
