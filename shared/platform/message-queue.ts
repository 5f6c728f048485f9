import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { AppError } from '#kernel/errors.ts';

/** A queue that takes messages of text. */
export interface MessageQueue {
  /** Sends all messages or throws: the service answers for each entry, so a partly refused batch is a failure. */
  send(bodies: readonly string[], delaySeconds?: number): Promise<void>;
}

const BATCH = 10;

/** Opens a queue by its URL. */
export function openMessageQueue(client: SQSClient, queueUrl: string): MessageQueue {
  return {
    send: async (bodies, delaySeconds = 0) => {
      for (let at = 0; at < bodies.length; at += BATCH) {
        const Entries = bodies.slice(at, at + BATCH).map((MessageBody, index) => ({
          Id: String(index),
          MessageBody,
          ...(delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {}),
        }));
        const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
        const failed = answer.Failed ?? [];
        if (failed.length > 0)
          throw new AppError('queue-refused', { category: 'transient', detail: `${failed.length} messages were refused` });
      }
    },
  };
}
