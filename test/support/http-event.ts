import { gunzipSync } from 'node:zlib';
import type { AuthorizerContext, HttpEvent, HttpResponse } from '#functions/api/http.ts';

export interface EventOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** Query string as it stands, in place of `query`. */
  readonly rawQuery?: string;
  /** What the authorizer said; absent on public paths. */
  readonly caller?: AuthorizerContext;
  readonly requestId?: string;
}

let count = 0;

/** An event as the HTTP API sends it (payload format 2.0): header names in lower case, query as raw text. */
export function httpEvent(method: string, path: string, options: EventOptions = {}): HttpEvent {
  const hasBody = options.body !== undefined;
  const headers = Object.fromEntries(Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const query = Object.entries(options.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
  count++;
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: options.rawQuery ?? new URLSearchParams(query).toString(),
    headers: { host: 'api.test', ...(hasBody ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(hasBody ? { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) } : {}),
    isBase64Encoded: false,
    requestContext: {
      requestId: options.requestId ?? `request-${count}`,
      domainName: 'api.test',
      http: { method, path },
      ...(options.caller ? { authorizer: { lambda: options.caller } } : {}),
    },
  };
}

/** The text of an answer, unpacked where it was compressed. */
export function bodyText(response: HttpResponse): string {
  const bytes = Buffer.from(response.body, response.isBase64Encoded ? 'base64' : 'utf8');
  return (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** The answer's JSON. */
export function bodyJson<T = Record<string, unknown>>(response: HttpResponse): T {
  return JSON.parse(bodyText(response)) as T;
}
