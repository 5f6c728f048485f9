import { type AccessPattern, getItem, query, type StoredItem } from './shape.ts';
import { webhooks } from './store.ts';

/** How events reach whoever is told of them. */
export const eventPatterns: readonly AccessPattern[] = [
  {
    name: 'Endpoints of webhooks',
    keys: ['webhooksPartition', 'webhookKey'],
    range: '`{t}#WH` / `0` to `9`',
    reads: [query('of the endpoints, ten at most')],
    note: 'once for each page of the feed, and with each attempt of a delivery',
    users: [webhooks.listWebhooks, webhooks.readWebhook],
  },
  {
    name: 'One delivery to an endpoint',
    keys: ['deliveryKey'],
    range: '`{t}#WH#<webhook>` / `<time>.<event>`',
    reads: [getItem('of the delivery')],
    note: 'with each attempt, and every fifteen minutes of a wait',
    users: [webhooks.readDelivery],
  },
  {
    name: 'Deliveries to an endpoint, the latest event first',
    keys: ['deliveriesPartition'],
    range: '`{t}#WH#<webhook>`, from its end',
    reads: [query('of the deliveries')],
    users: ['functions/api/webhooks/deliveries.ts', 'functions/api/pages.ts'],
  },
];

/** What is stored on the way. */
export const eventItems: readonly StoredItem[] = [
  {
    name: 'endpoint of webhooks',
    mark: 'wh',
    keys: ['webhookKey'],
    indexes: [],
    writers: [webhooks.createWebhookAction, webhooks.saveWebhookAction, webhooks.deleteWebhookAction, webhooks.noteFailingAction],
  },
  {
    name: 'delivery to an endpoint',
    mark: 'wd',
    keys: ['deliveryKey'],
    indexes: [],
    note: 'goes after thirty days',
    writers: [webhooks.saveDeliveryAction],
  },
];
