import { listWebhooks } from '#store/webhook-repository.ts';
import { CHANGE_SETTINGS } from '../access.ts';
import { wholeListOf } from '../edge.ts';
import { loadWebhook } from './load.ts';
import { defineWebhookRoute } from './ports.ts';
import { webhookSchema, webhookView } from './shapes.ts';

export const listWebhookEndpoints = defineWebhookRoute({
  method: 'GET',
  path: '/v1/webhooks',
  group: 'webhooks',
  summary: 'Endpoints that are told of events, without their secrets',
  access: CHANGE_SETTINGS,
  answer: {
    status: 200,
    description: 'All of them, ten at most',
    schema: wholeListOf(webhookSchema),
  },
  handler: async ({ ports, scope }) => ({
    body: { items: (await listWebhooks(ports.table, scope)).map(webhookView), nextCursor: null },
  }),
});

export const getWebhook = defineWebhookRoute({
  method: 'GET',
  path: '/v1/webhooks/{id}',
  group: 'webhooks',
  summary: 'One endpoint',
  access: CHANGE_SETTINGS,
  answer: { status: 200, description: 'The endpoint', schema: webhookSchema },
  handler: async (request) => {
    const webhook = await loadWebhook(request, request.params.id);
    return { body: webhookView(webhook), revision: webhook.revision };
  },
});
