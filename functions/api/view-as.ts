import type { Instant } from '#kernel/instant.ts';
import { userKey } from '#model/keys.ts';
import { roleOfMember } from '#model/member.ts';
import { auditAction } from '#store/ledger.ts';
import { readMember } from '#store/member-repository.ts';
import type { Table } from '#store/table.ts';
import type { HttpEvent } from './http.ts';
import type { Principal } from './principal.ts';
import { ApiProblem, notFound } from './problem.ts';
import { readStanding } from './standing.ts';

interface Ports {
  readonly table: Table;
  now(): Instant;
  ulid(): string;
}

/**
 * Whoever `View-As` names, in place of the owner or admin who asks to see what that user sees (M-145): to read alone, and each time with an
 * entry in the audit log, which names who really asked. Without the header, the caller.
 */
export async function viewedAs({ table, now, ulid }: Ports, event: HttpEvent, principal: Principal): Promise<Principal> {
  const userId = event.headers['view-as'];
  if (userId === undefined) return principal;
  const { scope, actor, cursorKey } = principal;
  const { method } = event.requestContext.http;
  if (actor.role !== 'owner' && actor.role !== 'admin')
    throw new ApiProblem('forbidden', { detail: 'Only an owner or admin sees what another user sees.' });
  if (method !== 'GET' && method !== 'HEAD')
    throw new ApiProblem('forbidden', { detail: 'What another user sees is read alone: nothing is changed in their name.' });
  const sub = /^[\w-]{1,64}$/.test(userId) ? (await table.get(scope, userKey(scope, userId)))?.sub : undefined;
  const member = typeof sub === 'string' ? await readMember(table, scope, sub) : null;
  if (member === null || member.userId !== userId || member.revokedAt !== null) throw notFound();
  const { state, restricted: _signIn, ...standing } = await readStanding(table, scope, { ...member, role: roleOfMember(member) });
  const isOut = (wanted: string) => state === wanted || member.state === wanted;
  if (isOut('archived')) throw notFound();
  const at = now();
  const entry = { id: ulid(), at, actor: { kind: actor.kind, id: actor.id }, onBehalfOf: userId };
  const about = { action: 'user.viewed', entity: 'user', entityId: userId, before: null, after: { method, path: event.rawPath } };
  const { requestId } = event.requestContext;
  await table.write(scope, [auditAction(scope, { ...entry, ...about, reason: null, requestId, source: 'API' })]);
  const ownPayOnly = isOut('deactivated') && !member.owner;
  const role = ownPayOnly ? 'worker' : standing.role;
  return { scope, cursorKey, ownPayOnly, actor: { ...actor, userId, ...standing, role } };
}
