import { SEE_PROPAYS } from '../../access.ts';
import { openDesk } from '../../bonus/desk.ts';
import { loadProPay } from '../../bonus/propays/load.ts';
import { viewerOf } from '../../bonus/sight.ts';
import { defineRoute } from '../../route.ts';
import { sourceChangesSchema, sourceChangesView } from './shapes.ts';

/** What has changed at the sources since a ProPay was approved: hours, money, records and the run that brought it. */
export const readSourceChanges = defineRoute({
  method: 'GET',
  path: '/v1/propays/{id}/source-changes',
  group: 'changes',
  summary: 'What the sources say now against what was approved',
  access: SEE_PROPAYS,
  answer: { status: 200, description: 'The difference', schema: sourceChangesSchema },
  handler: async (request) => {
    const desk = await openDesk(request);
    const { proPay, result, difference } = await loadProPay(request, request.params.id, desk);
    const viewer = viewerOf(request, desk, result);
    const approved = { inputsVersion: result.inputsVersion, currency: desk.context.currency };
    return { body: { propayId: proPay.id, ...sourceChangesView(approved, difference, viewer) } };
  },
});
