import { isOn, type JsonObject, textsOf } from '../json.ts';
import type { GatewayRequest } from './event.ts';
import type { GatewayResponse } from './response.ts';

/** The gateway's own CORS: it answers preflights itself and sets the headers of every other answer, whatever the function says. */
export type Cors = {
  /** The answer to a preflight, or null where the request is none. */
  preflight(request: GatewayRequest): GatewayResponse | null;
  apply(request: GatewayRequest, response: GatewayResponse): GatewayResponse;
};

/** Reads a CORS configuration; without one, requests and answers pass untouched. */
export function createCors(configuration: JsonObject | null): Cors {
  if (configuration === null) return { preflight: () => null, apply: (_, response) => response };
  const list = (name: string) => textsOf(configuration[name], name);
  const origins = list('AllowOrigins');
  const methods = list('AllowMethods');
  const allowedHeaders = list('AllowHeaders');
  const exposed = list('ExposeHeaders');
  const credentials = isOn(configuration.AllowCredentials);

  const allowed = (origin: string) =>
    origins.some(
      (pattern) => pattern === '*' || pattern === origin || (pattern.endsWith('://*') && origin.startsWith(pattern.slice(0, -1))),
    );

  const common = (origin: string): Record<string, string> => {
    if (!allowed(origin)) return {};
    const any = origins.includes('*') && !credentials;
    return {
      'access-control-allow-origin': any ? '*' : origin,
      ...(any ? {} : { vary: 'Origin' }),
      ...(credentials ? { 'access-control-allow-credentials': 'true' } : {}),
      ...(exposed.length > 0 ? { 'access-control-expose-headers': exposed.join(',') } : {}),
    };
  };

  return {
    preflight: ({ method, headers }) => {
      if (method !== 'OPTIONS' || headers.origin === undefined || headers['access-control-request-method'] === undefined)
        return null;
      const granted: Record<string, string> = { ...common(headers.origin) };
      if (allowed(headers.origin)) {
        granted['access-control-allow-methods'] = methods.join(',');
        if (allowedHeaders.length > 0) granted['access-control-allow-headers'] = allowedHeaders.join(',');
        if (configuration.MaxAge !== undefined) granted['access-control-max-age'] = String(configuration.MaxAge);
      }
      return { status: 204, headers: granted, cookies: [], body: Buffer.alloc(0) };
    },
    apply: ({ headers }, response) => {
      const kept = Object.entries(response.headers).filter(([name]) => !name.startsWith('access-control-'));
      return {
        ...response,
        headers: { ...Object.fromEntries(kept), ...(headers.origin === undefined ? {} : common(headers.origin)) },
      };
    },
  };
}
