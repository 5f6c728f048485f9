import { askedFor, userState } from '#model/user.ts';
import { saveUserAction } from '#store/user-repository.ts';
import { commitFresh } from '../commit.ts';
import { ApiProblem } from '../problem.ts';
import { expiryDaysOf } from './invite-user.ts';
import { defineUserRoute } from './ports.ts';
import { INVITE_USERS, requireRoles, requireUser } from './reach.ts';
import { auditedUser, revisionOf, userExample, userShape, userView } from './shapes.ts';

/** Sends an invitation, or sends it again: what was sent before holds no longer. */
export const resendInvitation = defineUserRoute({
  method: 'POST',
  path: '/v1/users/{id}/resend',
  group: 'users',
  summary: 'Send an invitation, or send it again',
  access: INVITE_USERS,
  idempotency: 'accepted',
  answer: { status: 200, description: 'The user, invited', schema: userShape, example: userExample },
  handler: (request) => {
    const { ports, scope, params, command } = request;
    return commitFresh(command, async () => {
      const records = await requireUser(request, params.id);
      const { user } = records;
      requireRoles(request, [user.role]);
      const now = ports.now();
      const state = userState(records, now);
      if (!(['needs_invite', 'pending', 'failed', 'expired'] as readonly string[]).includes(state))
        throw new ApiProblem('wrong-state', { detail: `There is no invitation to send: the user is ${state}.` });
      await ports.pool.admit(user.email);
      const next = { ...records, user: { ...user, invitation: askedFor(now, await expiryDaysOf(request)) } };
      const answered = { ...next, user: { ...next.user, revision: user.revision + 1 } };
      return {
        actions: [saveUserAction(scope, next.user)],
        audit: {
          action: 'invitation.resent',
          entity: 'user',
          entityId: user.id,
          before: auditedUser(records),
          after: auditedUser(next),
        },
        answer: { body: userView(request, answered, null), revision: revisionOf(answered) },
      };
    });
  },
});
