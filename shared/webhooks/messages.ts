import { isTenantId } from '#model/scope.ts';

/** What the queue of deliveries carries: which delivery is to be looked at. Everything else is read from the table. */
export interface DeliveryMessage {
  readonly tenantId: string;
  readonly webhookId: string;
  readonly deliveryId: string;
}

/** A message as it is sent: fair between endpoints, so that a slow one delays itself and nobody else. */
export function encodeDeliveryMessage(message: DeliveryMessage): { readonly body: string; readonly group: string } {
  return { body: JSON.stringify({ v: 1, ...message }), group: `${message.tenantId}.${message.webhookId}` };
}

/** Reads a message back. Throws on a text that is none, which then ends in the dead-letter queue. */
export function decodeDeliveryMessage(body: string): DeliveryMessage {
  const { v, tenantId, webhookId, deliveryId } = JSON.parse(body) as Partial<Record<string, unknown>>;
  if (v !== 1 || typeof tenantId !== 'string' || !isTenantId(tenantId))
    throw new Error('a message of the delivery queue in no known form');
  if (typeof webhookId !== 'string' || typeof deliveryId !== 'string')
    throw new Error('a message of the delivery queue that names no delivery');
  return { tenantId, webhookId, deliveryId };
}
