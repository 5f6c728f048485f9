import { refuse } from '#kernel/errors.ts';
import { isLocalDate, type LocalDate } from '#kernel/instant.ts';

/** An input object whose members have not been checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Refuses `invalid-body`: the input does not have the shape of B-190. `field` is the path of the part at fault. */
export function refuseShape(field: string, detail: string): never {
  return refuse('invalid-body', { field, detail });
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; refuses `invalid-body` otherwise. */
export function objectAt(value: unknown, field: string): Fields {
  if (!isObject(value)) refuseShape(field, 'must be an object');
  return value;
}

/** The value as a list; refuses `invalid-body` otherwise. */
export function listAt(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) refuseShape(field, 'must be a list');
  return value;
}

/** The value as text that is not empty; refuses `invalid-body` otherwise. */
export function textAt(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') refuseShape(field, 'must be text');
  return value;
}

/** The value as text, or null when absent or null. */
export function optionalTextAt(value: unknown, field: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') refuseShape(field, 'must be text');
  return value;
}

/** The value as true or false, or the default when absent or null. */
export function flagAt(value: unknown, field: string, whenAbsent: boolean): boolean {
  if (value === undefined || value === null) return whenAbsent;
  if (typeof value !== 'boolean') refuseShape(field, 'must be true or false');
  return value;
}

/** The value as an existing date; refuses `invalid-body` otherwise. */
export function dateAt(value: unknown, field: string): LocalDate {
  if (!isLocalDate(value)) refuseShape(field, 'must be a date, YYYY-MM-DD');
  return value;
}

/** The value as an existing date, or null when absent or null. */
export function optionalDateAt(value: unknown, field: string): LocalDate | null {
  return value === undefined || value === null ? null : dateAt(value, field);
}

/** The value as an integer in the range; refuses with `code`, by default `invalid-number` (B-1), naming the field. */
export function integerAt(value: unknown, field: string, min: number, max: number, code = 'invalid-number'): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) refuse('invalid-number', { field, detail: 'must be an integer' });
  if (value < min || value > max) refuse(code, { field, detail: `must be from ${min} to ${max}` });
  return value;
}
