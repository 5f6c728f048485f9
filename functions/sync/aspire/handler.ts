import { documentClient } from '#platform/aws-dynamodb.ts';
import { kmsClient } from '#platform/aws-kms.ts';
import { sqsClient } from '#platform/aws-sqs.ts';
import { logLine } from '#platform/log.ts';
import { requiredVariable, systemPorts } from '#platform/ports.ts';
import { createSyncHandler } from '#sync/handler.ts';
import { openVault } from '#sync/vault.ts';
import { aspireConnector } from './index.ts';

/** The function of the Aspire integration: see shared/sync for what it does with each event. */
export const handler = createSyncHandler({
  connector: aspireConnector,
  system: systemPorts(),
  client: documentClient(),
  tableName: requiredVariable(process.env, 'TABLE_NAME'),
  sqs: sqsClient(),
  cycleQueueUrl: requiredVariable(process.env, 'CYCLE_QUEUE_URL'),
  bulkQueueUrl: requiredVariable(process.env, 'BULK_QUEUE_URL'),
  vault: openVault(kmsClient(), requiredVariable(process.env, 'KEY_ID')),
  allowLoopback: process.env.PROTIV_LOOPBACK === '1',
  log: logLine,
});
