import type { TenantScope } from '#model/scope.ts';
import type { Webhook } from '#model/webhook.ts';
import { endpointAddress } from '#platform/endpoint-address.ts';
import { readWebhook } from '#store/webhook-repository.ts';
import { invalidField, notFound } from '../problem.ts';
import type { WebhookPorts } from './ports.ts';

interface WebhookRequest {
  readonly ports: WebhookPorts;
  readonly scope: TenantScope;
}

/** An endpoint of the caller's tenant; 404 where there is none of this id. */
export async function loadWebhook({ ports, scope }: WebhookRequest, id: string): Promise<Webhook> {
  const webhook = await readWebhook(ports.table, scope, id);
  if (webhook === null) throw notFound();
  return webhook;
}

/** The url of an endpoint, as it is called; 422 for an address that is not on the public internet, or not https. */
export function requireAddress({ ports }: Pick<WebhookRequest, 'ports'>, url: string): string {
  const address = endpointAddress(url, ports);
  if (address === null)
    throw invalidField('/url', 'must be an https address on the public internet, without user name and fragment');
  return address.href;
}
