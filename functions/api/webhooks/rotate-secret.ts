import { addSeconds } from '#kernel/instant.ts';
import { ROTATION_SECONDS, type Webhook } from '#model/webhook.ts';
import { saveWebhookAction } from '#store/webhook-repository.ts';
import { makeSecret } from '#webhooks/signature.ts';
import { CHANGE_SETTINGS } from '../access.ts';
import { commitFresh } from '../commit.ts';
import { loadWebhook } from './load.ts';
import { defineWebhookRoute } from './ports.ts';
import { webhookView, webhookWithSecretSchema } from './shapes.ts';

export const rotateSecret = defineWebhookRoute({
  method: 'POST',
  path: '/v1/webhooks/{id}/rotate-secret',
  group: 'webhooks',
  summary: 'Give an endpoint a new secret; the one before signs as well for 24 hours',
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  answer: {
    status: 200,
    description: 'The endpoint with its new secret, shown this once; a repeated request gets it without',
    schema: webhookWithSecretSchema,
  },
  handler: async (request) => {
    const { ports, scope, params, command } = request;
    const secret = makeSecret(ports.randomBytes);
    const { id } = await loadWebhook(request, params.id);
    const sealed = await ports.vault.encrypt({ tenantId: scope.tenantId, webhookId: id }, { secret });
    return commitFresh(command, async () => {
      const read = await loadWebhook(request, id);
      const webhook: Webhook = {
        ...read,
        secret: sealed,
        formerSecret: { secret: read.secret, until: addSeconds(ports.now(), ROTATION_SECONDS) },
        revision: read.revision + 1,
      };
      const view = webhookView(webhook);
      return {
        actions: [saveWebhookAction(scope, webhook, read)],
        audit: { action: 'webhook.secret_rotated', entity: 'webhook', entityId: id, before: webhookView(read), after: view },
        answer: { body: { ...view, secret }, revision: webhook.revision },
        replay: { body: { ...view, secret: null }, revision: webhook.revision },
      };
    });
  },
});
