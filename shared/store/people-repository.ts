import { apiTokenKey, peoplePartition } from '#model/keys.ts';
import type { ApiToken } from '#model/people.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Item, Table, WriteAction } from './table.ts';

const TOKEN_VERSION = 1;

/** One API token, read strongly: role, scope and revocation act on the next request (M-144). */
export async function readApiToken(table: Table, scope: TenantScope, tokenId: string): Promise<ApiToken | null> {
  const item = await table.get(scope, apiTokenKey(scope, tokenId));
  return item === null ? null : decodeApiToken(item);
}

/** All API tokens of the tenant, revoked ones too, oldest first. */
export async function listApiTokens(table: Table, scope: TenantScope): Promise<readonly ApiToken[]> {
  const items = await table.queryAll(scope, { partition: peoplePartition(scope), prefix: 'K#' });
  return items.map(decodeApiToken);
}

/** Stores a new token; refused when its id is taken. */
export function createApiTokenAction(scope: TenantScope, token: ApiToken): WriteAction {
  return {
    kind: 'put',
    item: { ...apiTokenKey(scope, token.id), et: 'tk', v: TOKEN_VERSION, ...token },
    condition: { expression: 'attribute_not_exists(pk)' },
  };
}

/** Revokes a token that is not revoked yet. */
export function revokeApiTokenAction(scope: TenantScope, tokenId: string, revokedAt: string): WriteAction {
  return {
    kind: 'update',
    key: apiTokenKey(scope, tokenId),
    update: { expression: 'SET #r = :at', names: { '#r': 'revokedAt' }, values: { ':at': revokedAt } },
    condition: {
      expression: 'attribute_exists(pk) AND (attribute_not_exists(#r) OR #r = :none)',
      names: { '#r': 'revokedAt' },
      values: { ':none': null },
    },
  };
}

/** Makes a token with the owner's rights one of an admin, whose owner passed the account on (M-142). */
export function lowerOwnerTokenAction(scope: TenantScope, tokenId: string): WriteAction {
  return {
    kind: 'update',
    key: apiTokenKey(scope, tokenId),
    update: { expression: 'SET #r = :admin', names: { '#r': 'role' }, values: { ':admin': 'admin' } },
    condition: { expression: 'attribute_exists(pk)' },
  };
}

/** Lets a worker's token in or keeps it out; its other rights stay as they are. */
export function restrictApiTokenAction(scope: TenantScope, tokenId: string, restricted: boolean): WriteAction {
  return {
    kind: 'update',
    key: apiTokenKey(scope, tokenId),
    update: { expression: 'SET #r = :restricted', names: { '#r': 'restricted' }, values: { ':restricted': restricted } },
    condition: { expression: 'attribute_exists(pk)' },
  };
}

/** Reads a stored token back. */
export function decodeApiToken(item: Item): ApiToken {
  const stored = item as unknown as ApiToken;
  return {
    id: stored.id,
    name: stored.name,
    secretHash: stored.secretHash,
    role: stored.role,
    workerId: stored.workerId ?? null,
    userId: stored.userId ?? null,
    scope: stored.scope,
    createdAt: stored.createdAt,
    createdBy: stored.createdBy,
    revokedAt: stored.revokedAt ?? null,
    restricted: stored.restricted ?? false,
    cursorKey: stored.cursorKey,
  };
}
