import type { PageMessage } from '#events/page-message.ts';
import { scopeOf } from '#model/scope.ts';
import { readFeedPage } from '#store/feed-repository.ts';
import { toWebhooks, type WebhookDispatchPorts } from './to-webhooks.ts';

/** What the dispatch takes from the outside. */
export type DispatchPorts = WebhookDispatchPorts;

/** Gives the events of a page to everybody who is to be told. A page that is gone is too old for anybody. */
export async function dispatchPage(ports: DispatchPorts, { tenantId, page }: PageMessage): Promise<void> {
  const scope = scopeOf(tenantId);
  const found = await readFeedPage(ports.table, scope, page);
  if (found === null) return;
  await toWebhooks(ports, scope, found.events);
}
