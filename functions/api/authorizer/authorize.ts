import { timingSafeEqual } from 'node:crypto';
import { hashSecret, parseToken } from '#model/api-token.ts';
import { scopeOf } from '#model/scope.ts';
import { readApiToken } from '#store/people-repository.ts';
import type { Table } from '#store/table.ts';
import type { PersonContext, TokenContext } from '../http.ts';
import { type AccessTokenReader, MAX_ACCESS_TOKEN_LENGTH } from './access-token.ts';

/** A Lambda authorizer event of the HTTP API, payload format 2.0; header names are in lower case. */
export interface AuthorizerEvent {
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** The simple response: the context reaches the function as `requestContext.authorizer.lambda`. */
export type AuthorizerAnswer =
  | { readonly isAuthorized: true; readonly context: TokenContext | PersonContext }
  | { readonly isAuthorized: false };

export interface AuthorizerPorts {
  readonly table: Table;
  readonly readAccessToken: AccessTokenReader;
}

const SCHEME = /^Bearer +(\S+) *$/i;
const DENIED: AuthorizerAnswer = { isAuthorized: false };
/** Every JWT begins so: `{"` in base64. No API token does, since tenant ids have no capitals. */
const JWT = /^eyJ/;

/**
 * Says who a bearer token belongs to, an API token or the access token of a person who signed in, and nothing of what they may do: role and
 * scope are read on every request, while the gateway keeps this answer for five minutes. A store or an issuer that cannot be read is an
 * error, never a refusal.
 */
export async function authorize(ports: AuthorizerPorts, event: AuthorizerEvent): Promise<AuthorizerAnswer> {
  const header = event.headers?.authorization ?? '';
  if (header.length > MAX_ACCESS_TOKEN_LENGTH) return DENIED;
  const text = SCHEME.exec(header)?.[1] ?? '';
  if (!JWT.test(text)) return authorizeToken(ports.table, text);
  const person = await ports.readAccessToken(text);
  return person === null ? DENIED : { isAuthorized: true, context: person };
}

async function authorizeToken(table: Table, text: string): Promise<AuthorizerAnswer> {
  const token = parseToken(text);
  if (token === null) return DENIED;
  const { tenantId, tokenId } = token;
  const record = await readApiToken(table, scopeOf(tenantId), tokenId);
  // An unknown token is compared as well, so that both refusals take the same time.
  const same = equalHashes(hashSecret(token.secret), record?.secretHash ?? hashSecret(''));
  return same && record !== null && record.revokedAt === null ? { isAuthorized: true, context: { tenantId, tokenId } } : DENIED;
}

function equalHashes(given: string, stored: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(stored)];
  return a.length === b.length && timingSafeEqual(a, b);
}
