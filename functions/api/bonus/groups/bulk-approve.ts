import { CHANGE_PROPAYS } from '../../access.ts';
import { defineRoute } from '../../route.ts';
import { approveEach, approveEachAnswer, approveEachBody } from '../approve-each.ts';
import { approveGroup } from './approve.ts';
import { loadGroup } from './load.ts';

/** Approves several groups, each for itself as a whole: what is refused does not stop the others (B-104). */
export const bulkApproveGroups = defineRoute({
  method: 'POST',
  path: '/v1/groups/bulk-approve',
  group: 'group-decisions',
  summary: 'Approve several groups, each for itself',
  bodyExample: { items: [{ id: 'kQ3vAbCdEfGhIjKl', inputsVersion: 'c2Fk' }] },
  access: CHANGE_PROPAYS,
  body: approveEachBody,
  idempotency: 'required',
  answer: approveEachAnswer,
  handler: (given) =>
    approveEach(given, {
      path: (id) => `/v1/groups/${id}/approve`,
      approve: approveGroup,
      isApprovedAsAsked: async (request, id, inputsVersion) => {
        const { group, result } = await loadGroup(request, id);
        return group.status === 'Approved' && result.inputsVersion === inputsVersion && group.approval?.by === request.actor.id;
      },
    }),
});
