import { SEE_PROPAYS } from '../../access.ts';
import { defineRoute } from '../../route.ts';
import { openDesk } from '../desk.ts';
import { loadProPay } from './load.ts';
import { proPaySchema } from './shapes.ts';
import { viewFor } from './views.ts';

/** One ProPay with its figures, and what stands in the way of approving it. */
export const getProPay = defineRoute({
  method: 'GET',
  path: '/v1/propays/{id}',
  group: 'bonus',
  summary: 'A ProPay with its figures',
  access: SEE_PROPAYS,
  answer: { status: 200, description: 'The ProPay', schema: proPaySchema },
  handler: async (request) => {
    const desk = await openDesk(request);
    const parts = await loadProPay(request, request.params.id, desk);
    return { body: viewFor(request, desk, parts), revision: parts.proPay.revision };
  },
});
