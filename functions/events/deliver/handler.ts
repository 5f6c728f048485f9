import { documentClient } from '#platform/aws-dynamodb.ts';
import type { Environment } from '#platform/aws-environment.ts';
import { kmsClient } from '#platform/aws-kms.ts';
import { sqsClient } from '#platform/aws-sqs.ts';
import { logLine } from '#platform/log.ts';
import { openMessageQueue } from '#platform/message-queue.ts';
import { requiredVariable, systemPorts } from '#platform/ports.ts';
import { openVault } from '#platform/vault.ts';
import { openTable } from '#store/table.ts';
import { RETRY_WAITS_SECONDS } from '#webhooks/retries.ts';
import type { QueueEvent } from '../queue-batch.ts';
import { deliverHandler } from './handle.ts';
import { openPoster } from './post.ts';

const environment: Environment = process.env;
const system = systemPorts();
const handle = deliverHandler({
  ...system,
  table: openTable({ ...system, client: documentClient(environment), tableName: requiredVariable(environment, 'TABLE_NAME') }),
  vault: openVault(kmsClient(environment), requiredVariable(environment, 'KEY_ID')),
  queue: openMessageQueue(sqsClient(environment), requiredVariable(environment, 'DELIVERY_QUEUE_URL')),
  post: openPoster({
    ...system,
    elapsedMs: () => performance.now(),
    allowLoopback: environment.PROTIV_LOOPBACK === '1',
  }),
  waits: waitsOf(environment.PROTIV_WEBHOOK_WAITS),
  log: logLine,
});

/** Lambda entry: messages of the delivery queue. */
export const handler = (event: QueueEvent, context: { readonly awsRequestId: string }) => handle(event, context.awsRequestId);

/** The product's waits, or shorter ones where a local check asks for them: seconds, separated by commas. */
function waitsOf(shorter: string | undefined): readonly number[] {
  if (shorter === undefined || !/^\d{1,6}(,\d{1,6}){0,20}$/.test(shorter)) return RETRY_WAITS_SECONDS;
  return shorter.split(',').map(Number);
}
