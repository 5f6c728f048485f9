import { setTimeout as wait } from 'node:timers/promises';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { AppError } from '#kernel/errors.ts';

/** A message of text; `group` names whose it is, so that one tenant's many messages do not delay another's. */
export type QueueMessage = string | { readonly body: string; readonly group: string };

/** A queue that takes messages of text. */
export interface MessageQueue {
  /** Sends all messages or throws. The service answers for each entry: one that was refused is sent again, and only that one. */
  send(messages: readonly QueueMessage[], delaySeconds?: number): Promise<void>;
}

const BATCH = 10;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 100;

/** Opens a queue by its URL. */
export function openMessageQueue(client: SQSClient, queueUrl: string): MessageQueue {
  return {
    send: async (messages, delaySeconds = 0) => {
      for (let at = 0; at < messages.length; at += BATCH) {
        let pending = messages.slice(at, at + BATCH).map((message, index) => ({
          Id: String(index),
          MessageBody: typeof message === 'string' ? message : message.body,
          ...(typeof message === 'string' ? {} : { MessageGroupId: message.group }),
          ...(delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {}),
        }));
        for (let attempt = 0; pending.length > 0; attempt++) {
          if (attempt >= ATTEMPTS) {
            throw new AppError('queue-refused', { category: 'transient', detail: `${pending.length} messages were refused` });
          }
          if (attempt > 0) await wait(FIRST_WAIT_MS * 2 ** attempt);
          const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: pending }));
          const failed = new Set((answer.Failed ?? []).map((entry) => entry.Id));
          pending = pending.filter((entry) => failed.has(entry.Id));
        }
      }
    },
  };
}
