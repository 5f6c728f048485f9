import * as z from 'zod/mini';
import { isLocalDate } from '#kernel/instant.ts';

/** One query parameter: its schema (for parsing and for the API description) and how its text becomes the schema's input. */
export interface QueryParameter<T = unknown> {
  readonly schema: z.ZodMiniType<T>;
  readonly read: (text: string) => unknown;
  readonly description: string;
  readonly default?: T;
}
export type QueryShape = Readonly<Record<string, QueryParameter>>;

/** The parsed query of a shape: parameters with a default are always there, the others may be absent. */
export type Query<S extends QueryShape> = {
  readonly [K in keyof S]: S[K] extends QueryParameter<infer T>
    ? S[K] extends { readonly default: T }
      ? T
      : T | undefined
    : never;
};

const asIs = (text: string): unknown => text;
/** Digits become a number; any other text stays text, so that the schema refuses it. */
const asInteger = (text: string): unknown => (/^-?\d{1,15}$/.test(text) ? Number(text) : text);
const asBoolean = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text);

/** Free text with a bound on its length. */
export function textParameter(description: string, maxLength = 256): QueryParameter<string> {
  return { schema: z.string().check(z.minLength(1), z.maxLength(maxLength)), read: asIs, description };
}

/** One of our ids: opaque, of the characters that need no encoding. */
export function idParameter(description: string): QueryParameter<string> {
  return { schema: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,120}$/)), read: asIs, description };
}

/** One of the words given. */
export function choiceParameter<const V extends readonly [string, ...string[]]>(
  values: V,
  description: string,
): QueryParameter<V[number]> {
  return { schema: z.enum(values) as unknown as z.ZodMiniType<V[number]>, read: asIs, description };
}

/** A number counted from one. */
export function countParameter(description: string): QueryParameter<number> {
  const schema = z.int().check(z.minimum(1), z.maximum(1_000_000)) as unknown as z.ZodMiniType<number>;
  return { schema, read: asInteger, description };
}

/** `true` or `false`; absent is false. */
export function flagParameter(description: string): QueryParameter<boolean> & { readonly default: boolean } {
  return { schema: z.boolean(), read: asBoolean, description, default: false };
}

/** A calendar date, `YYYY-MM-DD`. */
export function dateParameter(description: string): QueryParameter<string> {
  return { schema: z.string().check(z.refine(isLocalDate, 'must be a date, YYYY-MM-DD')), read: asIs, description };
}

const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

/** The two parameters of every list. */
export const PAGING = {
  limit: {
    schema: z.int().check(z.minimum(1), z.maximum(MAX_LIMIT)) as unknown as z.ZodMiniType<number>,
    read: asInteger,
    description: 'Items on a page',
    default: DEFAULT_LIMIT,
  },
  cursor: {
    schema: z.string().check(z.minLength(1), z.maxLength(1024)),
    read: asIs,
    description: 'nextCursor of the page before',
  },
} satisfies QueryShape;
