import type * as z from 'zod/mini';
import { ExactNumber, parseDecimal, toScaled } from '#kernel/decimal.ts';
import { type DecimalValue, mapRawRow, parseRow, readIdDigits, refuseRow } from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';

/** Contact data: the reason is enough, the value stays out of the quarantine list. */
const PRIVATE_FIELDS = new Set(['first_name', 'last_name', 'email_address', 'contact']);

/** Maps one raw row of a list whose id is the field `id`: every refused field is a rejection that names reason and field (M-98). */
export function mapRow<T>(schema: z.ZodMiniType<T>, raw: unknown, map: (row: T, sourceId: string) => MappedRow): MappedRow {
  const parse = (row: object) => parseRow(schema, row);
  return mapRawRow({ key: 'id', readId, parse, privateFields: PRIVATE_FIELDS }, raw, map);
}

/** An id as base-10 digits, exact beyond 2^53 (M-24); ids written as text count as the same. Null when absent. */
export function readId(value: unknown, field: string): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
  const known = typeof value === 'number' || typeof value === 'string' || value instanceof ExactNumber;
  if (!known || (typeof value === 'string' && !/^\d+$/.test(value))) return refuseRow('type_invalid', field, value);
  return readIdDigits(value, field);
}

/** A reference that must be there. */
export function requireId(value: unknown, field: string): string {
  return readId(value, field) ?? refuseRow('required_field_missing', field, value);
}

/** The id of a nested object such as `project {id, name}`; null when either is absent. */
export function refId(value: { readonly id?: unknown } | null | undefined, field: string): string | null {
  return value === null || value === undefined ? null : readId(value.id, field);
}

/** Decimal minutes as whole seconds, half up. Null when absent. */
export function readMinutes(value: DecimalValue | null | undefined, field: string): number | null {
  if (value === undefined || value === null || value === '') return null;
  const decimal = parseDecimal(value) ?? refuseRow('type_invalid', field, value);
  const unit = 10n ** BigInt(decimal.scale);
  const seconds = (decimal.digits * 120n + unit) / (unit * 2n);
  return decimal.digits < 0n || seconds > 90_000n ? refuseRow('value_out_of_range', field, value) : Number(seconds);
}

/** A quantity in ten-thousandths; more decimals are refused, not rounded. Null when absent. */
export function readQuantityE4(value: DecimalValue | null | undefined, field: string): number | null {
  if (value === undefined || value === null || value === '') return null;
  const quantity = toScaled(value, 4) ?? refuseRow('type_invalid', field, value);
  return quantity < 0n || quantity > BigInt(Number.MAX_SAFE_INTEGER)
    ? refuseRow('value_out_of_range', field, value)
    : Number(quantity);
}
