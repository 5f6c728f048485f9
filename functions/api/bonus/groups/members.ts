import { requireActiveGroup } from '#bonus/groups/approve.ts';
import { joinedByHand, placedByHand } from '#bonus/groups/members-edit.ts';
import { workPlaceOf } from '#bonus/groups/membership.ts';
import { removeContributionAction } from '#store/group-repository.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { notFound, stalePrecondition } from '../../problem.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { inputsOf, withRetries } from '../propays/load.ts';
import { requireOversight, seesProPay } from '../sight.ts';
import { changeMember, saveGroup } from './change.ts';
import { viewOfGroup } from './get-group.ts';
import { type LoadedGroup, loadGroupToChange } from './load.ts';
import { groupSchema } from './shapes.ts';

type MemberRequest = ApiRequest<'/v1/groups/{id}/members/{propayId}', Record<never, never>, undefined>;

/** Puts an Active single ProPay of the same route period into a group; one that is in it already stays. */
export const putMember = defineRoute({
  method: 'PUT',
  path: '/v1/groups/{id}/members/{propayId}',
  group: 'group-members',
  summary: 'Put a ProPay into a group',
  access: CHANGE_PROPAYS,
  ifMatch: true,
  answer: { status: 200, description: 'The group', schema: groupSchema },
  handler: (request) =>
    withRetries(async () => {
      const { scope, ports, params } = request;
      const loaded = await loadUnchanged(request);
      const { desk, group, members } = loaded;
      const chosen = await inputsOf(request, desk, params.propayId);
      if (chosen === null) return null;
      if (!seesProPay(request, desk, chosen.result)) throw notFound();
      requireOversight(request, chosen.result);
      const { proPay, state } = chosen;
      if (proPay.groupId === group.id) return { body: viewOfGroup(request, loaded), revision: group.revision };
      const next = joinedByHand({ proPay, work: workPlaceOf(state, proPay, desk.context) }, group);
      const { staged, contribution } = await changeMember(scope, chosen, next, null, ports.now());
      return saveGroup(request, loaded, {
        next: { ...group, revision: group.revision + 1 },
        members: [...members, contribution!],
        staged,
        audit: [audited('group.member_added', group.id, null, { propayId: proPay.id })],
      });
    }),
});

/** Takes a ProPay out of a group: it is single, and stays so until its work moves to another route. */
export const deleteMember = defineRoute({
  method: 'DELETE',
  path: '/v1/groups/{id}/members/{propayId}',
  group: 'group-members',
  summary: 'Take a ProPay out of a group',
  access: CHANGE_PROPAYS,
  ifMatch: true,
  answer: { status: 200, description: 'The group', schema: groupSchema },
  handler: (request) =>
    withRetries(async () => {
      const { scope, ports, params } = request;
      const loaded = await loadUnchanged(request);
      const { desk, group, members } = loaded;
      requireActiveGroup(group);
      if (!members.some(({ proPayId }) => proPayId === params.propayId)) throw notFound();
      const member = await inputsOf(request, desk, params.propayId);
      if (member === null || member.proPay.groupId !== group.id) return null;
      const next = placedByHand(member.proPay, null, { routeId: group.routeId, ...group.period });
      const { staged } = await changeMember(scope, member, next, null, ports.now());
      return saveGroup(request, loaded, {
        next: { ...group, revision: group.revision + 1 },
        members: members.filter(({ proPayId }) => proPayId !== params.propayId),
        actions: [removeContributionAction(scope, group.id, params.propayId)],
        staged,
        audit: [audited('group.member_removed', group.id, { propayId: params.propayId }, null)],
      });
    }),
});

/** The group, if it still is the one that the caller has seen. */
async function loadUnchanged(request: MemberRequest): Promise<LoadedGroup> {
  const loaded = await loadGroupToChange(request, request.params.id);
  if (loaded.group.revision !== request.ifMatch) throw stalePrecondition(loaded.group.revision);
  return loaded;
}

function audited(action: string, entityId: string, before: unknown, after: unknown) {
  return { action, entity: 'group', entityId, before, after };
}
