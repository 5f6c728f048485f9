import * as z from 'zod/mini';
import { isLocalDate } from '#kernel/instant.ts';
import { formatCents, formatE4, parseCents, parseE4 } from '#kernel/money.ts';
import { invalidField } from './problem.ts';
import { asList } from './tables.ts';

/** Schemas of what crosses the edge. They describe text; conversion to whole numbers is a step of its own (see `centsOf`, `e4Of`). */
export const idText = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,120}$/));
export const instantText = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/));
export const dateText = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/), z.refine(isLocalDate, 'must be a date, YYYY-MM-DD'));
/** Money: a decimal string with up to two places, `-` for negatives. */
export const moneyText = z.string().check(z.regex(/^-?\d{1,14}(\.\d{1,2})?$/));
/** A wage, rate or quantity: up to four places. */
export const rateText = z.string().check(z.regex(/^-?\d{1,12}(\.\d{1,4})?$/));
export const basisPoints = z.int().check(z.minimum(0), z.maximum(1_000_000));
export const seconds = z.int().check(z.minimum(0), z.maximum(1_000_000_000));
export const currencyCode = z.string().check(z.regex(/^[A-Z]{3}$/));

/** Cents → edge text, null stays null. */
export function moneyOf(amountCents: number | null): string | null {
  return amountCents === null ? null : formatCents(amountCents);
}

/** Ten-thousandths → edge text with two to four places, null stays null. */
export function rateOf(valueE4: number | null): string | null {
  return valueE4 === null ? null : formatE4(valueE4);
}

/** Edge text → cents; 422 naming the field where it is none. */
export function centsOf(text: string, pointer: string): number {
  const cents = parseCents(text);
  if (cents === null) throw invalidField(pointer, 'must be an amount with at most two decimals, as text');
  return cents;
}

/** Edge text → ten-thousandths; 422 naming the field where it is none. */
export function e4Of(text: string, pointer: string): number {
  const valueE4 = parseE4(text);
  if (valueE4 === null) throw invalidField(pointer, 'must be a number with at most four decimals, as text');
  return valueE4;
}

/** The answer of a list: items, cursor, and for mirror and pay the age of the data. */
export function listOf<T extends z.ZodMiniType>(item: T) {
  return asList(z.strictObject({ items: z.array(item), nextCursor: z.nullable(z.string()) }));
}

/** The answer of a list that also tells how old its data is. */
export function agedListOf<T extends z.ZodMiniType>(item: T) {
  const shape = { items: z.array(item), nextCursor: z.nullable(z.string()), dataAsOf: z.nullable(instantText) };
  return asList(z.strictObject(shape));
}

/** The answer of a list that is never long and comes whole, with whatever else it tells. */
export function wholeListOf<T extends z.ZodMiniType, const M extends z.core.$ZodShape = Record<never, never>>(item: T, more?: M) {
  return asList(z.strictObject({ items: z.array(item), nextCursor: z.null(), ...(more as M) }));
}
