import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../aws/error.ts';
import type { Clock } from '../clock.ts';
import type { Iam } from '../iam/iam.ts';
import type { Pool } from '../lambda/pool.ts';
import { arnOf } from '../template/attributes.ts';
import type { Template } from '../template/template.ts';
import { type Authorization, type Authorizer, readAuthorizers } from './authorizer.ts';
import { createCors } from './cors.ts';
import { type ApiIdentity, commonEvent, type GatewayRequest, readRequest, toEvent } from './event.ts';
import { type GatewayResponse, gatewayMessage, inferResponse } from './response.ts';
import { matchRoute, type Route, type RouteMatch, readApi, readRoutes } from './routes.ts';

export type GatewayOptions = {
  readonly template: Template;
  readonly pools: ReadonlyMap<string, Pool>;
  readonly iam: Iam;
  readonly clock: Clock;
  readonly onAnswer: (status: number, durationMs: number) => void;
  /** Shortens the gateway's time limits in tests. */
  readonly limitMs?: number | undefined;
};

/** The HTTP API: what it does with a request, and its authorizers' caches. */
export type Gateway = {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  forgetAuthorizations(): void;
};

const REQUEST_LIMIT_BYTES = 10 * 1024 * 1024;
const HEADER_LIMIT_BYTES = 10_240;
// The event of a function is limited as well, and base64 and JSON make a body longer.
const EVENT_LIMIT_BYTES = 6_291_456;
const AUTHORIZER_LIMIT_MS = 10_000;

const SERVER_ERROR = gatewayMessage(500, 'Internal Server Error');
const UNAVAILABLE = gatewayMessage(503, 'Service Unavailable');
const REFUSED: Readonly<Record<401 | 403 | 500, GatewayResponse>> = {
  401: gatewayMessage(401, 'Unauthorized'),
  403: gatewayMessage(403, 'Forbidden'),
  500: SERVER_ERROR,
};

