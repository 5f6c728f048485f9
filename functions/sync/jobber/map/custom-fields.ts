import { type ExactNumber, hoursToSeconds, toScaled } from '#kernel/decimal.ts';
import { MAX_SECONDS } from '#kernel/money.ts';
import { sameName } from '#mirror/import-scope.ts';
import { readCents, readText, refuseRow } from '#mirror/read-fields.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { CustomField } from '../wire.ts';

/** What the custom fields of a job say, each under its one use (M-49). */
export interface UsedFields {
  readonly budgetSeconds: number | null;
  readonly laborAmountCents: number | null;
  readonly serviceType: string | null;
  /** Values that exclusion rules look at, by the name under which the use was given. */
  readonly values: Readonly<Record<string, string>>;
  /** The field that the budget came from. */
  readonly budgetField: string | null;
}

type Settings = Pick<ConnectionSettings, 'budgetSource' | 'customFieldUses' | 'budgetTimeFormat'>;

/** Whether any custom field has a use: only then are they asked for. */
export function usesCustomFields({ customFieldUses = {} }: Settings): boolean {
  return Object.values(customFieldUses).some((use) => use !== 'ignore');
}

/**
 * Reads the custom fields that have a use, found by id or else by name. A budget that is not written in the chosen format refuses the row:
 * a number is never guessed (M-60). Where the budget is a share of the price, no field is one.
 */
export function readCustomFields(settings: Settings, fields: readonly CustomField[]): UsedFields {
  const used = {
    budgetSeconds: null as number | null,
    laborAmountCents: null as number | null,
    serviceType: null as string | null,
    values: {} as Record<string, string>,
    budgetField: null as string | null,
  };
  const uses = Object.entries(settings.customFieldUses ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, use] of uses) {
    const field = fields.find(({ id }) => id === name) ?? fields.find((one) => isNamed(one, name));
    const value = field === undefined ? null : contentOf(field);
    if (value === null) continue;
    if (isBudget(use) && settings.budgetSource === 'contract_price_percentage') continue;
    if (use === 'hours_budget') {
      used.budgetSeconds ??= readHours(value, name, settings.budgetTimeFormat);
      used.budgetField ??= name;
    } else if (use === 'labor_budget') {
      used.laborAmountCents ??= readCents(value, name);
      used.budgetField ??= name;
    } else if (use === 'service_type') used.serviceType ??= readText(String(value), name);
    else if (use === 'exclusion') used.values[name] = readText(String(value), name) ?? '';
  }
  return used;
}

/** Whether settings mean this field: by its id, or by its label. */
export function isNamed({ id, label }: Pick<CustomField, 'id' | 'label'>, name: string): boolean {
  return id === name || sameName(label ?? '') === sameName(name);
}

const isBudget = (use: string): boolean => use === 'hours_budget' || use === 'labor_budget';

/** The value of whichever kind the field is; null when it is empty. */
function contentOf({
  valueText,
  valueNumeric,
  valueDropdown,
  valueTrueFalse,
}: CustomField): string | number | ExactNumber | null {
  const value = valueNumeric ?? valueText ?? valueDropdown ?? (valueTrueFalse ? 'true' : null);
  return typeof value === 'string' && value.trim() === '' ? null : value;
}

const HH_MM = /^(\d{1,6}):([0-5]\d)$/;

/** Hours in the format chosen at set-up (M-60); without a choice none is right. */
function readHours(value: string | number | ExactNumber, field: string, format: string | undefined): number {
  const text = typeof value === 'string' ? value.trim() : value;
  const seconds = secondsIn(text, format);
  if (seconds === null) return refuseRow('time_format_mismatch', field, value);
  return seconds < 0 || seconds > MAX_SECONDS ? refuseRow('value_out_of_range', field, value) : seconds;
}

function secondsIn(value: string | number | ExactNumber, format: string | undefined): number | null {
  if (format === 'decimal_hours') return hoursToSeconds(value);
  if (format === 'seconds') {
    const whole = toScaled(value, 0);
    return whole === null ? null : Number(whole);
  }
  const match = format === 'hh_mm' && typeof value === 'string' ? HH_MM.exec(value) : null;
  return match === null ? null : Number(match[1]) * 3600 + Number(match[2]) * 60;
}
