import { workerKey } from '#model/keys.ts';
import { idsOfPerson } from '#model/merged-people.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { WORKER_ROLES, workerState } from '#model/overrides.ts';
import type { Actor, ApiToken, Role } from '#model/people.ts';
import { isTenantId, scopeOf, type TenantScope } from '#model/scope.ts';
import { readApiToken } from '#store/people-repository.ts';
import { readContext } from '#store/settings-repository.ts';
import type { Table } from '#store/table.ts';
import type { HttpEvent } from './http.ts';
import { ApiProblem } from './problem.ts';

/** Who calls, with the proof of the tenant and what the token carries. */
export interface Principal {
  readonly scope: TenantScope;
  readonly actor: Actor;
  readonly token: ApiToken;
  /** Deactivated: nothing but their own statements (M-148). */
  readonly ownPayOnly: boolean;
}

/**
 * Turns the authorizer's word into a principal. The gateway caches that word for five minutes, so the token's record is read strongly
 * on every request: role, scope, revocation and restricted access act at once (M-144, M-149). So do the role and state that people gave
 * the worker behind it (E-2, E-3); an owner keeps theirs.
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
  const person = await readPerson(table, scope, token.workerId);
  const worker = await readWorker(table, scope, { ...token, workerId: person.workerId });
  const state = worker === null ? 'active' : workerState(worker);
  if (state === 'archived') throw unauthenticated();
  const ownPayOnly = state === 'deactivated';
  const role = ownPayOnly ? 'worker' : roleOf(token.role, worker);
  const actor: Actor = { kind: 'token', id: token.id, role, userId: token.userId, ...person, scope: token.scope };
  return { scope, actor, token, ownPayOnly };
}

/** Whom a token belongs to; nobody is asked about an owner. */
async function readWorker(
  table: Table,
  scope: TenantScope,
  { workerId, role }: ApiToken,
): Promise<MirrorRecord<'worker'> | null> {
  if (workerId === null || role === 'owner') return null;
  const item = await table.get(scope, workerKey(scope, workerId));
  return item === null ? null : decodeMirrorRecord<'worker'>(item);
}

/** The role given here, in place of one that it can stand for: nobody becomes or stops being an admin by it (M-48). */
function roleOf(granted: Role, worker: MirrorRecord<'worker'> | null): Role {
  const given = worker?.own.overrides.role ?? null;
  return given !== null && (WORKER_ROLES as readonly Role[]).includes(granted) ? given.value : granted;
}

/** Who a token's worker is by now: a login follows the person where two records were merged (M-149). */
async function readPerson(
  table: Table,
  scope: TenantScope,
  workerId: string | null,
): Promise<Pick<Actor, 'workerId' | 'formerWorkerIds'>> {
  const context = workerId === null ? null : await readContext(table, scope, { consistent: false });
  if (workerId === null || context === null) return { workerId, formerWorkerIds: [] };
  const [survivor, ...formerWorkerIds] = idsOfPerson(context, workerId);
  return { workerId: survivor!, formerWorkerIds };
}

function unauthenticated(): ApiProblem {
  return new ApiProblem('unauthenticated', { detail: 'The token is missing, unknown or revoked.' });
}
