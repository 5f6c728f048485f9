import { appliedOf, refuseApplied } from '#bonus/commands/callback.ts';
import { clearedDifference } from '#bonus/commands/source-change.ts';
import { decideGroupUnapproval, unapprovedMember } from '#bonus/groups/approve.ts';
import { putDifferenceAction, readDifference } from '#store/difference-repository.ts';
import { changedLineItem, readItemsOfApproval } from '#store/pay-repository.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { defineRoute } from '../../route.ts';
import { reasonBody } from '../bodies.ts';
import { todayIn } from '../desk.ts';
import { withRetries } from '../propays/load.ts';
import { changeMember, saveGroup } from './change.ts';
import { loadGroupToChange, loadMembers } from './load.ts';
import { groupSchema } from './shapes.ts';

/** Takes the approval of a group back as a whole, while nothing of it is paid: all its items are voided, all its members are Active. */
export const unapproveGroup = defineRoute({
  method: 'POST',
  path: '/v1/groups/{id}/unapprove',
  group: 'group-members',
  summary: 'Take the approval of a group back and void its line items',
  access: CHANGE_PROPAYS,
  body: reasonBody,
  bodyExample: { reason: 'hours of a stop are being corrected' },
  idempotency: 'required',
  answer: { status: 200, description: 'The group, Active again', schema: groupSchema },
  handler: (request) =>
    withRetries(async () => {
      const { ports, scope, actor, body } = request;
      const { table } = ports;
      const loaded = await loadGroupToChange(request, request.params.id);
      const { group, desk } = loaded;
      const items = await readItemsOfApproval(table, scope, group.approval?.lineItemIds ?? []);
      const { reason } = body;
      const asked = { by: actor.id, at: ports.now(), todayDate: todayIn(desk, group.branchId), reason };
      const { group: next, voided } = decideGroupUnapproval(group, items, asked);
      const members = await loadMembers(request, loaded);
      if (members === null) return null;
      refuseApplied(members.flatMap(({ loaded: { state, proPay } }) => appliedOf(state.callbacks, proPay.approval?.n ?? 0)));
      const changed = await Promise.all(
        members.map(({ loaded: member, stored: known }) =>
          changeMember(scope, member, unapprovedMember(member.proPay), known, ports.now()),
        ),
      );
      const difference = await readDifference(table, scope, group.id);
      return saveGroup(request, loaded, {
        next,
        members: changed.flatMap(({ contribution }) => contribution ?? []),
        actions: difference === null ? [] : [putDifferenceAction(scope, clearedDifference(difference))],
        staged: [
          ...voided.map(({ before, after }) => changedLineItem(scope, after, after.assignOn, before.revision)),
          ...changed.flatMap(({ staged }) => staged),
        ],
        audit: [
          {
            action: 'group.unapproved',
            entity: 'group',
            entityId: group.id,
            before: { status: group.status, approval: group.approval?.n ?? null },
            after: { status: next.status, voidedItems: voided.length },
            reason,
          },
        ],
      });
    }),
});
