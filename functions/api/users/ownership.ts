import * as z from 'zod/mini';
import type { Member } from '#model/member.ts';
import type { OwnerRef, Ownership } from '#model/ownership.ts';
import { type UserRecords, userState } from '#model/user.ts';
import { readMember, saveMemberAction } from '#store/member-repository.ts';
import { listApiTokens, lowerOwnerTokenAction } from '#store/people-repository.ts';
import { readOwnership, saveOwnershipAction } from '#store/user-repository.ts';
import { allow } from '../access.ts';
import { commitFresh } from '../commit.ts';
import { ApiProblem } from '../problem.ts';
import { type ApiRequest, defineRoute } from '../route.ts';
import { requireUser } from './reach.ts';
import { revisionOf, userExample, userShape, userView } from './shapes.ts';

/** Transfer ownership (M-145). */
const OWN_ACCOUNT = allow('A', '-', '-', '-', '-', '-');
/** An offer is accepted by the admin to whom it was made (M-142). */
const ACCEPT_ACCOUNT = allow('-', 'O', '-', '-', '-', '-');

type Request = ApiRequest<'/v1/users/{id}'>;
const answer = { status: 200, description: 'The user', schema: userShape, example: userExample };

/** The owner offers the account to an admin; nothing changes before that one accepts, and a later offer replaces it. */
export const offerOwnership = defineRoute({
  method: 'POST',
  path: '/v1/users/{id}/transfer-ownership',
  group: 'users',
  summary: 'Offer the ownership of the account to an admin',
  access: OWN_ACCOUNT,
  idempotency: 'accepted',
  answer,
  handler: (request) =>
    change(request, async (records, ownership) => {
      const to = requireAdmin(records, request.ports.now());
      if (to.userId === ownership.owner.userId) throw wrong('This user owns the account already.');
      return { next: { ...ownership, offer: { ...to, at: request.ports.now() } }, action: 'ownership.offered', records };
    }),
});

export const withdrawOffer = defineRoute({
  method: 'DELETE',
  path: '/v1/users/{id}/transfer-ownership',
  group: 'users',
  summary: 'Take back the offer of the account',
  access: OWN_ACCOUNT,
  answer: { status: 204, description: 'It is not offered to this user', schema: z.undefined() },
  handler: async (request) => {
    await change(request, async (records, ownership) => {
      const isOffered = ownership.offer?.userId === records.user.id;
      return { next: isOffered ? { ...ownership, offer: null } : null, action: 'ownership.withdrawn', records };
    });
    return { body: undefined };
  },
});

/**
 * An admin accepts the account that is offered to them: in one transaction they become its owner, and who was it an admin. Tokens with the
 * owner's rights are the former owner's, and become an admin's with them.
 */
export const acceptOwnership = defineRoute({
  method: 'POST',
  path: '/v1/users/{id}/accept-ownership',
  group: 'users',
  summary: 'Accept the ownership of the account',
  access: ACCEPT_ACCOUNT,
  idempotency: 'accepted',
  answer,
  handler: (request) =>
    change(request, async (records, ownership) => {
      const { ports, scope, actor } = request;
      if (actor.userId !== records.user.id)
        throw new ApiProblem('forbidden', { detail: 'Only the admin to whom the account is offered accepts it.' });
      if (ownership.offer?.userId !== records.user.id) throw wrong('The account is not offered to you.');
      const owner = requireAdmin(records, ports.now());
      const [former, tokens] = await Promise.all([
        readMember(ports.table, scope, ownership.owner.sub),
        listApiTokens(ports.table, scope),
      ]);
      const next = { ...records.member!, owner: true, roleAt: ports.now() };
      return {
        next: { ...ownership, owner, offer: null },
        action: 'ownership.transferred',
        records: { ...records, member: { ...next, revision: next.revision + 1 } },
        actions: [
          saveMemberAction(scope, next),
          ...(former === null ? [] : [saveMemberAction(scope, { ...former, owner: false, role: 'admin', roleAt: ports.now() })]),
          ...tokens
            .filter((token) => token.role === 'owner' && token.revokedAt === null)
            .map(({ id }) => lowerOwnerTokenAction(scope, id)),
        ],
      };
    }),
});

interface Step {
  /** Null: nothing changes. */
  readonly next: Ownership | null;
  readonly action: string;
  readonly records: UserRecords;
  readonly actions?: Parameters<ApiRequest['command']['commit']>[0]['actions'];
}

/** One step of the ownership, on what it is now: of concurrent ones each sees the other. */
function change(request: Request, decide: (records: UserRecords, ownership: Ownership) => Promise<Step>) {
  const { ports, scope, command, params } = request;
  return commitFresh(command, async () => {
    const records = await requireUser(request, params.id);
    const ownership = await readOwnership(ports.table, scope);
    if (ownership === null) throw wrong('No user owns this account yet.');
    const step = await decide(records, ownership);
    const after = step.next ?? ownership;
    return {
      actions: step.next === null ? [] : [saveOwnershipAction(scope, step.next), ...(step.actions ?? [])],
      audit:
        step.next === null
          ? []
          : { action: step.action, entity: 'user', entityId: params.id, before: audited(ownership), after: audited(after) },
      answer: { body: userView(request, step.records, after), revision: revisionOf(step.records) },
    };
  });
}

function audited({ owner, offer }: Ownership) {
  return { ownerId: owner.userId, offeredTo: offer?.userId ?? null };
}

/** The login of an admin who may own the account. */
function requireAdmin(records: UserRecords, now: string): OwnerRef {
  const { user, member } = records;
  if (member === null || userState(records, now) !== 'active' || !isAdmin(member))
    throw wrong('Only an active admin can own the account.');
  return { userId: user.id, sub: member.sub };
}

const isAdmin = ({ role, owner }: Member): boolean => role === 'admin' || owner;
const wrong = (detail: string) => new ApiProblem('wrong-state', { detail });
