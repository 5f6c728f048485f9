import { hashText } from '#kernel/hash.ts';
import { isTenantId } from './scope.ts';

/** The parts of a bearer token: whose it is, which record to look up, and the secret that must match that record's hash. */
export interface TokenParts {
  readonly tenantId: string;
  readonly tokenId: string;
  readonly secret: string;
}

const TOKEN_ID = /^[A-Za-z0-9]{4,32}$/;
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const SECRET_BYTES = 32;

/** Longest text that can be a token: longer headers are refused unread. */
export const MAX_TOKEN_LENGTH = 32 + 1 + 32 + 1 + 43;

/** A new bearer token `<tenant>.<tokenId>.<secret>`: shown once; only `hashSecret` of its secret is stored. `randomBytes` must be fit for secrets. */
export function makeToken(
  tenantId: string,
  tokenId: string,
  randomBytes: (count: number) => Uint8Array,
): { readonly token: string; readonly secretHash: string } {
  if (!isTenantId(tenantId) || !TOKEN_ID.test(tokenId)) throw new Error('a token needs a tenant id and a token id');
  const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url');
  return { token: `${tenantId}.${tokenId}.${secret}`, secretHash: hashSecret(secret) };
}

/** Reads a bearer token apart; null when the text cannot be one. Says nothing about whether it is valid. */
export function parseToken(text: string): TokenParts | null {
  if (text.length > MAX_TOKEN_LENGTH) return null;
  const [tenantId, tokenId, secret, rest] = text.split('.');
  if (rest !== undefined || tenantId === undefined || tokenId === undefined || secret === undefined) return null;
  if (!isTenantId(tenantId) || !TOKEN_ID.test(tokenId) || !SECRET.test(secret)) return null;
  return { tenantId, tokenId, secret };
}

/** What is stored of a secret. A plain SHA-256 suffices: the secret has 256 random bits, so there is nothing to guess. */
export function hashSecret(secret: string): string {
  return hashText(secret);
}
