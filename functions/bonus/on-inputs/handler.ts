import { sqsClient } from '#platform/aws-sqs.ts';
import { openMessageQueue } from '#platform/message-queue.ts';
import { requiredVariable } from '#platform/ports.ts';
import { bonusPorts } from '../environment.ts';
import { type InputsEvent, inputsHandler } from './handle.ts';

const later = openMessageQueue(sqsClient(process.env), requiredVariable(process.env, 'RECALC_QUEUE_URL'));
const handle = inputsHandler({ ...bonusPorts(process.env), later });

/** Lambda entry: batches of the table's stream, and messages of the recalculation queue. */
export const handler = (event: InputsEvent, context: { readonly awsRequestId: string }) => handle(event, context.awsRequestId);
