import { gzipSync } from 'node:zlib';
import { hashText } from '#kernel/hash.ts';
import type { HttpEvent, HttpResponse } from './http.ts';
import { problemDocument } from './problem.ts';
import type { ApiAnswer } from './route.ts';

/** Smaller bodies gain nothing from compression. */
const GZIP_ABOVE_BYTES = 1_024;
const TAG_LENGTH = 16;

type Incoming = Pick<HttpEvent, 'headers' | 'requestContext'>;

/** A handler's answer as an HTTP response: ETag, 304, gzip, request id. HEAD gets everything but the body. */
export function renderAnswer(event: Incoming, answer: ApiAnswer, defaultStatus: number): HttpResponse {
  const status = answer.status ?? defaultStatus;
  const method = event.requestContext.http.method;
  const text = status === 204 ? '' : answer.mediaType === undefined ? JSON.stringify(answer.body) : String(answer.body);
  const headers: Record<string, string> = {
    'x-request-id': event.requestContext.requestId,
    'cache-control': 'private, no-cache',
    ...answer.headers,
  };
  const reads = method === 'GET' || method === 'HEAD';
  if (status < 300 && (reads || answer.revision !== undefined)) {
    const tag = tagOf(text, answer.revision);
    headers.etag = tag;
    headers.vary = 'Accept-Encoding, Authorization';
    if (reads && matches(event.headers['if-none-match'], tag))
      return { statusCode: 304, headers, body: '', isBase64Encoded: false };
  }
  if (text === '') return { statusCode: status, headers, body: '', isBase64Encoded: false };
  headers['content-type'] = answer.mediaType ?? 'application/json';
  return withBody(event, status, headers, text);
}

/** Whatever was thrown as `application/problem+json`: the only place that makes an error's body. */
export function renderProblem(event: Incoming & Pick<HttpEvent, 'rawPath'>, error: unknown): HttpResponse {
  const { requestId } = event.requestContext;
  const { document, headers } = problemDocument(error, { requestId, path: event.rawPath });
  return withBody(
    event,
    document.status,
    { 'x-request-id': requestId, 'cache-control': 'no-store', 'content-type': 'application/problem+json', ...headers },
    JSON.stringify(document),
  );
}

/** Strong tag of content and, where the resource takes If-Match, its revision: `"r<revision>.<digest>"`. Never of the token. */
function tagOf(text: string, revision: number | undefined): string {
  const digest = hashText(text).slice(0, TAG_LENGTH);
  return revision === undefined ? `"${digest}"` : `"r${revision}.${digest}"`;
}

/** Weak comparison, as RFC 9110 asks for in If-None-Match. */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}

function withBody(event: Incoming, statusCode: number, headers: Record<string, string>, text: string): HttpResponse {
  if (event.requestContext.http.method === 'HEAD') return { statusCode, headers, body: '', isBase64Encoded: false };
  if (text.length <= GZIP_ABOVE_BYTES || !acceptsGzip(event.headers['accept-encoding']))
    return { statusCode, headers, body: text, isBase64Encoded: false };
  return {
    statusCode,
    headers: { ...headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding, Authorization' },
    body: gzipSync(text).toString('base64'),
    isBase64Encoded: true,
  };
}

function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined) return false;
  return header.split(',').some((part) => {
    const [coding, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    return (coding === 'gzip' || coding === '*') && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
