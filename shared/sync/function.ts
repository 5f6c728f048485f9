import type { Connector } from '#mirror/connector.ts';
import { sourceSteps } from '#mirror/source-steps.ts';
import { documentClient } from '#platform/aws-dynamodb.ts';
import { kmsClient } from '#platform/aws-kms.ts';
import { sqsClient } from '#platform/aws-sqs.ts';
import { logLine } from '#platform/log.ts';
import { openMessageQueue } from '#platform/message-queue.ts';
import { requiredVariable, systemPorts } from '#platform/ports.ts';
import { openVault } from '#platform/vault.ts';
import { openSlots } from '#store/slots.ts';
import { openTable } from '#store/table.ts';
import { createSyncHandler, type SyncFunctionOptions } from './handler.ts';
import { sourceRegistration } from './source-registration.ts';

/** What not every integration's function has, and none carries that does not need it. */
export type SyncFunctionParts = Pick<SyncFunctionOptions, 'openDesk' | 'openHooks'>;

/**
 * The deployed function of an integration whose source is asked: its connector, its OAuth login where its source has one (`openOAuthDesk`),
 * what takes its events where it sends them (`createHooks`), and the table, queues and key that the stack names in the environment. Called
 * once per process; throws when a variable or a part is missing.
 */
export function syncFunction(connector: Connector, parts: SyncFunctionParts = {}): ReturnType<typeof createSyncHandler> {
  return createSyncHandler({ ...syncFunctionOptions(connector), ...parts, steps: () => sourceSteps });
}

/** What every integration's function is made of; what its runs do comes on top. */
export function syncFunctionOptions(connector: Connector): Omit<SyncFunctionOptions, 'steps'> {
  const system = systemPorts();
  const client = documentClient();
  const tableName = requiredVariable(process.env, 'TABLE_NAME');
  const sqs = sqsClient();
  const bulkQueueUrl = requiredVariable(process.env, 'BULK_QUEUE_URL');
  const vault = openVault(kmsClient(), requiredVariable(process.env, 'KEY_ID'));
  return {
    connector,
    system,
    table: openTable({ client, tableName, now: system.now, sleep: system.sleep, random: system.random }),
    slots: openSlots({ client, tableName }),
    cycleQueue: openMessageQueue(sqs, requiredVariable(process.env, 'CYCLE_QUEUE_URL')),
    bulkQueue: openMessageQueue(sqs, bulkQueueUrl),
    bulkQueueName: bulkQueueUrl.slice(bulkQueueUrl.lastIndexOf('/') + 1),
    vault,
    allowLoopback: process.env.PROTIV_LOOPBACK === '1',
    ...sourceRegistration(connector.manifest.provider, vault, process.env),
    log: logLine,
  };
}
