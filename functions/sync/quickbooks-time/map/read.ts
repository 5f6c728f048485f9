import type * as z from 'zod/mini';
import { ExactNumber, toScaled } from '#kernel/decimal.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import { MAX_SECONDS } from '#kernel/money.ts';
import {
  MAX_ID_BYTES,
  mapRawRow,
  parseRow,
  readDate,
  readIdDigits,
  readStamp,
  readText,
  refuseRow,
} from '#mirror/read-fields.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { Flag, Scalar } from '../wire.ts';

/** Fields whose value is a wage or contact data: the reason is enough, the value stays out of the quarantine list. */
const PRIVATE_FIELDS = new Set(['pay_rate', 'first_name', 'last_name', 'display_name', 'email']);
const NO_DATE = '0000-00-00';

/** Maps one raw row by its wire schema; every refused field becomes a rejection that names reason and field (M-98). */
export function mapRow<T>(schema: z.ZodMiniType<T>, raw: unknown, map: (row: T, sourceId: string) => MappedRow): MappedRow {
  const parse = (row: object) => parseRow(schema, row);
  return mapRawRow({ key: 'id', readId, parse, privateFields: PRIVATE_FIELDS }, raw, map);
}

/** An id, number or text, as the same text; digits exact beyond 2^53 (M-24). Null when absent. */
export function readId(value: unknown, field: string): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') {
    if (Buffer.byteLength(value) > MAX_ID_BYTES) return refuseRow('id_too_long', field, value);
    return value.isWellFormed() ? value : refuseRow('type_invalid', field, value);
  }
  if (typeof value !== 'number' && !(value instanceof ExactNumber)) return refuseRow('type_invalid', field, value);
  return readIdDigits(value, field);
}

/** A reference: 0 stands for none. */
export function readRef(value: Scalar, field: string): string | null {
  const id = readId(value, field);
  return id === '0' ? null : id;
}

/** Text, also where the source sends a number. Null when absent or empty. */
export function readName(value: Scalar, field: string): string | null {
  if (value === undefined || value === null) return null;
  return readText(String(value), field);
}

/** A calendar date; `0000-00-00` and nothing are null (M-64). */
export function readDay(value: Scalar, field: string): LocalDate | null {
  const text = readName(value, field);
  return text === null || text.startsWith(NO_DATE) ? null : readDate(text, field);
}

/** A modified stamp; one that is none moves no watermark and rejects no row (M-88). */
export function readStampOf(value: Scalar): Instant | null {
  return typeof value === 'string' ? readStamp(value) : null;
}

/** A flag in any of the source's forms; null when absent. */
export function readFlag(value: Flag, field: string): boolean | null {
  if (value === undefined || value === null || value === '') return null;
  if (value === true || value === 1 || value === '1' || value === 'true') return true;
  if (value === false || value === 0 || value === '0' || value === 'false') return false;
  return refuseRow('type_invalid', field, value);
}

/** Whole seconds; null when absent. */
export function readWholeSeconds(value: Scalar, field: string): number | null {
  if (value === undefined || value === null || value === '') return null;
  const seconds = toScaled(value, 0) ?? refuseRow('type_invalid', field, value);
  return seconds < 0n || seconds > BigInt(MAX_SECONDS)
    ? refuseRow('duration_out_of_range', field, String(value))
    : Number(seconds);
}

/** Values of custom fields by field id; `""` and `[]` stand for none. */
export function readCustomFields(value: string | readonly unknown[] | Readonly<Record<string, unknown>> | null | undefined) {
  const values = new Map<string, string>();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return values;
  for (const [id, one] of Object.entries(value)) {
    const text = typeof one === 'number' || one instanceof ExactNumber ? String(one) : one;
    if (typeof text === 'string' && text.trim() !== '') values.set(id, text);
  }
  return values;
}
