import type * as z from 'zod/mini';
import type { AnySchema } from './route.ts';

/** A column of a table: the path of a value in an item. */
export type Column = readonly string[];

type Definition = {
  readonly type: string;
  readonly shape?: Readonly<Record<string, AnySchema>>;
  readonly innerType?: AnySchema;
  readonly element?: AnySchema;
};
const definitionOf = (schema: AnySchema): Definition => (schema as z.core.$ZodType)._zod.def as unknown as Definition;

/** Schemas that say no more than whether a value may be missing. */
const WRAPPERS = new Set(['nullable', 'optional', 'readonly', 'default']);

/** The shape of an item of a list; null where the schema is none of a list (`items` and `nextCursor`). */
export function itemOfList(schema: AnySchema): AnySchema | null {
  const { shape } = definitionOf(schema);
  const items = shape?.nextCursor === undefined ? undefined : shape.items;
  return items === undefined ? null : (definitionOf(items).element ?? null);
}

/**
 * The columns of a table of items, in the order of their shape: a field each, those of an object within it under `outer.inner`. They follow
 * from the shape alone, so that every page of a list, and what every role is given, has the same.
 */
export function columnsOf(schema: AnySchema, path: Column = []): readonly Column[] {
  const { type, shape, innerType } = definitionOf(schema);
  if (WRAPPERS.has(type)) return columnsOf(innerType!, path);
  return shape === undefined ? [path] : Object.entries(shape).flatMap(([name, field]) => columnsOf(field, [...path, name]));
}

/** The cell of a column: text and numbers as they are, lists as JSON, blank for what is not there. */
export function cellOf(item: unknown, column: Column): string {
  let value = item;
  for (const name of column) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
