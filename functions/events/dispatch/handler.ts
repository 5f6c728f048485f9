import { decodePageMessage } from '#events/page-message.ts';
import { documentClient } from '#platform/aws-dynamodb.ts';
import type { Environment } from '#platform/aws-environment.ts';
import { sqsClient } from '#platform/aws-sqs.ts';
import { logLine } from '#platform/log.ts';
import { openMessageQueue } from '#platform/message-queue.ts';
import { requiredVariable, systemPorts } from '#platform/ports.ts';
import { openTable } from '#store/table.ts';
import { handleEach, type QueueEvent } from '../queue-batch.ts';
import { type DispatchPorts, dispatchPage } from './dispatch.ts';

const environment: Environment = process.env;
const system = systemPorts();
const ports: DispatchPorts = {
  ...system,
  table: openTable({ ...system, client: documentClient(environment), tableName: requiredVariable(environment, 'TABLE_NAME') }),
  deliveries: openMessageQueue(sqsClient(environment), requiredVariable(environment, 'DELIVERY_QUEUE_URL')),
};

/** Lambda entry: messages that announce new pages of feeds. */
export const handler = ({ Records }: QueueEvent) =>
  handleEach(Records, { log: logLine }, (body) => dispatchPage(ports, decodePageMessage(body)));
