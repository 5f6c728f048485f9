import { TEST_EVENT } from '#model/webhook.ts';
import { saveDeliveryAction } from '#store/webhook-repository.ts';
import { newDelivery } from '#webhooks/delivery.ts';
import { encodeDeliveryMessage } from '#webhooks/messages.ts';
import { CHANGE_SETTINGS } from '../access.ts';
import { ApiProblem } from '../problem.ts';
import { loadWebhook } from './load.ts';
import { defineWebhookRoute } from './ports.ts';
import { deliverySchema, deliveryView } from './shapes.ts';

export const testWebhook = defineWebhookRoute({
  method: 'POST',
  path: '/v1/webhooks/{id}/test',
  group: 'webhooks',
  summary: 'Send `webhook.test` to an endpoint',
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  answer: { status: 202, description: 'The delivery, on its way', schema: deliverySchema },
  handler: async (request) => {
    const { ports, scope, params, command } = request;
    const { id: webhookId, disabled } = await loadWebhook(request, params.id);
    if (disabled !== null) throw new ApiProblem('wrong-state', { detail: 'The endpoint is switched off.' });
    const now = ports.now();
    const delivery = newDelivery(
      { id: ports.ulid(), type: TEST_EVENT, occurredAt: now, subject: { entity: 'webhook', id: webhookId }, data: { webhookId } },
      now,
    );
    const done = await command.commit({
      actions: [saveDeliveryAction(scope, webhookId, delivery)],
      audit: {
        ...{ action: 'webhook.tested', entity: 'webhook', entityId: webhookId, before: null },
        after: { deliveryId: delivery.id },
      },
      answer: { body: deliveryView(delivery) },
    });
    if (!done.applied) throw new ApiProblem('store-conflict');
    await ports.deliveries.send([encodeDeliveryMessage({ tenantId: scope.tenantId, webhookId, deliveryId: delivery.id })]);
    return done.answer;
  },
});
