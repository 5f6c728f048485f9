import type { LocalDate } from '#kernel/instant.ts';
import { type ConnectionSettings, plainSettings } from '#model/connection.ts';
import { manifest } from './manifest.ts';

/**
 * Settings of a new Aspire connection before anybody changed one (M-150). Pay codes, roles and contact types beyond `Employee` are each
 * tenant's own, so none is assumed; wages stay out until somebody switches them on.
 */
export function defaultSettings(timeImportFrom: LocalDate): ConnectionSettings {
  return {
    ...plainSettings(timeImportFrom, manifest.entities),
    budgetSource: 'ticket_hours',
    employeeContactTypes: ['Employee'],
    recurringTypes: ['Contract'],
  };
}
