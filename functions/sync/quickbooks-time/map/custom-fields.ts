import { hoursToSeconds, toScaled } from '#kernel/decimal.ts';
import { MAX_SECONDS } from '#kernel/money.ts';
import { readCents, refuseRow } from '#mirror/read-fields.ts';
import type { ConnectionSettings } from '#model/connection.ts';

/** The value of the first field with a use (M-49), and that field's id; null where no field has the use, or has no value here. */
export function valueWithUse(
  values: ReadonlyMap<string, string>,
  settings: Pick<ConnectionSettings, 'customFieldUses'>,
  use: string,
): { readonly fieldId: string; readonly value: string } | null {
  for (const fieldId of fieldsWithUse(settings, use)) {
    const value = values.get(fieldId);
    if (value !== undefined) return { fieldId, value };
  }
  return null;
}

export function fieldsWithUse({ customFieldUses = {} }: Pick<ConnectionSettings, 'customFieldUses'>, use: string): string[] {
  return Object.keys(customFieldUses).filter((id) => customFieldUses[id] === use);
}

/** The values that exclusion rules may look at, by field id. */
export function exclusionValues(
  values: ReadonlyMap<string, string>,
  settings: Pick<ConnectionSettings, 'customFieldUses'>,
): Record<string, string> {
  return Object.fromEntries(
    fieldsWithUse(settings, 'exclusion').flatMap((id) => {
      const value = values.get(id);
      return value === undefined ? [] : [[id, value]];
    }),
  );
}

const DECIMAL = /^\d+(\.\d*)?$/;
const CLOCK = /^(\d{1,6}):([0-5]\d)$/;
const SECONDS = /^\d+$/;

/** Hours in the chosen form as seconds; a value in another form is refused, never guessed at (M-60). */
export function readBudgetHours(value: string, format: string, field: string): number {
  const text = value.trim();
  const clock = format === 'hh_mm' ? CLOCK.exec(text) : null;
  const seconds =
    clock !== null
      ? Number(clock[1]) * 3_600 + Number(clock[2]) * 60
      : format === 'seconds' && SECONDS.test(text)
        ? Number(toScaled(text, 0))
        : format === 'decimal_hours' && DECIMAL.test(text)
          ? hoursToSeconds(text)
          : null;
  if (seconds === null) return refuseRow('time_format_mismatch', field, value);
  return seconds > MAX_SECONDS ? refuseRow('value_out_of_range', field, value) : seconds;
}

/** Money in a custom field as cents: plain decimals, with or without a dollar sign before them. */
export function readBudgetAmount(value: string, field: string): number {
  return readCents(value.trim().replace(/^\$\s*/, ''), field) ?? refuseRow('money_invalid', field, value);
}
