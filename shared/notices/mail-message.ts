import { isTenantId } from '#model/scope.ts';

/** What the queue of mails carries: whom to look at. What is to be said to them is read from the table. */
export interface MailMessage {
  readonly kind: 'invitation' | 'notices';
  readonly tenantId: string;
  readonly userId: string;
}

/** A message as it is sent: fair between tenants. */
export function encodeMailMessage(message: MailMessage): { readonly body: string; readonly group: string } {
  return { body: JSON.stringify({ v: 1, ...message }), group: message.tenantId };
}

/** Reads a message back. Throws on a text that is none, which then ends in the dead-letter queue. */
export function decodeMailMessage(body: string): MailMessage {
  const { v, kind, tenantId, userId } = JSON.parse(body) as Partial<Record<string, unknown>>;
  if (v !== 1 || typeof tenantId !== 'string' || !isTenantId(tenantId) || typeof userId !== 'string')
    throw new Error('a message of the queue of mails in no known form');
  if (kind !== 'invitation' && kind !== 'notices') throw new Error('a message of the queue of mails of no known kind');
  return { kind, tenantId, userId };
}
