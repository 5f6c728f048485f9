import { type Instant, msOf } from '#kernel/instant.ts';
import { deliveryKey, webhookKey, webhooksPartition } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Delivery, Webhook } from '#model/webhook.ts';
import { IF_ABSENT } from './conditions.ts';
import type { Condition, Item, Table, WriteAction } from './table.ts';

/** How long the history of deliveries is kept. */
const KEPT_SECONDS = 30 * 86_400;

/** All endpoints of the tenant, ten at most, the oldest first. */
export async function listWebhooks(table: Table, scope: TenantScope): Promise<readonly Webhook[]> {
  const items = await table.queryAll(scope, { partition: webhooksPartition(scope) });
  return items.map(decodeWebhook).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** One endpoint by its id; null where the tenant has none of this id. */
export async function readWebhook(table: Table, scope: TenantScope, id: string): Promise<Webhook | null> {
  return (await listWebhooks(table, scope)).find((one) => one.id === id) ?? null;
}

/** Stores a new endpoint in its place; refused where the place is taken. */
export function createWebhookAction(scope: TenantScope, webhook: Webhook): WriteAction {
  return { kind: 'put', item: encodeWebhook(scope, webhook), condition: IF_ABSENT };
}

/** Stores an endpoint that still is what was read. */
export function saveWebhookAction(scope: TenantScope, webhook: Webhook, read: Webhook): WriteAction {
  return { kind: 'put', item: encodeWebhook(scope, webhook), condition: still(read) };
}

/** Removes an endpoint that still is what was read; its deliveries go with their time. */
export function deleteWebhookAction(scope: TenantScope, read: Webhook): WriteAction {
  return { kind: 'delete', key: webhookKey(scope, read.slot), condition: still(read) };
}

/** Notes since when nothing gets through to an endpoint, or that something does. Whoever is late changes nothing. */
export function noteFailingAction(scope: TenantScope, read: Webhook, failingSince: Instant | null): WriteAction {
  return {
    kind: 'update',
    key: webhookKey(scope, read.slot),
    update: { expression: 'SET webhook.failingSince = :since', values: { ':since': failingSince } },
    condition: {
      expression: 'webhook.id = :id AND webhook.failingSince = :read',
      values: { ':id': read.id, ':read': read.failingSince },
    },
  };
}

/** A delivery, strongly; null where there is none. */
export async function readDelivery(table: Table, scope: TenantScope, webhookId: string, id: string): Promise<Delivery | null> {
  const item = await table.get(scope, deliveryKey(scope, webhookId, id));
  return item === null ? null : decodeDelivery(item);
}

/** Stores a delivery: a new one where there is none of this event, else in place of the revision before. */
export function saveDeliveryAction(scope: TenantScope, webhookId: string, delivery: Delivery): WriteAction {
  return {
    kind: 'put',
    item: {
      ...deliveryKey(scope, webhookId, delivery.id),
      et: 'wd',
      v: 1,
      delivery,
      expiresAt: Math.ceil(msOf(delivery.createdAt) / 1_000) + KEPT_SECONDS,
    },
    condition:
      delivery.revision === 1
        ? IF_ABSENT
        : { expression: 'delivery.revision = :read', values: { ':read': delivery.revision - 1 } },
  };
}

/** Reads a stored delivery back. */
export function decodeDelivery(item: Item): Delivery {
  return item.delivery as Delivery;
}

function still(read: Webhook): Condition {
  return {
    expression: 'webhook.id = :id AND webhook.revision = :read',
    values: { ':id': read.id, ':read': read.revision },
  };
}

function encodeWebhook(scope: TenantScope, webhook: Webhook): Item {
  return { ...webhookKey(scope, webhook.slot), et: 'wh', v: 1, webhook };
}

function decodeWebhook(item: Item): Webhook {
  return item.webhook as Webhook;
}
