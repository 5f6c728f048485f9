import type * as z from 'zod/mini';
import { ExactNumber, hoursToSeconds, parseDecimal, toScaled } from '#kernel/decimal.ts';
import { type Instant, isLocalDate, type LocalDate, parseInstant } from '#kernel/instant.ts';
import { MAX_CENTS, MAX_SECONDS } from '#kernel/money.ts';
import { parseLocalTime } from '#kernel/zone.ts';
import type { CompanionRejection, MappedRow, QuarantineReason } from '#model/mapped-record.ts';

/** A JSON number, one that a double cannot hold exactly, or decimal text. */
export type DecimalValue = string | number | ExactNumber;

/** Why a row cannot be mapped, thrown by the readers below and turned into a rejection by `mapRow` alone (M-98). */
class FieldError extends Error {
  readonly reason: QuarantineReason;
  readonly field: string;
  readonly value: unknown;

  constructor(reason: QuarantineReason, field: string, value: unknown) {
    super(`${field}: ${reason}`);
    this.reason = reason;
    this.field = field;
    this.value = value;
  }
}

type Absent = null | undefined;

export const MAX_ID_BYTES = 256;
const MAX_TEXT_BYTES = 4096;
const FIRST_DATE = '2000-01-01';
const LAST_DATE = '2099-12-31';
const MAX_QUARANTINED_VALUE = 256;

/** Refuses the row being mapped. */
export function refuseRow(reason: QuarantineReason, field: string, value: unknown): never {
  throw new FieldError(reason, field, value);
}

/** What maps the rows of one list: how their own id is read, and which fields' values stay out of the quarantine list. */
export interface RowMapping<T> {
  /** Field of the row's own id, and its reader; null is an id that is not there. */
  readonly key: string;
  readonly readId: (value: unknown, field: string) => string | null;
  /** The row as the schema gives it, or the field that is not as it should be. */
  readonly parse: (raw: object) => { readonly row: T } | { readonly field: string | null };
  /** Wages and contact data: the reason is enough (M-25). */
  readonly privateFields: ReadonlySet<string>;
}

/** What a wire schema makes of a row, or the first field that is not as it should be. */
export function parseRow<T>(schema: z.ZodMiniType<T>, row: object): ReturnType<RowMapping<T>['parse']> {
  const parsed = schema.safeParse(row);
  if (parsed.success) return { row: parsed.data };
  const [issue] = parsed.error.issues;
  return { field: issue?.path[0] === undefined ? null : String(issue.path[0]) };
}

/** Maps one raw row: makes every refused field a rejection that names reason and field (M-98). */
export function mapRawRow<T>(
  { key, readId, parse, privateFields }: RowMapping<T>,
  raw: unknown,
  map: (row: T, sourceId: string) => MappedRow,
): MappedRow {
  let sourceId: string | null = null;
  const reject = (reason: QuarantineReason, field: string | null, value: unknown): MappedRow => ({
    kind: 'rejected',
    rejected: { sourceId, reason, field, value: field !== null && privateFields.has(field) ? null : shownValue(value) },
  });
  try {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return reject('row_invalid', null, raw);
    const idValue = Object.hasOwn(raw, key) ? (raw as Record<string, unknown>)[key] : undefined;
    sourceId = readId(idValue, key);
    if (sourceId === null) return reject('id_missing', key, idValue);
    const parsed = parse(raw);
    if ('row' in parsed) return map(parsed.row, sourceId);
    const field = parsed.field ?? key;
    return reject('type_invalid', field, (raw as Record<string, unknown>)[field]);
  } catch (error) {
    if (error instanceof FieldError) return reject(error.reason, error.field, error.value);
    throw error;
  }
}

/** The offending value for the quarantine list; nested values are named by their kind, since they may hold anything (M-25). */
function shownValue(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object' && !(value instanceof ExactNumber)) return 'object';
  const text = String(value).toWellFormed();
  return text.length > MAX_QUARANTINED_VALUE ? text.slice(0, MAX_QUARANTINED_VALUE - 1).toWellFormed() : text;
}

/** An id that is a number, as base-10 digits, exact beyond 2^53 (M-24). */
export function readIdDigits(value: DecimalValue, field: string): string {
  const digits = toScaled(value, 0);
  if (digits === null || digits < 0n) return refuseRow('type_invalid', field, value);
  const text = digits.toString();
  return text.length > MAX_ID_BYTES ? refuseRow('id_too_long', field, value) : text;
}

/** A display number: digits as received, so 4701.0 of a ticket and 4701 of its opportunity are the same text. Null when absent. */
export function readNumberText(value: DecimalValue | Absent, field: string): string | null {
  if (value === undefined || value === null) return null;
  const decimal = parseDecimal(value) ?? refuseRow('type_invalid', field, value);
  if (decimal.scale > 20 || decimal.digits.toString().length > 40) return refuseRow('value_too_large', field, value);
  if (decimal.scale === 0) return decimal.digits.toString();
  return value instanceof ExactNumber ? value.text : String(value);
}

