import type { RouteDefinition } from '../route.ts';
import { changeFeed } from './change-feed.ts';
import { changeWebhook, deleteWebhook } from './change-webhook.ts';
import { createWebhook } from './create-webhook.ts';
import { listDeliveries, redeliver } from './deliveries.ts';
import type { WebhookPorts } from './ports.ts';
import { getWebhook, listWebhookEndpoints } from './read-webhooks.ts';
import { rotateSecret } from './rotate-secret.ts';
import { testWebhook } from './test-webhook.ts';

/** Routes of the change feed and of outgoing webhooks. */
export const webhookRoutes: readonly RouteDefinition<WebhookPorts>[] = [
  changeFeed,
  listWebhookEndpoints,
  createWebhook,
  getWebhook,
  changeWebhook,
  deleteWebhook,
  rotateSecret,
  testWebhook,
  listDeliveries,
  redeliver,
];
