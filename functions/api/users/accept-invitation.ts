import { timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import type { Instant } from '#kernel/instant.ts';
import { hashSecret, MAX_TOKEN_LENGTH, parseToken } from '#model/api-token.ts';
import type { Member } from '#model/member.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import { type User, userState } from '#model/user.ts';
import { auditAction } from '#store/ledger.ts';
import { createMemberAction, readMember } from '#store/member-repository.ts';
import { readUser, saveUserAction } from '#store/user-repository.ts';
import { SIGNED_IN } from '../access.ts';
import { withRetries } from '../commit.ts';
import { idText } from '../edge.ts';
import type { PersonContext } from '../http.ts';
import type { ApiPorts } from '../ports.ts';
import { ApiProblem, notFound } from '../problem.ts';
import { defineUserRoute } from './ports.ts';
import { auditedUser } from './shapes.ts';

type SignedIn = Pick<PersonContext, 'subject' | 'verifiedEmail' | 'signedInAt'>;

/** What an accepted invitation gives. */
const accepted = z.strictObject({ tenantId: z.string(), userId: idText });
type Accepted = z.infer<typeof accepted>;

/** For whoever signed in, member or not: the secret of the message tells what they were invited to. */
export const acceptInvitationRoute = defineUserRoute({
  method: 'POST',
  path: '/v1/invitations/accept',
  group: 'users',
  summary: 'Accept an invitation, signed in with the e-mail that it was sent to',
  access: SIGNED_IN,
  body: z.strictObject({ invitation: z.string().check(z.minLength(1), z.maxLength(MAX_TOKEN_LENGTH)) }),
  bodyExample: { invitation: 'acme1.01JPUSER0000000000000000AN.…' },
  answer: {
    status: 200,
    description: 'The tenant, to be named in Tenant-Id, and the user',
    schema: accepted,
    example: { tenantId: 'acme1', userId: '01JPUSER0000000000000000AN' },
  },
  handler: async ({ ports, person, body, requestId }) => {
    const given = await acceptInvitation(ports, person!, body.invitation, requestId);
    // The membership is there; should this fail, accepting again repeats it, and Tenant-Id does without it.
    await ports.pool.list(person!.subject, given.tenantId);
    return { body: given };
  },
});

/**
 * Makes the person who signed in a member of the tenant that invited them (M-147): with the secret of the message that was sent last, and
 * the e-mail that it was sent to. Whoever lacks the secret is told of nothing. Accepting twice is accepting once.
 */
export async function acceptInvitation(
  { table, now, ulid }: Pick<ApiPorts, 'table' | 'now' | 'ulid'>,
  person: SignedIn,
  invitation: string,
  requestId: string,
): Promise<Accepted> {
  const parts = parseToken(invitation);
  if (parts === null) throw notFound();
  const scope = scopeOf(parts.tenantId);
  return withRetries(async () => {
    const user = await readUser(table, scope, parts.tokenId);
    if (user === null || !isSecretOf(user, parts.secret)) throw notFound();
    const given = { tenantId: scope.tenantId, userId: user.id };
    if (user.sub === person.subject) return given;
    requireOpen(user, person, now());
    const at = now();
    const member = memberOf(user, person, at);
    const next: User = { ...user, sub: person.subject, invitation: { ...user.invitation, state: 'accepted' } };
    const outcome = await table.write(scope, [
      createMemberAction(scope, member),
      saveUserAction(scope, next),
      auditAction(scope, {
        id: ulid(),
        at,
        actor: { kind: 'user', id: user.id },
        action: 'invitation.accepted',
        entity: 'user',
        entityId: user.id,
        before: auditedUser({ user, member: null, worker: null }),
        after: auditedUser({ user: next, member, worker: null }),
        reason: null,
        requestId,
        source: 'API',
      }),
    ]);
    if (outcome.applied) return given;
    await requireNoOtherLogin(table, scope, user, person);
    return null;
  });
}

function requireOpen(user: User, { verifiedEmail }: SignedIn, now: Instant): void {
  const state = userState({ user, member: null, worker: null }, now);
  if (state !== 'pending') throw new ApiProblem('invitation-over', { detail: `This invitation is ${state}.` });
  if (verifiedEmail.toLowerCase() !== user.email)
    throw new ApiProblem('forbidden', { detail: 'The invitation was sent to another e-mail than the one you signed in with.' });
}

function memberOf(user: User, { subject, signedInAt }: SignedIn, at: Instant): Member {
  return {
    sub: subject,
    userId: user.id,
    role: user.role,
    owner: false,
    scope: user.scope,
    workerId: user.workerId,
    state: 'active',
    roleAt: at,
    createdAt: at,
    lastSignInAt: signedInAt,
    sessionsEndedAt: null,
    revokedAt: null,
    cursorKey: user.cursorKey,
    revision: 1,
  };
}

/** A person has one login in a tenant, until it is removed. */
async function requireNoOtherLogin(
  table: ApiPorts['table'],
  scope: TenantScope,
  user: User,
  { subject }: SignedIn,
): Promise<void> {
  const other = await readMember(table, scope, subject);
  if (other !== null && other.revokedAt === null && other.userId !== user.id)
    throw new ApiProblem('already-member', { detail: 'You are a member of this organisation already.' });
}

function isSecretOf({ invitation }: User, secret: string): boolean {
  const [given, stored] = [Buffer.from(hashSecret(secret)), Buffer.from(invitation.secretHash ?? '')];
  return given.length === stored.length && timingSafeEqual(given, stored);
}
