import * as z from 'zod/mini';
import type { UserRecords } from '#model/user.ts';
import { saveMemberAction } from '#store/member-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { releaseUserActions, saveUserAction } from '#store/user-repository.ts';
import { commitFresh } from '../commit.ts';
import { ApiProblem } from '../problem.ts';
import type { ApiRequest } from '../route.ts';
import { tokensOfUser } from './own-tokens.ts';
import { defineUserRoute } from './ports.ts';
import { INVITE_USERS, requireNotOwner, requireRoles, requireUser } from './reach.ts';
import { auditedUser } from './shapes.ts';

/**
 * Cancels an invitation, or removes a login that was made of one: it ends with the next request, with the tokens that were made for the
 * user. The worker, the money and the history stay (M-148). Doing it twice is doing it once.
 */
export const removeUser = defineUserRoute({
  method: 'DELETE',
  path: '/v1/users/{id}',
  group: 'users',
  summary: 'Cancel an invitation, or remove a login',
  access: INVITE_USERS,
  answer: { status: 204, description: 'It is canceled or removed', schema: z.undefined() },
  handler: async (request) => {
    const { ports, scope, params } = request;
    const answer = await commitFresh(request.command, async () => {
      const records = await requireUser(request, request.params.id);
      requireRoles(request, [(records.member ?? records.user).role]);
      const { actions, action } = records.user.sub === null ? canceled(request, records) : await withoutLogin(request, records);
      const before = auditedUser(records);
      return {
        actions,
        audit: actions.length === 0 ? [] : { action, entity: 'user', entityId: records.user.id, before, after: null },
        answer: { body: undefined },
      };
    });
    const { member } = await requireUser(request, params.id);
    if (member !== null) await ports.pool.unlist(member.sub, scope.tenantId);
    return answer;
  },
});

interface Removal {
  readonly actions: readonly WriteAction[];
  readonly action: string;
}

function canceled({ scope }: ApiRequest, { user }: UserRecords): Removal {
  const { invitation } = user;
  if (invitation.state === 'canceled') return { actions: [], action: '' };
  const next = { ...user, invitation: { ...invitation, state: 'canceled' as const, secretHash: null } };
  return { actions: [saveUserAction(scope, next), ...releaseUserActions(scope, user)], action: 'invitation.canceled' };
}

async function withoutLogin(request: ApiRequest, records: UserRecords): Promise<Removal> {
  const { ports, scope, reach } = request;
  const { user, member } = records;
  if (reach === 'S') throw new ApiProblem('forbidden', { detail: 'Only an owner or admin removes a login.' });
  requireNotOwner(records);
  if (member === null || member.revokedAt !== null) return { actions: [], action: '' };
  return {
    actions: [
      saveMemberAction(scope, { ...member, revokedAt: ports.now() }),
      ...releaseUserActions(scope, { id: user.id, email: user.email, workerId: member.workerId }),
      ...(await tokensOfUser(request, user.id)),
    ],
    action: 'user.removed',
  };
}
