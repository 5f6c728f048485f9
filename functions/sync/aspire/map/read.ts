import type * as z from 'zod/mini';
import { ExactNumber } from '#kernel/decimal.ts';
import { mapRawRow, parseRow, readIdDigits, refuseRow } from '#mirror/read-fields.ts';
import type { MappedRow, QuarantineReason } from '#model/mapped-record.ts';
import { readFlatRow } from './flat-row.ts';

/** Fields whose value is a wage or contact data: the reason is enough, the value stays out of the quarantine list. */
const PRIVATE_FIELDS = new Set(['HourlyBasePay', 'BurdenPercent', 'FirstName', 'LastName', 'Email', 'MobilePhone']);

/**
 * Maps one raw row: checks it against its wire schema, hands it to `map`, and makes every refused field a rejection that names
 * reason and field (M-98). `key` is the field of the row's own id.
 */
export function mapRow<T>(
  schema: z.ZodMiniType<T>,
  key: string,
  raw: unknown,
  map: (row: T, sourceId: string) => MappedRow,
): MappedRow {
  const parse = (row: object) => {
    const flat = readFlatRow(schema, row);
    return flat === null ? parseRow(schema, row) : { row: flat };
  };
  return mapRawRow({ key, readId, parse, privateFields: PRIVATE_FIELDS }, raw, map);
}

/** An id as base-10 digits, exact beyond 2^53 (M-24). Null when absent. */
export function readId(value: unknown, field: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
  if (typeof value !== 'number' && !(value instanceof ExactNumber)) return refuseRow('type_invalid', field, value);
  return readIdDigits(value, field);
}

/** A reference that must be there, such as the worker of a time entry. */
export function requireId(value: unknown, field: string): string {
  return readId(value, field) ?? refuseRow('required_field_missing', field, value);
}

/**
 * Refuses a row whose companion row in another list cannot be read: it must not be stored as if there were none (M-90). `found`: whether
 * a readable companion is known; where none is, a row of that list without readable id might be the one.
 */
export function refuseUnreadable(
  unreadable: Unreadable,
  listField: `${string}.${string}`,
  id: string | null,
  found: boolean,
): void {
  if (id === null || unreadable.size === 0) return;
  const reason = unreadable.get(`${listField}/${id}`) ?? (found ? undefined : unreadable.get(`${listField}/${ANY_ID}`));
  if (reason !== undefined) refuseRow(reason, listField, null);
}

/** `<list>.<field>/<id>` of rows that exist and cannot be read, with the reason; `ANY_ID` in place of an id that cannot be read itself. */
export type Unreadable = ReadonlyMap<string, QuarantineReason>;

/** Stands for every id in `Unreadable`. */
export const ANY_ID = '*';
