import { parseJsonExact } from '#kernel/decimal.ts';
import { addSeconds, type Instant } from '#kernel/instant.ts';
import type { SourceErrorCode } from '#mirror/source-error.ts';
import type { OAuthManifest } from '#model/manifest.ts';
import type { Credentials, OAuthTokens } from '#model/oauth-tokens.ts';

/** What a token endpoint gave. */
export interface TokenReply {
  readonly tokens: OAuthTokens;
  /** Fields that the connector asked to keep. */
  readonly kept: Credentials;
}

/**
 * Reads the answer of a token endpoint. Where it brings no refresh token the one that was used stays (M-41). Throws a SyntaxError when
 * it holds no access token.
 */
export function readTokenReply(
  text: string,
  oauth: Pick<OAuthManifest, 'accessSeconds' | 'keep'>,
  now: Instant,
  usedRefreshToken: string | null,
): TokenReply {
  const answer = parseJsonExact(text);
  const accessToken = textOf(field(answer, 'access_token'));
  if (accessToken === null) throw new SyntaxError('the answer holds no access token');
  const life = lifeSeconds(field(answer, 'expires_in'), accessToken) ?? oauth.accessSeconds;
  const kept = Object.entries(oauth.keep ?? {}).flatMap(([name, from]) => {
    const value = textOf(field(answer, from));
    return value === null ? [] : [[name, value] as const];
  });
  return {
    tokens: {
      accessToken,
      refreshToken: textOf(field(answer, 'refresh_token')) ?? usedRefreshToken,
      renewAt: addSeconds(now, Math.floor((life * 4) / 5)),
      expiresAt: addSeconds(now, life),
    },
    kept: Object.fromEntries(kept),
  };
}

/** Errors of RFC 6749 that say something about us, not about what the person has approved. */
const OURS = new Set([
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_request',
  'invalid_scope',
  'redirect_uri_mismatch',
]);

/**
 * What a refusal of the token endpoint means: an authorization that holds no more, or a mistake of ours. Null for what is no refusal.
 * The source's own words go nowhere: they may hold a secret (fault 41).
 */
export function refusalOf(status: number, text: string): SourceErrorCode | null {
  if (status !== 400 && status !== 401 && status !== 403) return null;
  const code = textOf(field(readOrNull(text), 'error'));
  return code !== null && OURS.has(code) ? 'request_rejected' : 'reauth_required';
}

/** How long a token holds, from the answer, else from the token where that is a JWT; null where neither tells. */
function lifeSeconds(expiresIn: unknown, accessToken: string): number | null {
  const told = wholeSeconds(expiresIn);
  if (told !== null) return told;
  const claims = claimsOf(accessToken);
  const [until, from] = [wholeSeconds(field(claims, 'exp')), wholeSeconds(field(claims, 'iat'))];
  // Both ends come from one clock, so that a difference between the source's and ours does not matter.
  return until === null || from === null || until <= from ? null : until - from;
}

function claimsOf(token: string): unknown {
  const body = token.split('.')[1];
  return body === undefined ? null : readOrNull(Buffer.from(body, 'base64url').toString('utf8'));
}

function wholeSeconds(value: unknown): number | null {
  const digits = typeof value === 'number' || typeof value === 'string' ? /^(\d{1,10})(\.\d+)?$/.exec(String(value)) : null;
  return digits === null || Number(digits[1]) === 0 ? null : Number(digits[1]);
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : null;
}

/** Ids come as text or as numbers of any size; both read the same. */
function textOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return null;
  return String(value) === '' ? null : String(value);
}

function readOrNull(text: string): unknown {
  try {
    return parseJsonExact(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
