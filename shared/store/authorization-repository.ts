import { type Instant, msOf } from '#kernel/instant.ts';
import { authorizationKey } from '#model/keys.ts';
import type { Actor } from '#model/people.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Table, WriteAction } from './table.ts';

/** An approval that somebody was sent to the source for. It is used once, within its time, and by nobody else's state. */
export interface Authorization {
  /** Hash of the secret in the `state`, which itself is kept nowhere. */
  readonly secretHash: string;
  /** What the exchange of the code will need, sealed. */
  readonly sealed: string;
  readonly by: Pick<Actor, 'kind' | 'id'>;
  readonly expiresAt: Instant;
}

/** The approval that a connection waits for; null when it waits for none. */
export async function readAuthorization(table: Table, scope: TenantScope, n: number): Promise<Authorization | null> {
  const item = await table.get(scope, authorizationKey(scope, n));
  return item === null ? null : (item.authorization as Authorization);
}

/** Waits for this approval, and no longer for an earlier one. */
export function saveAuthorizationAction(scope: TenantScope, n: number, authorization: Authorization): WriteAction {
  const expiresAt = Math.ceil(msOf(authorization.expiresAt) / 1000);
  return { kind: 'put', item: { ...authorizationKey(scope, n), et: 'oa', v: 1, authorization, expiresAt } };
}

/** Uses the approval up; loses to whoever has used or replaced it since it was read. */
export function useAuthorizationAction(scope: TenantScope, n: number, { secretHash }: Authorization): WriteAction {
  return {
    kind: 'delete',
    key: authorizationKey(scope, n),
    // A reserved word of the expression language.
    condition: {
      expression: '#authorization.secretHash = :hash',
      names: { '#authorization': 'authorization' },
      values: { ':hash': secretHash },
    },
  };
}

/** Waits for no approval any more. */
export function dropAuthorizationAction(scope: TenantScope, n: number): WriteAction {
  return { kind: 'delete', key: authorizationKey(scope, n) };
}
