import { randomUUID } from 'node:crypto';
import { type Clock, createAlarm } from '../clock.ts';
import { openJournal } from '../journal.ts';
import { createDueQueue } from './due-queue.ts';
import type { QueueDefinition } from './queue-definition.ts';

/** A message attribute as the wire carries it. */
export type MessageAttribute = { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string };

/** A message as it is kept. Instants are milliseconds since the epoch. */
export type Message = {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly senderId: string;
  readonly sentAt: number;
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt: number | null;
  /** The queue that gave the message up, on a dead-letter queue. */
  readonly sourceArn: string | null;
  /** Whether an injected second delivery already happened. */
  readonly repeated: boolean;
};
export type Received = Message & { readonly receipt: string };

export type SendOptions = {
  readonly attributes?: Message['attributes'];
  readonly delayMs?: number;
  readonly senderId?: string;
  readonly sourceArn?: string;
};

/** One queue: at least once, roughly in order. */
export type Queue = {
  readonly definition: QueueDefinition;
  /** Stores a message and answers its id. */
  send(body: string, options?: SendOptions): string;
  /** Hands out up to `limit` visible messages and hides them; those received too often move to the dead-letter queue instead. */
  receive(limit: number, visibilityMs?: number): Received[];
  /** Removes a message by its newest receipt; an older receipt does nothing, as on SQS. */
  remove(receipt: string): void;
  /** Makes a message in flight visible after a time; false where the receipt is old or the message is not in flight. */
  changeVisibility(receipt: string, visibilityMs: number): boolean;
  /** How many messages can be received now. */
  readonly visible: number;
  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number };
  messages(): Message[];
  /** Calls when messages become visible. Answers how to stop that. */
  onVisible(listener: () => void): () => void;
  close(): void;
};

export type QueueOptions = {
  readonly definition: QueueDefinition;
  readonly path: string;
  readonly clock: Clock;
  /** Moves a message that was received too often. */
  readonly redrive: (message: Message, source: QueueDefinition) => void;
  /** Whether a message that is being deleted shall be delivered once more (injected). */
  readonly repeats: () => boolean;
};

/**
 * Opens a queue with the messages that an earlier run left. What was in flight then is visible at once: its consumer
 * ended with the host, and nobody gains by waiting out its time.
 */
export function openQueue({ definition, path, clock, redrive, repeats }: QueueOptions): Queue {
  const stored = openJournal<Message>(path);
  const visible = new Set<string>();
  const hidden = createDueQueue();
  const listeners = new Set<() => void>();
  const alarm = createAlarm(clock, settle);

  for (const [id, message] of stored.entries()) {
    if (message.receiveCount > 0) stored.patch(id, { visibleAt: 0 });
    hidden.add(id, message.receiveCount > 0 ? 0 : message.visibleAt);
  }

  /** Moves what has become due into sight and sets the alarm to the next one. */
  function settle(): void {
    const now = clock.now();
    let woken = false;
    for (let next = hidden.take(now); next !== undefined; next = hidden.take(now)) {
      if (stored.get(next.key)?.visibleAt !== next.dueMs) continue;
      visible.add(next.key);
      woken = true;
    }
    if (hidden.next !== Number.POSITIVE_INFINITY) alarm.at(hidden.next);
    if (woken) for (const listener of listeners) queueMicrotask(listener);
  }

  const hide = (id: string, visibleAt: number) => {
    stored.patch(id, { visibleAt });
    visible.delete(id);
    hidden.add(id, visibleAt);
    settle();
  };

  const held = (receipt: string): Message | undefined => {
    const [id = '', count] = Buffer.from(receipt, 'base64url').toString().split('#');
    const message = stored.get(id);
    return message !== undefined && String(message.receiveCount) === count ? message : undefined;
  };

  settle();

  return {
    definition,
    send: (body, { attributes = {}, delayMs = definition.delayMs, senderId = 'AIDAPROTIVLOCAL', sourceArn } = {}) => {
      const now = clock.now();
      const id = randomUUID();
      const visibleAt = now + delayMs;
      stored.put(id, {
        id,
        body,
        attributes,
        senderId,
        sentAt: now,
        visibleAt,
        receiveCount: 0,
        firstReceivedAt: null,
        sourceArn: sourceArn ?? null,
        repeated: false,
      });
      hidden.add(id, visibleAt);
      settle();
      return id;
    },
    receive: (limit, visibilityMs = definition.visibilityMs) => {
      settle();
      const now = clock.now();
      const received: Received[] = [];
      for (const id of visible) {
        if (received.length >= limit) break;
        const message = stored.get(id);
        visible.delete(id);
        if (message === undefined) continue;
        if (now - message.sentAt >= definition.retentionMs) {
          stored.remove(id);
        } else if (definition.redrive !== null && message.receiveCount >= definition.redrive.maxReceiveCount) {
          stored.remove(id);
          redrive(message, definition);
        } else {
          const change = {
            receiveCount: message.receiveCount + 1,
            firstReceivedAt: message.firstReceivedAt ?? now,
            visibleAt: now + visibilityMs,
          };
          stored.patch(id, change);
          hidden.add(id, change.visibleAt);
          received.push({ ...message, ...change, receipt: Buffer.from(`${id}#${change.receiveCount}`).toString('base64url') });
        }
      }
      settle();
      return received;
    },
    remove: (receipt) => {
      const message = held(receipt);
      if (message === undefined) return;
      if (!message.repeated && repeats()) {
        stored.patch(message.id, { repeated: true });
        hide(message.id, clock.now());
      } else {
        visible.delete(message.id);
        stored.remove(message.id);
      }
    },
    changeVisibility: (receipt, visibilityMs) => {
      const message = held(receipt);
      if (message === undefined || message.visibleAt <= clock.now()) return false;
      hide(message.id, clock.now() + visibilityMs);
      return true;
    },
    get visible() {
      settle();
      return visible.size;
    },
    counts: () => {
      settle();
      const waiting = [...stored.entries()].filter(([id]) => !visible.has(id));
      const inFlight = waiting.filter(([, message]) => message.receiveCount > 0).length;
      return { visible: visible.size, inFlight, delayed: waiting.length - inFlight };
    },
    messages: () => [...stored.entries()].map(([, message]) => message),
    onVisible: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      alarm.stop();
      listeners.clear();
      stored.close();
    },
  };
}

/** All queues, by ARN and by URL or name. */
export type Queues = {
  byArn(arn: string): Queue | undefined;
  byUrl(url: string): Queue | undefined;
  readonly all: readonly Queue[];
  close(): void;
};

/** Opens every queue; each keeps its messages in a file of its own under `directory`. */
export function openQueues(
  definitions: readonly QueueDefinition[],
  directory: string,
  clock: Clock,
  repeats: () => boolean,
): Queues {
  const byArn = new Map<string, Queue>();
  const redrive: QueueOptions['redrive'] = (message, source) => {
    const target = byArn.get(source.redrive!.targetArn);
    target!.send(message.body, { attributes: message.attributes, senderId: message.senderId, sourceArn: source.arn, delayMs: 0 });
  };
  for (const definition of definitions) {
    byArn.set(definition.arn, openQueue({ definition, path: `${directory}/${definition.name}.jsonl`, clock, redrive, repeats }));
  }
  const all = [...byArn.values()];
  return {
    all,
    byArn: (arn) => byArn.get(arn),
    byUrl: (url) => all.find(({ definition: { name } }) => name === url.slice(url.lastIndexOf('/') + 1)),
    close: () => {
      for (const queue of all) queue.close();
    },
  };
}
