import { saveMemberAction } from '#store/member-repository.ts';
import { readOwnership } from '#store/user-repository.ts';
import { commitFresh } from '../commit.ts';
import { ApiProblem } from '../problem.ts';
import { defineRoute } from '../route.ts';
import { MANAGE_USERS, requireUser } from './reach.ts';
import { revisionOf, userExample, userShape, userView } from './shapes.ts';

/** Ends every session of a user in this tenant: whoever signed in before has to sign in again. */
export const endSessions = defineRoute({
  method: 'POST',
  path: '/v1/users/{id}/end-sessions',
  group: 'users',
  summary: 'End the sessions of a user',
  access: MANAGE_USERS,
  idempotency: 'accepted',
  answer: { status: 200, description: 'The user', schema: userShape, example: userExample },
  handler: async (request) => {
    const { ports, scope, params, command } = request;
    const ownership = await readOwnership(ports.table, scope);
    return commitFresh(command, async () => {
      const records = await requireUser(request, params.id);
      const { member, user } = records;
      if (member === null || member.revokedAt !== null)
        throw new ApiProblem('wrong-state', { detail: 'This user has no login.' });
      const next = { ...member, sessionsEndedAt: ports.now() };
      const answered = { ...records, member: { ...next, revision: member.revision + 1 } };
      return {
        actions: [saveMemberAction(scope, next)],
        audit: {
          action: 'user.sessions_ended',
          entity: 'user',
          entityId: user.id,
          before: { sessionsEndedAt: member.sessionsEndedAt },
          after: { sessionsEndedAt: next.sessionsEndedAt },
        },
        answer: { body: userView(request, answered, ownership), revision: revisionOf(answered) },
      };
    });
  },
});
