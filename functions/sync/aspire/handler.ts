import { documentClient } from '#platform/aws-dynamodb.ts';
import { kmsClient } from '#platform/aws-kms.ts';
import { sqsClient } from '#platform/aws-sqs.ts';
import { logLine } from '#platform/log.ts';
import { openMessageQueue } from '#platform/message-queue.ts';
import { requiredVariable, systemPorts } from '#platform/ports.ts';
import { openVault } from '#platform/vault.ts';
import { openSlots } from '#store/slots.ts';
import { openTable } from '#store/table.ts';
import { createSyncHandler } from '#sync/handler.ts';
import { aspireConnector } from './index.ts';

const system = systemPorts();
const client = documentClient();
const tableName = requiredVariable(process.env, 'TABLE_NAME');
const sqs = sqsClient();
const bulkQueueUrl = requiredVariable(process.env, 'BULK_QUEUE_URL');

/** The function of the Aspire integration: see shared/sync for what it does with each event. */
export const handler = createSyncHandler({
  connector: aspireConnector,
  system,
  table: openTable({ client, tableName, now: system.now, sleep: system.sleep, random: system.random }),
  slots: openSlots({ client, tableName }),
  cycleQueue: openMessageQueue(sqs, requiredVariable(process.env, 'CYCLE_QUEUE_URL')),
  bulkQueue: openMessageQueue(sqs, bulkQueueUrl),
  bulkQueueName: bulkQueueUrl.slice(bulkQueueUrl.lastIndexOf('/') + 1),
  vault: openVault(kmsClient(), requiredVariable(process.env, 'KEY_ID')),
  allowLoopback: process.env.PROTIV_LOOPBACK === '1',
  log: logLine,
});
