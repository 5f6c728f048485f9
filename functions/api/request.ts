import type { Reach } from './access.ts';
import type { ChainPorts } from './api.ts';
import type { HttpEvent } from './http.ts';
import { NO_COMMAND, type OpenedCommand, openCommand } from './idempotency.ts';
import { parseBody, parseIdempotencyKey, parseIfMatch, parseQuery, rawBody } from './parse.ts';
import { type Caller, NOBODY, type Principal } from './principal.ts';
import { ApiProblem } from './problem.ts';
import type { ApiRequest, RouteDefinition } from './route.ts';
import type { Match } from './router.ts';

type AnyRequest<Ports> = ApiRequest<string, never, unknown, Ports>;

/**
 * The route of a request, if its method is offered and the caller's role may use it. A method that the path lacks is answered by the
 * path itself where it has words for it (the mirror), else by a plain 405.
 */
export async function pickRoute<Ports extends ChainPorts>(
  match: Match<Ports>,
  principal: Principal | null,
  event: HttpEvent,
  ports: Ports,
): Promise<RouteDefinition<Ports>> {
  const { route, any } = match;
  if (principal?.ownPayOnly && !OWN_PAY.has(any.path))
    throw new ApiProblem('forbidden', { detail: 'You are deactivated here: you see your own statements and nothing else.' });
  if (route !== null) {
    if (reachOf(route, principal) === '-')
      throw new ApiProblem('forbidden', { detail: `The role ${principal?.actor.role} may not do this.` });
    return route;
  }
  // Nothing of the refused request is parsed: it is told no whatever it carries.
  if (any.otherMethods !== null)
    await any.otherMethods(
      requestOf(any, match.params, { ...NOBODY, principal }, event, ports, {
        query: {},
        body: undefined,
        raw: null,
        ifMatch: -1,
      }),
    );
  throw new ApiProblem('method-not-allowed', {
    detail: `This path offers ${match.allow.join(', ')}.`,
    headers: { allow: match.allow.join(', ') },
  });
}

/** What is left to whoever is deactivated (M-148). */
const OWN_PAY: ReadonlySet<string> = new Set([
  '/v1/me',
  '/v1/statements',
  '/v1/statements/{id}',
  '/v1/statements/{id}/acknowledge',
  '/v1/statements/{id}/dispute',
]);

/** A request ready for its handler, and its command where it may change something. */
export interface ParsedRequest<Ports> {
  readonly request: AnyRequest<Ports>;
  readonly opened: OpenedCommand | null;
}

/** Parses query, body, If-Match and Idempotency-Key, and reads what is known of the key. */
export async function parseRequest<Ports extends ChainPorts>(
  route: RouteDefinition<Ports>,
  params: Readonly<Record<string, string>>,
  caller: Caller,
  event: HttpEvent,
  ports: Ports,
): Promise<ParsedRequest<Ports>> {
  // Headers before the body: who forgot the key or the tag is told so, whatever else is wrong.
  const query = parseQuery(route.query, event.rawQueryString, route.anyQuery === true);
  const key = parseIdempotencyKey(route, event);
  const ifMatch = parseIfMatch(route, event);
  const raw = route.rawBytes === undefined ? null : { body: rawBody(event, route.rawBytes), headers: event.headers };
  const inputs = { query, ifMatch, raw, body: raw === null ? parseBody(route, event) : undefined };
  const { principal } = caller;
  const opened =
    principal === null || route.method === 'GET' || ports.table === undefined
      ? null
      : await openCommand({
          ports: { ...ports, table: ports.table },
          scope: principal.scope,
          actor: principal.actor,
          requestId: event.requestContext.requestId,
          route: routeName(route),
          path: event.rawPath,
          body: inputs.body,
          key,
          defaultStatus: route.answer.status,
        });
  return { opened, request: requestOf(route, params, caller, event, ports, inputs, opened) };
}

function requestOf<Ports>(
  route: RouteDefinition<Ports>,
  params: Readonly<Record<string, string>>,
  caller: Caller,
  event: HttpEvent,
  ports: Ports,
  inputs: { readonly query: Record<string, unknown> } & Pick<AnyRequest<Ports>, 'body' | 'raw' | 'ifMatch'>,
  opened: OpenedCommand | null = null,
): AnyRequest<Ports> {
  const { principal, person } = caller;
  const request = {
    ports,
    requestId: event.requestContext.requestId,
    path: event.rawPath,
    origin: originOf(event),
    route: routeName(route),
    params,
    ...inputs,
    reach: reachOf(route, principal),
    command: opened?.command ?? NO_COMMAND,
    person,
    // A public route has no tenant: its handler is given nobody's data to reach for.
    ...(principal && { scope: principal.scope, actor: principal.actor, cursorKey: principal.cursorKey }),
  };
  return request as unknown as AnyRequest<Ports>;
}

/** The gateway sets both itself, whatever a caller sends. */
function originOf({ headers, requestContext }: HttpEvent): string {
  return `${headers['x-forwarded-proto'] ?? 'https'}://${requestContext.domainName ?? ''}`;
}

/** How far the caller reaches with a route (M-145). */
function reachOf<Ports>(route: RouteDefinition<Ports>, principal: Principal | null): Reach {
  return route.access.tenant !== 'token' || principal === null ? 'R' : route.access.matrix[principal.actor.role];
}

function routeName(route: Pick<RouteDefinition<never>, 'method' | 'path'>): string {
  return `${route.method} ${route.path}`;
}
