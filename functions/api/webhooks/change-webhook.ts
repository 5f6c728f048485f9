import * as z from 'zod/mini';
import type { Instant } from '#kernel/instant.ts';
import type { Webhook } from '#model/webhook.ts';
import { deleteWebhookAction, readWebhook, saveWebhookAction } from '#store/webhook-repository.ts';
import { CHANGE_SETTINGS } from '../access.ts';
import { commitFresh, refuseStale, requireUnchanged } from '../commit.ts';
import { loadWebhook, requireAddress } from './load.ts';
import { defineWebhookRoute } from './ports.ts';
import { webhookChangeBody, webhookSchema, webhookView } from './shapes.ts';

export const changeWebhook = defineWebhookRoute({
  method: 'PATCH',
  path: '/v1/webhooks/{id}',
  group: 'webhooks',
  summary: 'Change where and of what an endpoint is told, or switch it off and on',
  access: CHANGE_SETTINGS,
  ifMatch: true,
  body: webhookChangeBody,
  bodyExample: { enabled: true },
  answer: { status: 200, description: 'The endpoint as it is now', schema: webhookSchema },
  handler: async (request) => {
    const { ports, scope, params, body, ifMatch, command } = request;
    const read = requireUnchanged(await readWebhook(ports.table, scope, params.id), ifMatch);
    const webhook: Webhook = {
      ...read,
      url: body.url === undefined ? read.url : requireAddress(request, body.url),
      events: body.events === undefined ? read.events : [...new Set(body.events)],
      ...switched(read, body.enabled, ports.now()),
      revision: read.revision + 1,
    };
    const view = webhookView(webhook);
    return commitFresh(command, async () => ({
      actions: [saveWebhookAction(scope, webhook, read)],
      audit: { action: 'webhook.changed', entity: 'webhook', entityId: read.id, before: webhookView(read), after: view },
      answer: { body: view, revision: webhook.revision },
      ifLost: refuseStale,
    }));
  },
});

export const deleteWebhook = defineWebhookRoute({
  method: 'DELETE',
  path: '/v1/webhooks/{id}',
  group: 'webhooks',
  summary: 'Remove an endpoint: what is still on its way to it is given up',
  access: CHANGE_SETTINGS,
  answer: { status: 204, description: 'It is removed', schema: z.undefined() },
  handler: async (request) =>
    commitFresh(request.command, async () => {
      const read = await loadWebhook(request, request.params.id);
      const before = webhookView(read);
      return {
        actions: [deleteWebhookAction(request.scope, read)],
        audit: { action: 'webhook.deleted', entity: 'webhook', entityId: read.id, before, after: null },
        answer: { body: undefined },
      };
    }),
});

/** Switched on again, an endpoint begins with a clean sheet; what was before it is in the change feed. */
function switched(
  { disabled, failingSince }: Webhook,
  enabled: boolean | undefined,
  now: Instant,
): Pick<Webhook, 'disabled' | 'failingSince'> {
  if (enabled === undefined || enabled === (disabled === null)) return { disabled, failingSince };
  return enabled ? { disabled: null, failingSince: null } : { disabled: { reason: 'by_hand', at: now }, failingSince };
}
