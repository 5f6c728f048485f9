import { gzipSync } from 'node:zlib';
import { hashText } from '#kernel/hash.ts';
import type { HttpEvent, HttpResponse } from './http.ts';
import { problemDocument } from './problem.ts';
import type { ApiAnswer } from './route.ts';

/** Smaller bodies gain nothing from compression. */
const GZIP_ABOVE_BYTES = 1_024;
const TAG_LENGTH = 16;

/** Bodies differ by these: what is compressed, and whose data it is. */
const VARY = 'Accept-Encoding, Authorization, Tenant-Id, View-As';

/** For whatever browser or proxy an answer ends up in: it is data, of the type that it says, over HTTPS, and nothing to be run or framed. */
const SECURITY: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

type Incoming = Pick<HttpEvent, 'headers' | 'requestContext'>;

/** A handler's answer as an HTTP response: ETag, 304, gzip, request id. HEAD gets everything but the body. */
export function renderAnswer(event: Incoming, answer: ApiAnswer, defaultStatus: number): HttpResponse {
  const status = answer.status ?? defaultStatus;
  const method = event.requestContext.http.method;
  const text = status === 204 ? '' : answer.mediaType === undefined ? JSON.stringify(answer.body) : String(answer.body);
  const reads = method === 'GET' || method === 'HEAD';
  const headers: Record<string, string> = {
    ...SECURITY,
    'x-request-id': event.requestContext.requestId,
    // What was read may be kept and asked about again; what a command answered is told once.
    'cache-control': reads ? 'private, no-cache' : 'no-store',
    ...answer.headers,
  };
  const packed = isPacked(event, text);
  if (status < 300 && (reads || answer.revision !== undefined)) {
    const tag = tagOf(text, answer.revision);
    headers.etag = packed ? packedTag(tag) : tag;
    headers.vary = VARY;
    if (reads && matches(event.headers['if-none-match'], tag))
      return { statusCode: 304, headers, body: '', isBase64Encoded: false };
  }
  if (text === '') return { statusCode: status, headers, body: '', isBase64Encoded: false };
  headers['content-type'] = answer.mediaType ?? 'application/json';
  return withBody(event, status, headers, text, packed);
}

/** Whatever was thrown as `application/problem+json`: the only place that makes an error's body. */
export function renderProblem(event: Incoming & Pick<HttpEvent, 'rawPath'>, error: unknown): HttpResponse {
  const { requestId } = event.requestContext;
  const { document, headers } = problemDocument(error, { requestId, path: event.rawPath });
  const text = JSON.stringify(document);
  return withBody(
    event,
    document.status,
    {
      ...SECURITY,
      'x-request-id': requestId,
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
      ...headers,
    },
    text,
    isPacked(event, text),
  );
}

/** Strong tag of content and, where the resource takes If-Match, its revision: `"r<revision>.<digest>"`. Never of the token. */
function tagOf(text: string, revision: number | undefined): string {
  const digest = hashText(text).slice(0, TAG_LENGTH);
  return revision === undefined ? `"${digest}"` : `"r${revision}.${digest}"`;
}

/** The same content in other bytes is another representation, so its strong tag is another one (RFC 9110, 8.8.3.3). */
const PACKED = '-gzip"';
const packedTag = (tag: string): string => `${tag.slice(0, -1)}${PACKED}`;

/** Weak comparison, as RFC 9110 asks for in If-None-Match, by content: whoever has it in either form needs no other. */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '').replace(PACKED, '"') === tag);
}

/** Whether a body is sent compressed: from 1 KB up, to whoever takes it. */
function isPacked({ headers }: Incoming, text: string): boolean {
  return text.length > GZIP_ABOVE_BYTES && acceptsGzip(headers['accept-encoding']);
}

function withBody(
  event: Incoming,
  statusCode: number,
  headers: Record<string, string>,
  text: string,
  packed: boolean,
): HttpResponse {
  const sent = packed ? { ...headers, 'content-encoding': 'gzip', vary: VARY } : headers;
  if (event.requestContext.http.method === 'HEAD') return { statusCode, headers: sent, body: '', isBase64Encoded: false };
  const body = packed ? gzipSync(text).toString('base64') : text;
  return { statusCode, headers: sent, body, isBase64Encoded: packed };
}

function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined) return false;
  return header.split(',').some((part) => {
    const [coding, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    return (coding === 'gzip' || coding === '*') && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
