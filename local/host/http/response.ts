import { isObject, listOf } from '../json.ts';

/** An answer on its way to the client. */
export type GatewayResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
};

/** An answer of the gateway itself: bare JSON with a message, which no function can shape. */
export function gatewayMessage(status: number, message: string): GatewayResponse {
  return { status, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(JSON.stringify({ message })) };
}

/**
 * Turns what a function returned (JSON text) into an answer: with a `statusCode` as payload format 2.0 says, without one
 * the whole value is the JSON body of a 200. Null for a value the gateway cannot use, which it answers with a 500.
 */
export function inferResponse(payload: string): GatewayResponse | null {
  const value: unknown = JSON.parse(payload);
  if (!isObject(value) || value.statusCode === undefined) {
    // A plain text is sent as it is, everything else as JSON.
    const body = typeof value === 'string' ? value : payload;
    return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(body) };
  }
  const status = Number(value.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return null;
  const { headers: given = {}, cookies: set, body = '', isBase64Encoded } = value;
  if (!isObject(given) || (typeof body !== 'string' && body !== null)) return null;
  const headers: Record<string, string> = {};
  for (const [name, header] of Object.entries(given)) {
    if (header !== null && typeof header !== 'object') headers[name.toLowerCase()] = String(header);
  }
  // The gateway counts the body itself.
  delete headers['content-length'];
  headers['content-type'] ??= 'text/plain; charset=utf-8';
  const bytes = Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  return { status, headers, cookies: listOf(set).map(String), body: bytes };
}