/** Reads the API of the templates; null where there is none. Throws where a route leads to an unknown function. */
export function createGateway({ template, pools, iam, clock, onAnswer, limitMs }: GatewayOptions): Gateway | null {
  const api = readApi(template);
  if (api === null) return null;
  const identity: ApiIdentity = { accountId: template.locality.accountId, apiId: api.id, stage: api.stage };
  const routes = readRoutes(template, api.id);
  const authorizers = readAuthorizers(template, api.id, clock);
  const cors = createCors(api.cors);
  for (const { functionArn, routeKey } of [
    ...routes,
    ...[...authorizers.values()].map(({ functionArn, id }) => ({ functionArn, routeKey: id })),
  ]) {
    if (!pools.has(functionArn)) throw new Error(`${routeKey} leads to ${functionArn}, which is no function of the templates`);
  }

  const permitted = (functionArn: string, source: string) => {
    const caller = {
      kind: 'service',
      service: 'apigateway.amazonaws.com',
      sourceArn: arnOf(template.locality, 'execute-api', `${api.id}/${source}`),
    } as const;
    return iam.allows(caller, { action: 'lambda:InvokeFunction', resource: functionArn });
  };

  /** Calls a function within a time; null where it may not be called, a status where it gave no usable result. */
  const call = async (functionArn: string, payload: string, timeMs: number): Promise<string | GatewayResponse> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), Math.min(timeMs, limitMs ?? timeMs));
    });
    try {
      const result = await Promise.race([pools.get(functionArn)!.invoke(payload, 'sync'), late]);
      if (result === 'late') return UNAVAILABLE;
      return result.functionError === null ? result.payload : SERVER_ERROR;
    } catch (error) {
      if (error instanceof AwsError) return UNAVAILABLE;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };

  const authorize = async (
    authorizer: Authorizer,
    request: GatewayRequest,
    { route, pathParameters }: RouteMatch,
  ): Promise<Authorization> => {
    if (!permitted(authorizer.functionArn, `authorizers/${authorizer.id}`)) return { refused: 500 };
    const event = (identitySource: readonly string[]) => ({
      ...commonEvent(request, identity, route.routeKey, pathParameters, null),
      type: 'REQUEST',
      routeArn: arnOf(template.locality, 'execute-api', `${api.id}/${sourceOf(route, request.method)}`),
      identitySource,
    });
    return authorizer.authorize(request, event, async (payload) => {
      const result = await call(authorizer.functionArn, payload, AUTHORIZER_LIMIT_MS);
      return typeof result === 'string' ? result : null;
    });
  };

  const sourceOf = ({ routeKey, method, segments }: Route, actual: string) => {
    if (method === null) return `${api.stage}/${routeKey}`;
    const path = segments
      .map(({ kind, name }) => (kind === 'text' ? name : kind === 'greedy' ? `{${name}+}` : `{${name}}`))
      .join('/');
    return `${api.stage}/${method === 'ANY' ? actual : method}/${path}`;
  };

  const respond = async (request: GatewayRequest): Promise<GatewayResponse> => {
    const match = matchRoute(routes, request.method, request.path);
    if (match === undefined) return gatewayMessage(404, 'Not Found');
    const { route, pathParameters } = match;
    let context: Authorization = { context: null };
    const authorizer = route.authorizerId === null ? null : authorizers.get(route.authorizerId);
    if (authorizer === undefined) return SERVER_ERROR;
    if (authorizer !== null) {
      context = await authorize(authorizer, request, match);
      if ('refused' in context) return REFUSED[context.refused];
    }
    if (!permitted(route.functionArn, sourceOf(route, request.method))) return SERVER_ERROR;
    const event = toEvent(
      request,
      identity,
      route.routeKey,
      pathParameters,
      authorizer === null ? null : { lambda: context.context },
    );
    const payload = JSON.stringify(event);
    if (Buffer.byteLength(payload) > EVENT_LIMIT_BYTES) return gatewayMessage(413, 'Request Entity Too Large');
    const result = await call(route.functionArn, payload, route.timeoutMs);
    return typeof result === 'string' ? (inferResponse(result) ?? SERVER_ERROR) : result;
  };

  const answer = async (incoming: IncomingMessage): Promise<{ response: GatewayResponse; requestId: string }> => {
    const requestId = randomUUID();
    const body = await readBody(incoming);
    if (headerBytes(incoming) > HEADER_LIMIT_BYTES)
      return { response: gatewayMessage(431, 'Request Header Fields Too Large'), requestId };
    if (body === null) return { response: gatewayMessage(413, 'Request Entity Too Large'), requestId };
    const request = readRequest(incoming, body, requestId, clock.now());
    if (request === null) return { response: gatewayMessage(400, 'Bad Request'), requestId };
    const response = cors.preflight(request) ?? cors.apply(request, await respond(request));
    return { response, requestId };
  };

  return {
    handle: (incoming, outgoing) => {
      const startedAt = performance.now();
      answer(incoming)
        .catch((error: unknown) => {
          process.stderr.write(`Local HTTP API: ${error instanceof Error ? error.stack : String(error)}\n`);
          return { response: SERVER_ERROR, requestId: randomUUID() };
        })
        .then(({ response, requestId }) => {
          send(outgoing, response, requestId, incoming.method === 'HEAD');
          onAnswer(response.status, performance.now() - startedAt);
        });
    },
    forgetAuthorizations: () => {
      for (const authorizer of authorizers.values()) authorizer.forget();
    },
  };
}

function headerBytes({ rawHeaders, method, url }: IncomingMessage): number {
  return rawHeaders.reduce((sum, part) => sum + part.length + 2, (method?.length ?? 0) + (url?.length ?? 0));
}

// Null above the limit; the rest is read and dropped, so that the client gets its answer.
async function readBody(incoming: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= REQUEST_LIMIT_BYTES) chunks.push(chunk);
  }
  return bytes > REQUEST_LIMIT_BYTES ? null : Buffer.concat(chunks);
}

function send(
  outgoing: ServerResponse,
  { status, headers, cookies, body }: GatewayResponse,
  requestId: string,
  isHead: boolean,
): void {
  const all: Record<string, string | string[] | number> = { ...headers, 'apigw-requestid': requestId };
  if (cookies.length > 0) all['set-cookie'] = [...cookies];
  if (status !== 204 && status !== 304) all['content-length'] = body.length;
  outgoing.writeHead(status, all);
  outgoing.end(isHead ? undefined : body);
}
