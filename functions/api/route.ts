import type * as z from 'zod/mini';
import type { Actor } from '#model/people.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Access, Reach } from './access.ts';
import type { Command } from './command.ts';
import type { PersonContext } from './http.ts';
import { type ListKind, listKindOf } from './list-kind.ts';
import type { ApiPorts } from './ports.ts';
import type { Query, QueryShape } from './query.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** The function that serves a route. */
export type ApiGroup =
  | 'mirror'
  | 'overrides'
  | 'bonus'
  | 'approvals'
  | 'explanations'
  | 'groups'
  | 'group-members'
  | 'group-decisions'
  | 'group-changes'
  | 'changes'
  | 'callbacks'
  | 'phases'
  | 'phase-decisions'
  | 'pay'
  | 'exports'
  | 'reports'
  | 'goals'
  | 'settings'
  | 'admin'
  | 'diagnosis'
  | 'hooks'
  | 'uploads'
  | 'users'
  | 'webhooks'
  | 'docs';

/** The names in braces of a path template. */
export type PathNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | PathNames<Rest> : never;

/** What a handler gets: everything parsed and checked, nothing raw. */
export interface ApiRequest<P extends string = string, S extends QueryShape = QueryShape, B = unknown, Ports = ApiPorts> {
  readonly ports: Ports;
  readonly requestId: string;
  /** Proof of the tenant, from the verified token. Every store call takes it. */
  readonly scope: TenantScope;
  readonly actor: Actor;
  /** Who signed in, on routes for people whatever they are a member of; those have neither scope nor actor. */
  readonly person: PersonContext | null;
  /** How far the actor's role reaches with this route. */
  readonly reach: Exclude<Reach, '-'>;
  /** The tenant's key for list cursors. */
  readonly cursorKey: string;
  readonly path: string;
  /** Scheme and host of this API, as the gateway tells them. */
  readonly origin: string;
  /** The route's template, method and path: what cursors and idempotency keys are bound to. */
  readonly route: string;
  readonly params: Readonly<Record<PathNames<P>, string>>;
  readonly query: Query<S>;
  readonly body: B;
  /** The request as it came, where the route asks for it. */
  readonly raw: RawRequest | null;
  /** Revision that the caller's If-Match names; set exactly where the route asks for it. */
  readonly ifMatch: number;
  /** Makes the writes of this request: effect, audit and idempotency record in one transaction. */
  readonly command: Command;
}

/** What a signature is made over. */
export interface RawRequest {
  readonly body: Buffer;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What a handler gives back. Without `status` it is the route's own. */
export interface ApiAnswer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Given where the body is a text that is sent as it stands: a file, for example. */
  readonly mediaType?: string;
  /** Revision of a resource that takes If-Match: it stands in the ETag. */
  readonly revision?: number;
}

export type AnySchema = z.ZodMiniType;

/** What the route answers when all goes well: for parsing in tests and for the API description. */
export interface AnswerSpec {
  readonly status: number;
  readonly description: string;
  readonly schema: AnySchema;
  readonly example?: unknown;
  /** What the answer is where it is no JSON. */
  readonly mediaType?: string;
  /** As what else it comes, as text, where a parameter asks for that. */
  readonly textTypes?: readonly string[];
}

export interface RouteSpec<P extends string, S extends QueryShape, B extends AnySchema | undefined, Ports> {
  readonly method: Method;
  readonly path: P;
  readonly group: ApiGroup;
  readonly summary: string;
  readonly access: Access;
  readonly query?: S;
  readonly body?: B;
  readonly bodyExample?: unknown;
  /** Takes whatever body somebody else decides on, up to so many bytes, and parses nothing. */
  readonly rawBytes?: number;
  readonly answer: AnswerSpec;
  readonly idempotency?: 'required' | 'accepted';
  readonly ifMatch?: true;
  /** Sets longer work in motion, here or at a source: it counts against a limit of its own. */
  readonly startsRun?: true;
  /** Leaves parameters that it does not know alone, where somebody else decides what is sent along. */
  readonly anyQuery?: true;
  /** Answers the methods that this path does not offer, in place of the plain 405: on the mirror, who owns the record. */
  readonly otherMethods?: (request: ApiRequest<P, QueryShape, unknown, Ports>) => Promise<never>;
  readonly handler: (request: ApiRequest<P, S, B extends AnySchema ? z.infer<B> : undefined, Ports>) => Promise<ApiAnswer>;
}

/** A route as tables and the dispatcher hold it. */
export interface RouteDefinition<Ports = ApiPorts> {
  readonly method: Method;
  readonly path: string;
  readonly group: ApiGroup;
  readonly public?: true;
  readonly summary: string;
  readonly access: Access;
  readonly query: QueryShape;
  /** What its lists can be beside JSON; null where it answers none. */
  readonly list: ListKind | null;
  readonly body: AnySchema | null;
  readonly bodyExample?: unknown;
  readonly rawBytes?: number;
  readonly answer: AnswerSpec;
  readonly idempotency: 'required' | 'accepted' | null;
  readonly ifMatch: boolean;
  readonly startsRun?: true;
  readonly anyQuery?: true;
  readonly otherMethods: ((request: ApiRequest<string, QueryShape, unknown, Ports>) => Promise<never>) | null;
  readonly handler: (request: ApiRequest<string, QueryShape, unknown, Ports>) => Promise<ApiAnswer>;
}

/**
 * Makes the definer of routes whose handlers use the given ports. One route is everything that the gateway, the dispatcher, the API
 * description and the tests know of it; the handler's request is typed by the path template, the query shape and the body's schema. A list
 * comes as a table as well, whatever it is a list of (`tables.ts`).
 */
export function routeDefiner<Ports>() {
  return <const P extends string, const S extends QueryShape = Record<never, never>, B extends AnySchema | undefined = undefined>(
    spec: RouteSpec<P, S, B, Ports>,
  ): RouteDefinition<Ports> => {
    const { query, body, idempotency, ifMatch, otherMethods, handler, ...rest } = spec;
    const list = spec.method === 'GET' ? listKindOf(spec.answer.schema) : null;
    return {
      ...rest,
      ...(spec.access.tenant === 'none' ? { public: true as const } : {}),
      list,
      query: { ...query, ...(list && { format: list.format }) },
      answer: { ...spec.answer, ...(list && { textTypes: list.textTypes }) },
      body: body ?? null,
      idempotency: idempotency ?? null,
      ifMatch: ifMatch ?? false,
      otherMethods: (otherMethods ?? null) as RouteDefinition<Ports>['otherMethods'],
      // The dispatcher parses the request with these very schemas before it calls the handler.
      handler: handler as unknown as RouteDefinition<Ports>['handler'],
    };
  };
}

/** Defines a route that needs the table, the clock and no more. */
export const defineRoute = routeDefiner<ApiPorts>();
