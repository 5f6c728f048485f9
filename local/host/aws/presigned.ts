import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from './error.ts';

/** What a caller of the local host signs with. */
export type SigningKeys = { readonly secret: string; readonly sessionToken: string };

/** Whether a request carries its signature in its address. */
export function isPresigned(url: URL): boolean {
  return url.searchParams.has('X-Amz-Signature');
}

/**
 * Checks the signature, age and signed headers of a presigned request, as S3 does: whoever holds such a link is known by nothing else.
 * Answers the access key that signed it; throws in the words of S3 otherwise.
 */
export function verifyPresigned(
  request: IncomingMessage,
  url: URL,
  keysOf: (accessKeyId: string) => SigningKeys | undefined,
  nowMs: number,
): string {
  const parameter = (name: string) => url.searchParams.get(`X-Amz-${name}`) ?? '';
  const [accessKeyId = '', day = '', region = '', service = ''] = parameter('Credential').split('/');
  const keys = keysOf(accessKeyId);
  if (keys === undefined || parameter('Algorithm') !== 'AWS4-HMAC-SHA256')
    throw denied('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  if (parameter('Security-Token') !== keys.sessionToken)
    throw denied('InvalidToken', 'The provided token is malformed or otherwise invalid.');
  const signedAt = instantOf(parameter('Date'));
  const expires = Number(parameter('Expires'));
  if (!(nowMs <= signedAt + expires * 1_000)) throw denied('AccessDenied', 'Request has expired');

  const signedHeaders = parameter('SignedHeaders');
  const headers = signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`);
  const canonical = [
    request.method ?? '',
    url.pathname,
    canonicalQuery(url),
    headers.join(''),
    signedHeaders,
    parameter('Content-Sha256') || url.searchParams.get('x-amz-content-sha256') || 'UNSIGNED-PAYLOAD',
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', parameter('Date'), scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(mac, `AWS4${keys.secret}`);
  const wanted = mac(key, toSign).toString('hex');
  const given = parameter('Signature');
  if (given.length !== wanted.length || !timingSafeEqual(Buffer.from(given), Buffer.from(wanted)))
    throw denied('SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.');
  return accessKeyId;
}

function canonicalQuery(url: URL): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

/** `20261124T005500Z` in milliseconds; NaN for any other text, which no age check passes. */
function instantOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const denied = (code: string, message: string) => new AwsError(code, message, { status: 403 });
