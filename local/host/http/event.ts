import type { IncomingMessage } from 'node:http';
import type { JsonObject } from '../json.ts';

/** A request as the gateway has read it. */
export type GatewayRequest = {
  readonly method: string;
  /** Decoded once, as HTTP APIs do before they match routes. */
  readonly path: string;
  readonly rawQueryString: string;
  /** Lower-case names; repeated headers joined by commas; cookies apart. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly protocol: string;
  readonly requestId: string;
  readonly timeMs: number;
};

/** What the event says about the API itself. */
export type ApiIdentity = { readonly accountId: string; readonly apiId: string; readonly stage: string };

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'proxy-connection']);

/** Reads the parts of an incoming request. Null for a path that is not valid percent-encoding. */
export function readRequest(request: IncomingMessage, body: Buffer, requestId: string, timeMs: number): GatewayRequest | null {
  const [rawPath = '/', ...query] = (request.url ?? '/').split('?');
  const path = decodePath(rawPath);
  if (path === null) return null;
  const { headers, cookies } = readHeaders(request.rawHeaders);
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  headers['x-forwarded-for'] = headers['x-forwarded-for'] === undefined ? sourceIp : `${headers['x-forwarded-for']}, ${sourceIp}`;
  headers['x-forwarded-port'] = String(request.socket.localPort ?? '');
  headers['x-forwarded-proto'] = 'http';
  headers['x-amzn-trace-id'] = `Root=1-${Math.floor(timeMs / 1000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)}`;
  headers['content-length'] ??= String(body.length);
  return {
    method: request.method ?? 'GET',
    path,
    rawQueryString: query.join('?'),
    headers,
    cookies,
    body,
    sourceIp,
    protocol: `HTTP/${request.httpVersion}`,
    requestId,
    timeMs,
  };
}

// HTTP APIs decode the path before they look for a route, so an encoded slash divides segments, and what follows an
// encoded question mark is lost.
function decodePath(rawPath: string): string | null {
  try {
    return decodeURIComponent(rawPath).split('?')[0] ?? '/';
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function readHeaders(raw: readonly string[]): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!.toLowerCase();
    const value = raw[at + 1]!;
    if (name === 'cookie') cookies.push(...value.split(/;\s*/).filter((cookie) => cookie !== ''));
    else if (!HOP_BY_HOP.has(name)) headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return { headers, cookies };
}

/** Query parameters decoded, repeated ones joined by commas. */
export function queryParameters(rawQueryString: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    parameters[name] = parameters[name] === undefined ? value : `${parameters[name]},${value}`;
  }
  return parameters;
}

/** The request event of payload format 2.0. Members without content are absent. */
export function toEvent(
  request: GatewayRequest,
  api: ApiIdentity,
  routeKey: string,
  pathParameters: Readonly<Record<string, string>>,
  authorizer: JsonObject | null,
): JsonObject {
  return {
    ...commonEvent(request, api, routeKey, pathParameters, authorizer),
    ...bodyMembers(request),
  };
}

/** What request events and authorizer events have in common. */
export function commonEvent(
  request: GatewayRequest,
  { accountId, apiId, stage }: ApiIdentity,
  routeKey: string,
  pathParameters: Readonly<Record<string, string>>,
  authorizer: JsonObject | null,
): JsonObject {
  const { method, path, rawQueryString, headers, cookies, sourceIp, protocol, requestId, timeMs } = request;
  const query = queryParameters(rawQueryString);
  const domainName = headers.host ?? '';
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    ...(Object.keys(pathParameters).length > 0 ? { pathParameters } : {}),
    requestContext: {
      accountId,
      apiId,
      ...(authorizer === null ? {} : { authorizer }),
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: { method, path, protocol, sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId,
      routeKey,
      stage,
      time: accessLogTime(timeMs),
      timeEpoch: timeMs,
    },
  };
}

const TEXT_TYPES = /^(text\/.*|application\/(json|xml|javascript))$/;

// Everything but these types, a missing type and a form included, arrives in base64.
function bodyMembers({ body, headers }: GatewayRequest): JsonObject {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isText = TEXT_TYPES.test(type);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// 12/Mar/2020:19:03:58 +0000
function accessLogTime(timeMs: number): string {
  const text = new Date(timeMs).toISOString();
  return `${text.slice(8, 10)}/${MONTHS[Number(text.slice(5, 7)) - 1]}/${text.slice(0, 4)}:${text.slice(11, 19)} +0000`;
}
