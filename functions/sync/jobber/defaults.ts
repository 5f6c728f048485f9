import type { LocalDate } from '#kernel/instant.ts';
import { type ConnectionSettings, plainSettings } from '#model/connection.ts';
import { manifest } from './manifest.ts';

/** The label under which Jobber's own timers book driving, unless the tenant says otherwise. */
export const DRIVE_LABELS: readonly string[] = ['Drive time'];

/**
 * Settings of a new Jobber connection before anybody changed one (M-150). The budget is a share of the contract price, which needs no
 * further choice; custom fields have no use until they are given one (M-49).
 */
export function defaultSettings(timeImportFrom: LocalDate): ConnectionSettings {
  return {
    ...plainSettings(timeImportFrom, manifest.entities),
    budgetSource: 'contract_price_percentage',
    driveLabels: DRIVE_LABELS,
  };
}
