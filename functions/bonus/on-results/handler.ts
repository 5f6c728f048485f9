import { sqsClient } from '#platform/aws-sqs.ts';
import { openMessageQueue } from '#platform/message-queue.ts';
import { requiredVariable } from '#platform/ports.ts';
import type { StreamRecord } from '#store/stream-image.ts';
import { bonusPorts } from '../environment.ts';
import { resultsHandler } from './handle.ts';

const sqs = sqsClient(process.env);
const handle = resultsHandler({
  ...bonusPorts(process.env),
  events: openMessageQueue(sqs, requiredVariable(process.env, 'EVENTS_QUEUE_URL')),
  mails: openMessageQueue(sqs, requiredVariable(process.env, 'MAIL_QUEUE_URL')),
});

/** Lambda entry: batches of the table's stream with results, line items and statements. */
export const handler = (event: { readonly Records: readonly StreamRecord[] }, context: { readonly awsRequestId: string }) =>
  handle(event, context.awsRequestId);
