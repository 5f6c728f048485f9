import type { EventEnvelope } from '#events/event.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import type { Instant } from '#kernel/instant.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Delivery } from '#model/webhook.ts';
import type { MessageQueue } from '#platform/message-queue.ts';
import type { Table } from '#store/table.ts';
import { decodeDelivery, listWebhooks, saveDeliveryAction } from '#store/webhook-repository.ts';
import { newDelivery, subscribersOf } from '#webhooks/delivery.ts';
import { encodeDeliveryMessage } from '#webhooks/messages.ts';

export interface WebhookDispatchPorts {
  readonly table: Table;
  readonly deliveries: MessageQueue;
  now(): Instant;
}

/**
 * Stores a delivery of each event for each endpoint that asked for it, then queues what is still to be delivered. Done again after a crash it
 * finds what it has stored and queues it; what was queued twice is looked at twice and delivered once.
 */
export async function toWebhooks(
  { table, deliveries, now }: WebhookDispatchPorts,
  scope: TenantScope,
  events: readonly EventEnvelope[],
): Promise<void> {
  const webhooks = await listWebhooks(table, scope);
  const wanted = events.flatMap((event) =>
    subscribersOf(webhooks, event.type).map(({ id }) => ({ webhookId: id, delivery: newDelivery(event, now()) })),
  );
  const waiting: { webhookId: string; delivery: Delivery }[] = [];
  await inParallel(wanted, async ({ webhookId, delivery }) => {
    const stored = await table.write(scope, [saveDeliveryAction(scope, webhookId, delivery)]);
    const known = stored.applied ? null : (stored.failed[0]?.current ?? null);
    const present = known === null ? delivery : decodeDelivery(known);
    if (present.status === 'pending') waiting.push({ webhookId, delivery: present });
  });
  await deliveries.send(
    waiting.map(({ webhookId, delivery }) =>
      encodeDeliveryMessage({ tenantId: scope.tenantId, webhookId, deliveryId: delivery.id }),
    ),
  );
}
