import type { StreamRecord } from '#store/stream-image.ts';
import { errorLine } from '../ports.ts';
import { decodeMessage } from './messages.ts';
import { type InputsPorts, processBatch, processMessage } from './process-batch.ts';

/** A message of the recalculation queue as Lambda hands it over. */
export interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
  readonly eventSource: 'aws:sqs';
}

/** What wakes the function: records of the stream or messages of the queue, never both. */
export interface InputsEvent {
  readonly Records: readonly (QueueRecord | (StreamRecord & { readonly eventSource?: string }))[];
}

/** Which records Lambda is to deliver again; all others are done. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The function behind its entry: tells the two sources apart and reports per record. */
export function inputsHandler(ports: InputsPorts): (event: InputsEvent, requestId: string) => Promise<BatchAnswer> {
  return async ({ Records }, requestId) => {
    const messages = Records.filter((record): record is QueueRecord => record.eventSource === 'aws:sqs');
    const changes = Records.filter((record): record is StreamRecord => record.eventSource !== 'aws:sqs');
    const failed = [
      ...(changes.length === 0 ? [] : await processBatch(ports, changes, requestId)),
      ...(await failedMessages(ports, messages, requestId)),
    ];
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

async function failedMessages(
  ports: InputsPorts,
  messages: readonly QueueRecord[],
  requestId: string,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { messageId, body } of messages) {
    try {
      await processMessage(ports, decodeMessage(body), requestId);
    } catch (error) {
      ports.log({ level: 'error', message: 'a message stays undone', messageId, ...errorLine(error) });
      failed.push(messageId);
    }
  }
  return failed;
}
