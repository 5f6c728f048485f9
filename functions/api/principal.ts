import type { Actor, ApiToken } from '#model/people.ts';
import { isTenantId, scopeOf, type TenantScope } from '#model/scope.ts';
import { readApiToken } from '#store/people-repository.ts';
import type { Table } from '#store/table.ts';
import type { HttpEvent } from './http.ts';
import { ApiProblem } from './problem.ts';

/** Who calls, with the proof of the tenant and what the token carries. */
export interface Principal {
  readonly scope: TenantScope;
  readonly actor: Actor;
  readonly token: ApiToken;
}

/**
 * Turns the authorizer's word into a principal. The gateway caches that word for five minutes, so the token's record is read strongly
 * on every request: role, scope, revocation and restricted access act at once (M-144, M-149).
 */
export async function readPrincipal(table: Table, event: HttpEvent): Promise<Principal> {
  const { tenantId, tokenId } = event.requestContext.authorizer?.lambda ?? {};
  if (tenantId === undefined || tokenId === undefined || !isTenantId(tenantId)) throw unauthenticated();
  const asked = event.headers['tenant-id'];
  if (asked !== undefined && asked !== tenantId)
    throw new ApiProblem('forbidden', { detail: 'You are not a member of the tenant that Tenant-Id names.' });
  const scope = scopeOf(tenantId);
  const token = await readApiToken(table, scope, tokenId);
  if (token === null || token.revokedAt !== null || token.restricted) throw unauthenticated();
  const actor: Actor = { kind: 'token', id: token.id, role: token.role, workerId: token.workerId, scope: token.scope };
  return { scope, actor, token };
}

function unauthenticated(): ApiProblem {
  return new ApiProblem('unauthenticated', { detail: 'The token is missing, unknown or revoked.' });
}
