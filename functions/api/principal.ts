import type { Instant } from '#kernel/instant.ts';
import { admits } from '#model/member.ts';
import type { Actor } from '#model/people.ts';
import { isTenantId, scopeOf, type TenantScope } from '#model/scope.ts';
import { noteSignInAction, readMember } from '#store/member-repository.ts';
import { readApiToken } from '#store/people-repository.ts';
import type { Table } from '#store/table.ts';
import type { AuthorizerContext, HttpEvent, PersonContext, TokenContext } from './http.ts';
import { actorOfMember } from './member-actor.ts';
import { ApiProblem, invalidParameter } from './problem.ts';
import { readStanding } from './standing.ts';

/** Who calls, with the proof of the tenant. */
export interface Principal {
  readonly scope: TenantScope;
  readonly actor: Actor;
  /** The tenant's key for list cursors. */
  readonly cursorKey: string;
  /** Deactivated: nothing but their own statements (M-148). */
  readonly ownPayOnly: boolean;
}

/** Who stands behind a request: a member or a token of a tenant, or a person alone, as the route asks. */
export interface Caller {
  readonly principal: Principal | null;
  readonly person: PersonContext | null;
}

/** Whoever calls a public route. */
export const NOBODY: Caller = { principal: null, person: null };

/**
 * Turns the authorizer's word into a principal. The gateway caches that word for five minutes, so the record of the token or the membership
 * of the person is read strongly on every request: role, scope, revocation, archiving and restricted access act at once (M-144, M-149).
 */
export function readPrincipal(table: Table, event: HttpEvent, now: Instant): Promise<Principal> {
  const caller = callerOf(event);
  const asked = event.headers['tenant-id'];
  if (isPerson(caller)) return readMembership(table, readPerson(event, now), asked);
  const { tenantId, tokenId } = caller;
  if (tenantId === undefined || tokenId === undefined || !isTenantId(tenantId)) throw unauthenticated();
  return readToken(table, { tenantId, tokenId }, asked);
}

/** Who signed in, whatever they are a member of. Refuses everybody else. */
export function readPerson(event: HttpEvent, now: Instant): PersonContext {
  const caller = callerOf(event);
  if (!isPerson(caller)) throw unauthenticated('This asks for a person who signed in; an API token will not do.');
  if (caller.expiresAt <= now) throw unauthenticated('The token has expired.');
  return caller;
}

async function readToken(table: Table, { tenantId, tokenId }: TokenContext, asked: string | undefined): Promise<Principal> {
  if (asked !== undefined && asked !== tenantId) throw noMember();
  const scope = scopeOf(tenantId);
  const token = await readApiToken(table, scope, tokenId);
  if (token === null || token.revokedAt !== null || token.restricted) throw unauthenticated();
  const { state, restricted: _inToken, ...standing } = await readStanding(table, scope, { ...token, roleAt: null });
  if (state === 'archived') throw unauthenticated();
  const actor: Actor = { kind: 'token', id: token.id, userId: token.userId, ...standing };
  return { scope, actor, cursorKey: token.cursorKey, ownPayOnly: state === 'deactivated' };
}

/** Everything that keeps a person out of a tenant is told in the same words: they say nothing of who else is there. */
async function readMembership(table: Table, person: PersonContext, asked: string | undefined): Promise<Principal> {
  const { subject, signedInAt } = person;
  const scope = scopeOf(tenantOf(person, asked));
  const member = await readMember(table, scope, subject);
  const found = member === null ? null : await actorOfMember(table, scope, member);
  if (member === null || found === null) throw noMember();
  if (!admits(member, signedInAt)) throw unauthenticated('This session was ended: sign in again.');
  if (member.lastSignInAt === null || member.lastSignInAt < signedInAt)
    await table.write(scope, [noteSignInAction(scope, subject, signedInAt)]);
  return { scope, cursorKey: member.cursorKey, ...found };
}

/** The tenant that is asked for; who belongs to one alone need not name it. The list only chooses: what counts is the membership. */
function tenantOf({ tenantIds }: PersonContext, asked: string | undefined): string {
  const listed = tenantIds.split(' ').filter(isTenantId);
  if (asked === undefined && listed.length > 1)
    throw invalidParameter('Tenant-Id', 'Name the tenant that you mean: you belong to several.');
  const tenantId = asked ?? listed[0];
  if (tenantId === undefined || !isTenantId(tenantId)) throw noMember();
  return tenantId;
}

function callerOf(event: HttpEvent): AuthorizerContext {
  return event.requestContext.authorizer?.lambda ?? {};
}

function isPerson(caller: AuthorizerContext): caller is PersonContext {
  return caller.subject !== undefined;
}

function noMember(): ApiProblem {
  return new ApiProblem('forbidden', {
    detail: 'You are not a member of the tenant that is asked for; Tenant-Id names another one.',
  });
}

function unauthenticated(detail = 'The token is missing, unknown or revoked.'): ApiProblem {
  return new ApiProblem('unauthenticated', { detail });
}
