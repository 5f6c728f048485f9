import type { Instant } from '#kernel/instant.ts';
import type { QueryParameter } from './query.ts';
import type { AnySchema, ApiAnswer, ApiRequest, RouteDefinition } from './route.ts';

/** What a list can do beyond the JSON of a page. */
export interface ListKind {
  /** The parameter that asks for it. */
  readonly format: QueryParameter;
  readonly textTypes: readonly string[];
  answer<Ports extends { now(): Instant }>(
    route: RouteDefinition<Ports>,
    request: ApiRequest<string, never, unknown, Ports>,
    rawQuery: string,
    check: (answer: ApiAnswer) => void,
  ): Promise<ApiAnswer>;
}

/** Which schemas are those of lists: noted where such a schema is made, so that a function without lists holds nothing of what they can do. */
const kinds = new WeakMap<AnySchema, ListKind>();

export function noteList<S extends AnySchema>(schema: S, kind: ListKind): S {
  kinds.set(schema, kind);
  return schema;
}

/** What the answers of a schema can be; null where they are no list. */
export const listKindOf = (schema: AnySchema): ListKind | null => kinds.get(schema) ?? null;
