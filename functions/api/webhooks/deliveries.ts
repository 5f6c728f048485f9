import { deliveriesPartition } from '#model/keys.ts';
import { decodeDelivery, readDelivery, saveDeliveryAction } from '#store/webhook-repository.ts';
import { encodeDeliveryMessage } from '#webhooks/messages.ts';
import { redelivered } from '#webhooks/retries.ts';
import { CHANGE_SETTINGS } from '../access.ts';
import { commitFresh } from '../commit.ts';
import { listOf } from '../edge.ts';
import { readPage } from '../pages.ts';
import { ApiProblem, notFound } from '../problem.ts';
import { PAGING } from '../query.ts';
import { loadWebhook } from './load.ts';
import { defineWebhookRoute } from './ports.ts';
import { deliverySchema, deliveryView } from './shapes.ts';

export const listDeliveries = defineWebhookRoute({
  method: 'GET',
  path: '/v1/webhooks/{id}/deliveries',
  group: 'webhooks',
  summary: 'What was and will be sent to an endpoint, the latest event first; kept for 30 days',
  access: CHANGE_SETTINGS,
  query: PAGING,
  answer: { status: 200, description: 'A page of deliveries with their attempts', schema: listOf(deliverySchema) },
  handler: async (request) => {
    const { id } = await loadWebhook(request, request.params.id);
    const page = await readPage(request, [{ partition: deliveriesPartition(request.scope, id), descending: true }]);
    return { body: { items: page.items.map((item) => deliveryView(decodeDelivery(item))), nextCursor: page.nextCursor } };
  },
});

export const redeliver = defineWebhookRoute({
  method: 'POST',
  path: '/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver',
  group: 'webhooks',
  summary: 'Send an event to an endpoint again, under the same id; retried as when it was new',
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  answer: { status: 202, description: 'The delivery, on its way again', schema: deliverySchema },
  handler: async (request) => {
    const { ports, scope, params, command } = request;
    const { id: webhookId, disabled } = await loadWebhook(request, params.id);
    if (disabled !== null) throw new ApiProblem('wrong-state', { detail: 'The endpoint is switched off.' });
    const answer = await commitFresh(command, async () => {
      const read = await readDelivery(ports.table, scope, webhookId, params.deliveryId);
      if (read === null) throw notFound();
      const delivery = redelivered(read, ports.now());
      return {
        actions: [saveDeliveryAction(scope, webhookId, delivery)],
        audit: {
          ...{ action: 'webhook.redelivered', entity: 'webhook', entityId: webhookId, before: null },
          after: { deliveryId: read.id, eventId: read.eventId },
        },
        answer: { body: deliveryView(delivery) },
      };
    });
    await ports.deliveries.send([encodeDeliveryMessage({ tenantId: scope.tenantId, webhookId, deliveryId: params.deliveryId })]);
    return answer;
  },
});
