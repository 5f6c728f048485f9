import { isPrivateLiteral } from './https-call.ts';

/** Names of this machine, as a url spells them. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** Names that no public name server answers for. */
const INNER_NAME = /(^|\.)(localhost|local|internal|home|lan)\.?$/;
const LONGEST_URL = 2_000;

/**
 * The address of a tenant's endpoint, as it may be called: https on the public internet, without credentials or fragment. Null for any other
 * text. What a name leads to is looked at with every call, since it can change. `allowLoopback`: also http to this machine, which the local
 * host alone allows.
 */
export function endpointAddress(text: string, { allowLoopback }: { readonly allowLoopback: boolean }): URL | null {
  if (text.length > LONGEST_URL || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') return null;
  if (allowLoopback && url.protocol === 'http:' && LOOPBACK.has(url.hostname)) return url;
  if (url.protocol !== 'https:' || INNER_NAME.test(url.hostname) || isPrivateLiteral(url.hostname)) return null;
  // A name with a single part is one of some inner network.
  return url.hostname.includes('.') || url.hostname.startsWith('[') ? url : null;
}
