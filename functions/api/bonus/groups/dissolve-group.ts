import * as z from 'zod/mini';
import { dissolvedGroup } from '#bonus/groups/approve.ts';
import { placedByHand } from '#bonus/groups/members-edit.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { defineRoute } from '../../route.ts';
import { withRetries } from '../propays/load.ts';
import { changeMember, saveGroup } from './change.ts';
import { loadGroupToChange, loadMembers } from './load.ts';
import { groupSchema } from './shapes.ts';

/** Dissolves an Active group: its members become single ProPays, and stay so until their work moves to another route. */
export const dissolveGroup = defineRoute({
  method: 'POST',
  path: '/v1/groups/{id}/dissolve',
  group: 'group-members',
  summary: 'Dissolve a group',
  access: CHANGE_PROPAYS,
  body: z.strictObject({ reason: z.optional(z.string().check(z.minLength(1), z.maxLength(500))) }),
  bodyExample: { reason: 'the route was split' },
  idempotency: 'accepted',
  answer: { status: 200, description: 'The group, Canceled', schema: groupSchema },
  handler: (request) =>
    withRetries(async () => {
      const { ports, scope } = request;
      const reason = request.body.reason ?? null;
      const loaded = await loadGroupToChange(request, request.params.id);
      const { group, result } = loaded;
      const next = dissolvedGroup(group, reason);
      const members = await loadMembers(request, loaded);
      if (members === null) return null;
      const period = { routeId: group.routeId, ...group.period };
      const changed = await Promise.all(
        members.map(({ loaded: member }) =>
          changeMember(scope, member, placedByHand(member.proPay, null, period), null, ports.now()),
        ),
      );
      // What the members have left in it stays with the group: it tells what it was.
      return saveGroup(request, loaded, {
        next,
        members: loaded.members,
        staged: changed.flatMap(({ staged }) => staged),
        audit: [
          {
            action: 'group.dissolved',
            entity: 'group',
            entityId: group.id,
            before: { status: group.status, memberIds: result.proPayIds },
            after: { status: next.status },
            reason,
          },
        ],
      });
    }),
});
