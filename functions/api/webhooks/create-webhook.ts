import { MOST_WEBHOOKS, type Webhook } from '#model/webhook.ts';
import { createWebhookAction, listWebhooks } from '#store/webhook-repository.ts';
import { makeSecret } from '#webhooks/signature.ts';
import { CHANGE_SETTINGS } from '../access.ts';
import { commitFresh } from '../commit.ts';
import { ApiProblem } from '../problem.ts';
import { requireAddress } from './load.ts';
import { defineWebhookRoute } from './ports.ts';
import { newWebhookBody, webhookView, webhookWithSecretSchema } from './shapes.ts';

export const createWebhook = defineWebhookRoute({
  method: 'POST',
  path: '/v1/webhooks',
  group: 'webhooks',
  summary: 'Have an endpoint told of events; its secret is shown this once',
  access: CHANGE_SETTINGS,
  idempotency: 'accepted',
  body: newWebhookBody,
  bodyExample: { url: 'https://hooks.example.com/protiv', events: ['propay.approved', 'statement.paid'] },
  answer: {
    status: 201,
    description: 'The endpoint; a repeated request gets it without its secret',
    schema: webhookWithSecretSchema,
  },
  handler: async (request) => {
    const { ports, scope, actor, body, command } = request;
    const url = requireAddress(request, body.url);
    const id = ports.ulid();
    const secret = makeSecret(ports.randomBytes);
    const sealed = await ports.vault.encrypt({ tenantId: scope.tenantId, webhookId: id }, { secret });
    return commitFresh(command, async () => {
      const webhook: Webhook = {
        id,
        slot: freeSlot(await listWebhooks(ports.table, scope)),
        url,
        events: [...new Set(body.events)],
        disabled: null,
        failingSince: null,
        secret: sealed,
        formerSecret: null,
        createdAt: ports.now(),
        createdBy: actor.id,
        revision: 1,
      };
      const view = webhookView(webhook);
      const answer = { headers: { location: `/v1/webhooks/${id}` }, revision: webhook.revision };
      return {
        actions: [createWebhookAction(scope, webhook)],
        audit: { action: 'webhook.created', entity: 'webhook', entityId: id, before: null, after: view },
        answer: { ...answer, body: { ...view, secret } },
        // It is kept sealed, so a repetition cannot be given it again.
        replay: { ...answer, body: { ...view, secret: null } },
      };
    });
  },
});

function freeSlot(taken: readonly Webhook[]): number {
  const slots = new Set(taken.map(({ slot }) => slot));
  for (let slot = 0; slot < MOST_WEBHOOKS; slot++) if (!slots.has(slot)) return slot;
  throw new ApiProblem('too-many-webhooks', { detail: `There are ${MOST_WEBHOOKS} endpoints already.` });
}
