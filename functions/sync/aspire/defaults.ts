import type { LocalDate } from '#kernel/instant.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import { manifest } from './manifest.ts';

/**
 * Settings of a new Aspire connection before anybody changed one (M-150). Pay codes, roles and contact types beyond `Employee` are each
 * tenant's own, so none is assumed; wages stay out until somebody switches them on.
 */
export function defaultSettings(timeImportFrom: LocalDate): ConnectionSettings {
  return {
    cycleMinutes: 20,
    trailingDays: 14,
    timeImportFrom,
    entities: manifest.entities,
    ignoredStatuses: [],
    statusMap: {},
    budgetSource: 'ticket_hours',
    budgetSyncEnabled: true,
    importWages: false,
    roleMap: {},
    managerMap: {},
    payCodeMap: {},
    employeeContactTypes: ['Employee'],
    recurringTypes: ['Contract'],
  };
}
