import { isTenantId } from '#model/scope.ts';

/** What announces a new page of a tenant's feed to the dispatch of events. */
export interface PageMessage {
  readonly tenantId: string;
  readonly page: number;
}

/** A message as it is sent: fair between tenants. */
export function encodePageMessage({ tenantId, page }: PageMessage): { readonly body: string; readonly group: string } {
  return { body: JSON.stringify({ v: 1, tenantId, page }), group: tenantId };
}

/** Reads a message back. Throws on a text that is none, which then ends in the dead-letter queue. */
export function decodePageMessage(body: string): PageMessage {
  const { v, tenantId, page } = JSON.parse(body) as Partial<Record<string, unknown>>;
  if (v !== 1 || typeof tenantId !== 'string' || !isTenantId(tenantId) || typeof page !== 'number' || !Number.isSafeInteger(page))
    throw new Error('a message of the queue of pages in no known form');
  return { tenantId, page };
}
