import { CHANGE_PROPAYS } from '../../access.ts';
import { defineRoute } from '../../route.ts';
import { approveEach, approveEachAnswer, approveEachBody } from '../approve-each.ts';
import { openDesk } from '../desk.ts';
import { approve } from './approve.ts';
import { loadProPay } from './load.ts';

/** Approves several ProPays, each for itself: what is refused does not stop the others. */
export const bulkApprove = defineRoute({
  method: 'POST',
  path: '/v1/propays/bulk-approve',
  group: 'approvals',
  summary: 'Approve several ProPays, each for itself',
  bodyExample: { items: [{ id: 'kQ3vAbCdEfGhIjKl.-.1', inputsVersion: 'c2Fk' }] },
  access: CHANGE_PROPAYS,
  body: approveEachBody,
  idempotency: 'required',
  answer: approveEachAnswer,
  handler: (given) =>
    approveEach(given, {
      path: (id) => `/v1/propays/${id}/approve`,
      approve,
      isApprovedAsAsked: async (request, id, inputsVersion) => {
        const { proPay, result } = await loadProPay(request, id, await openDesk(request));
        return proPay.status === 'Approved' && result.inputsVersion === inputsVersion && proPay.approval?.by === request.actor.id;
      },
    }),
});
