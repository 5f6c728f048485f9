import { timingSafeEqual } from 'node:crypto';
import { hashSecret, MAX_TOKEN_LENGTH, parseToken } from '#model/api-token.ts';
import { scopeOf } from '#model/scope.ts';
import { systemPorts } from '#platform/ports.ts';
import { readApiToken } from '#store/people-repository.ts';
import type { Table } from '#store/table.ts';
import { openTableOf } from '../ports.ts';

/** A Lambda authorizer event of the HTTP API, payload format 2.0; header names are in lower case. */
export interface AuthorizerEvent {
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** The simple response: the context reaches the function as `requestContext.authorizer.lambda`. */
export type AuthorizerAnswer =
  | { readonly isAuthorized: true; readonly context: { readonly tenantId: string; readonly tokenId: string } }
  | { readonly isAuthorized: false };

const SCHEME = /^Bearer +(\S+) *$/i;
const DENIED: AuthorizerAnswer = { isAuthorized: false };

/**
 * Says who a bearer token belongs to, and nothing of what it may do: role and scope are read on every request, while the gateway keeps
 * this answer for five minutes. A store that cannot be read is an error, never a refusal.
 */
export async function authorize(table: Table, event: AuthorizerEvent): Promise<AuthorizerAnswer> {
  const header = event.headers?.authorization ?? '';
  if (header.length > MAX_TOKEN_LENGTH + 16) return DENIED;
  const token = parseToken(SCHEME.exec(header)?.[1] ?? '');
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

const table = openTableOf(process.env, systemPorts());

/** Lambda entry of the authorizer. */
export const handler = (event: AuthorizerEvent): Promise<AuthorizerAnswer> => authorize(table, event);