/** A small whole number such as a display order. Null when absent. */
export function readInteger(value: DecimalValue | Absent, field: string): number | null {
  if (value === undefined || value === null) return null;
  const whole = toScaled(value, 0) ?? refuseRow('type_invalid', field, value);
  return whole >= -2147483648n && whole <= 2147483647n ? Number(whole) : refuseRow('value_out_of_range', field, value);
}

/** Text unchanged, at most 4 KB; nothing and the empty text are null. Text that UTF-8 cannot hold could not be stored as received. */
export function readText(value: string | Absent, field: string): string | null {
  if (value === undefined || value === null || value === '') return null;
  // A UTF-16 unit takes three bytes at most, so short text needs no counting.
  if (value.length * 3 > MAX_TEXT_BYTES && Buffer.byteLength(value) > MAX_TEXT_BYTES)
    return refuseRow('value_too_large', field, value);
  return value.isWellFormed() ? value : refuseRow('type_invalid', field, value);
}

/** Text that must be there and hold more than blanks, such as a name. */
export function requireText(value: string | Absent, field: string): string {
  const text = readText(value, field);
  return text === null || text.trim() === '' ? refuseRow('required_field_missing', field, value) : text;
}

/** The calendar date of a date or date-time text, as the source wrote it; bounds of M-39. Null when absent. */
export function readDate(value: string | Absent, field: string): LocalDate | null {
  if (value === undefined || value === null || value === '') return null;
  const date = value.slice(0, 10);
  const separator = value.charAt(10);
  if (!isLocalDate(date) || (separator !== 'T' && separator !== ' ' && separator !== '')) {
    return refuseRow('time_invalid', field, value);
  }
  return inBounds(date) ? date : refuseRow('value_out_of_range', field, value);
}

/** Whether a date lies in 2000 to 2099 (M-39). */
export function inBounds(date: LocalDate): boolean {
  return date >= FIRST_DATE && date <= LAST_DATE;
}

/**
 * The instant of a date-time: with an offset as it says, without one as wall-clock time in the zone (M-35). `notBefore` decides which
 * of two equal wall-clock times in autumn is meant. Null when absent.
 */
export function readInstant(value: string | Absent, field: string, zone: string, notBefore?: Instant): Instant | null {
  if (value === undefined || value === null || value === '') return null;
  const date = readDate(value, field);
  const zoned = parseInstant(value);
  if (zoned !== null) return zoned;
  const local = value.length === 10 ? `${date}T00:00` : value.charAt(10) === ' ' ? value.replace(' ', 'T') : value;
  return parseLocalTime(local, zone, notBefore) ?? refuseRow('time_invalid', field, value);
}

/** An audit stamp: UTC, also where the offset is missing. A stamp that is none moves no watermark and rejects no row (M-88). */
export function readStamp(value: string | Absent): Instant | null {
  if (value === undefined || value === null) return null;
  return parseInstant(value) ?? parseInstant(`${value}Z`);
}

/** Dollars as exact cents; more decimals than the currency has are refused, not rounded (M-2). Null when absent. */
export function readCents(value: DecimalValue | Absent, field: string): number | null {
  if (value === undefined || value === null) return null;
  const cents = toScaled(value, 2) ?? refuseRow('money_invalid', field, value);
  return cents < 0n || cents > BigInt(MAX_CENTS) ? refuseRow('value_out_of_range', field, value) : Number(cents);
}

/** Decimal hours as seconds, rounded half up once (M-2). Null when absent; negative ones are out of range. */
export function readSeconds(value: DecimalValue | Absent, field: string): number | null {
  if (value === undefined || value === null) return null;
  const seconds = hoursToSeconds(value);
  return seconds === null || seconds < 0 || seconds > MAX_SECONDS ? refuseRow('value_out_of_range', field, value) : seconds;
}

/** A percentage as basis points, rounded half up, since the source sends ratios as doubles; 0 to 100 % (M-39). Null when absent. */
export function readPercentBp(value: DecimalValue | Absent, field: string): number | null {
  if (value === undefined || value === null) return null;
  const decimal = parseDecimal(value) ?? refuseRow('type_invalid', field, value);
  const unit = 10n ** BigInt(decimal.scale);
  const bp = (decimal.digits * 200n + unit) / (unit * 2n);
  return decimal.digits < 0n || bp > 10_000n ? refuseRow('value_out_of_range', field, value) : Number(bp);
}

/** Runs a reader; why it refused a field, or null. For rows of other lists, on which the rows being mapped depend. */
export function tryRead(read: () => void): QuarantineReason | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof FieldError) return error.reason;
    throw error;
  }
}

/** Reads a further record of a row: a field that is refused rejects that record and leaves the row be. */
export function rejectionFrom<T>(
  place: Pick<CompanionRejection, 'sourceId' | 'entity' | 'space'>,
  read: () => T,
): { readonly value: T } | { readonly refused: CompanionRejection } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { refused: { ...place, reason: error.reason, field: error.field, value: shownValue(error.value) } };
  }
}
