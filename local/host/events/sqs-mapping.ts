import { createHash } from 'node:crypto';
import type { Access, Caller, Iam } from '../iam/iam.ts';
import { integerOf, listOf, objectOf, textsOf } from '../json.ts';
import type { Pool } from '../lambda/pool.ts';
import type { Resolved } from '../template/template.ts';
import { reportedFailures } from './batch-response.ts';
import type { MessageAttribute, Queue, Received } from './sqs.ts';

/** A queue that wakes a function. */
export type SqsMapping = { readonly busy: boolean; stop(): void };

type Settings = {
  readonly batchSize: number;
  readonly windowMs: number;
  readonly maximumConcurrency: number;
  readonly reportsFailures: boolean;
};

// What AWS starts with where no maximum is set; it would grow from there.
const DEFAULT_CONCURRENCY = 5;
const REQUIRED = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/**
 * Starts to poll a queue for a function. Like the service it refuses to, where the role may not read the queue or the
 * visibility timeout is shorter than the function may run. Failed messages wait out their visibility timeout.
 */
export function startSqsMapping(options: {
  resource: Resolved;
  queue: Queue;
  pool: Pool;
  caller: Caller;
  iam: Iam;
  region: string;
}): SqsMapping {
  const { resource, queue, pool, region } = options;
  checkGrants(options);
  const settings = readSettings(resource);
  checkSettings(resource.id, settings, queue, pool);
  let running = 0;
  let stopped = false;
  let windowTimer: NodeJS.Timeout | undefined;

  const deliver = async (batch: readonly Received[]) => {
    running += 1;
    try {
      const event = { Records: batch.map((message) => recordOf(message, queue.definition.arn, region)) };
      const { payload, functionError } = await pool.invoke(JSON.stringify(event), 'event');
      if (functionError !== null || stopped) return;
      const failed = settings.reportsFailures
        ? reportedFailures(
            payload,
            batch.map(({ id }) => id),
          )
        : new Set<string>();
      if (failed === null) return;
      for (const message of batch) if (!failed.has(message.id)) queue.remove(message.receipt);
    } catch (error) {
      // Throttled: the messages come back after their visibility timeout, counted as received, as on AWS.
      if (!isThrottle(error)) throw error;
    } finally {
      running -= 1;
      if (!stopped) fill();
    }
  };

  const fill = () => {
    if (stopped) return;
    clearTimeout(windowTimer);
    windowTimer = undefined;
    while (running < settings.maximumConcurrency && pool.spare > 0) {
      const batch = queue.receive(settings.batchSize);
      if (batch.length === 0) return;
      void deliver(batch);
    }
  };

  // With a window, a batch that is not full waits for more; a full one starts at once.
  const wake = () => {
    if (queue.visible === 0) return;
    if (settings.windowMs === 0 || queue.visible >= settings.batchSize) fill();
    else windowTimer ??= setTimeout(fill, settings.windowMs);
  };

  const unsubscribe = queue.onVisible(wake);
  // Capacity that other event sources of the function hold becomes free without a sign of this queue.
  const patience = setInterval(() => (windowTimer === undefined ? wake() : undefined), 200);
  wake();
  return {
    get busy() {
      return running > 0 || windowTimer !== undefined || queue.visible > 0;
    },
    stop: () => {
      stopped = true;
      clearTimeout(windowTimer);
      clearInterval(patience);
      unsubscribe();
    },
  };
}

function readSettings({ properties, id }: Resolved): Settings {
  if (properties.FilterCriteria !== undefined) throw new Error(`Mapping ${id}: filters on queues are not run by the local host`);
  const scaling = objectOf(properties.ScalingConfig, `ScalingConfig of ${id}`);
  return {
    batchSize: integerOf(properties.BatchSize, 10, `BatchSize of ${id}`),
    windowMs: integerOf(properties.MaximumBatchingWindowInSeconds, 0, `window of ${id}`) * 1000,
    maximumConcurrency: integerOf(scaling.MaximumConcurrency, DEFAULT_CONCURRENCY, `MaximumConcurrency of ${id}`),
    reportsFailures: textsOf(listOf(properties.FunctionResponseTypes), id).includes('ReportBatchItemFailures'),
  };
}

function checkSettings(id: string, settings: Settings, queue: Queue, pool: Pool): void {
  if (settings.batchSize > 10 && settings.windowMs < 1000)
    throw new Error(`Mapping ${id}: a batch size above 10 needs a window of at least 1 s`);
  if (settings.maximumConcurrency < 2) throw new Error(`Mapping ${id}: MaximumConcurrency is at least 2`);
  const { visibilityMs, name } = queue.definition;
  if (visibilityMs >= pool.definition.timeoutMs) return;
  throw new Error(
    `Mapping ${id}: the visibility timeout of ${name} (${visibilityMs} ms) is less than the time-out of its function`,
  );
}

function checkGrants({ resource, queue, caller, iam }: { resource: Resolved; queue: Queue; caller: Caller; iam: Iam }): void {
  const { arn, keyArn } = queue.definition;
  const needed: Access[] = REQUIRED.map((action) => ({ action, resource: arn }));
  if (keyArn !== null) needed.push({ action: 'kms:Decrypt', resource: keyArn });
  for (const access of needed) {
    if (iam.allows(caller, access)) continue;
    throw new Error(
      `Mapping ${resource.id}: the function's role does not have permission to call ${access.action} on ${access.resource}`,
    );
  }
}

function isThrottle(error: unknown): boolean {
  return error instanceof Error && error.name === 'TooManyRequestsException';
}

function recordOf(message: Received, eventSourceARN: string, awsRegion: string): object {
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, attribute]) => [name, lambdaAttribute(attribute)]),
    ),
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion,
  };
}

function lambdaAttribute({ DataType, StringValue, BinaryValue }: MessageAttribute): object {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/** The attributes that the service itself keeps of a message. */
export function systemAttributes(message: Received): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: message.senderId,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    ...(message.sourceArn === null ? {} : { DeadLetterQueueSourceArn: message.sourceArn }),
  };
}

/** The MD5 of a text in hex: the SDK compares it with what it sent or received. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** Whether a mapping is switched on. */
export function isEnabled({ properties }: Resolved): boolean {
  return properties.Enabled !== false && properties.Enabled !== 'false';
}
