import type { Environment } from '#platform/aws-environment.ts';
import { kmsClient } from '#platform/aws-kms.ts';
import { sqsClient } from '#platform/aws-sqs.ts';
import { type MessageQueue, openMessageQueue } from '#platform/message-queue.ts';
import { requiredVariable } from '#platform/ports.ts';
import { openVault, type Vault } from '#platform/vault.ts';
import { type ApiPorts, apiPorts } from '../ports.ts';
import { routeDefiner } from '../route.ts';

/** What webhooks reach beside the table: the key that seals their secrets, and the queue of deliveries. */
export interface WebhookPorts extends ApiPorts {
  /** Seals and never opens: a secret that was shown is not shown again. */
  readonly vault: Pick<Vault, 'encrypt'>;
  readonly deliveries: MessageQueue;
  /** Endpoints may be on this machine; the local host alone sets it. */
  readonly allowLoopback: boolean;
}

export const defineWebhookRoute = routeDefiner<WebhookPorts>();

/** The ports of the deployed function. Throws where a variable is missing. */
export function webhookPorts(environment: Environment = process.env): WebhookPorts {
  return {
    ...apiPorts(environment),
    vault: openVault(kmsClient(environment), requiredVariable(environment, 'KEY_ID')),
    deliveries: openMessageQueue(sqsClient(environment), requiredVariable(environment, 'DELIVERY_QUEUE_URL')),
    allowLoopback: environment.PROTIV_LOOPBACK === '1',
  };
}
