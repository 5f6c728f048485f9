import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws/error.ts';
import { type Clock, createAlarm } from '../clock.ts';
import { createDueQueue } from '../events/due-queue.ts';
import type { MessageAttribute, Queues } from '../events/sqs.ts';
import type { Caller, Iam } from '../iam/iam.ts';
import { openJournal } from '../journal.ts';
import { integerOf, objectOf, textOf } from '../json.ts';
import type { Template } from '../template/template.ts';
import type { InvokeResult, Pool } from './pool.ts';

/** Lambda's own queue for events that nobody waits for: rules, schedules, and Invoke with type Event. */
export type AsyncInvoker = {
  /** Stores an event for a function; it runs as soon as there is room. */
  enqueue(functionArn: string, payload: string): void;
  /** Events that run or could run now; those that wait for a retry are not counted. */
  readonly busy: boolean;
  readonly waiting: number;
  stop(): void;
};

type Pending = {
  readonly functionArn: string;
  readonly payload: string;
  readonly enqueuedAt: number;
  readonly dueAt: number;
  readonly attempts: number;
};
type Rules = { readonly retries: number; readonly maximumAgeMs: number; readonly failureArn: string | null };

const PAYLOAD_LIMIT_BYTES = 1_048_576;
const DEFAULT_RULES: Rules = { retries: 2, maximumAgeMs: 6 * 3_600_000, failureArn: null };
/** Waits before the second and third attempt, as Lambda has them. */
export const ASYNC_RETRY_MS: readonly number[] = [60_000, 120_000];

export type AsyncOptions = {
  readonly template: Template;
  readonly pools: ReadonlyMap<string, Pool>;
  readonly queues: Queues;
  readonly iam: Iam;
  readonly callerOf: (functionArn: string) => Caller;
  readonly clock: Clock;
  readonly path: string;
  readonly retryMs: readonly number[];
  readonly onLost: (what: string) => void;
};

/** Opens the queue with the events that an earlier run left. */
export function createAsyncInvoker(options: AsyncOptions): AsyncInvoker {
  const { pools, clock, retryMs } = options;
  const rules = readRules(options.template);
  const stored = openJournal<Pending>(options.path);
  const due = createDueQueue();
  const ready = new Map<string, string[]>();
  let running = 0;
  let stopped = false;
  const alarm = createAlarm(clock, advance);

  for (const [id, { dueAt }] of stored.entries()) due.add(id, dueAt);

  function advance(): void {
    if (stopped) return;
    for (let next = due.take(clock.now()); next !== undefined; next = due.take(clock.now())) {
      const pending = stored.get(next.key);
      if (pending === undefined) continue;
      const list = ready.get(pending.functionArn) ?? [];
      ready.set(pending.functionArn, list);
      list.push(next.key);
    }
    if (due.next !== Number.POSITIVE_INFINITY) alarm.at(due.next);
    for (const [functionArn, ids] of ready) {
      const pool = pools.get(functionArn);
      while (pool !== undefined && pool.spare > 0 && ids.length > 0) void attempt(ids.shift()!, pool);
    }
  }

  async function attempt(id: string, pool: Pool): Promise<void> {
    const pending = stored.get(id)!;
    running += 1;
    try {
      const result = await pool.invoke(pending.payload, 'event');
      if (stopped) return;
      if (result.functionError === null) stored.remove(id);
      else failed(id, pending, pool, result);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (stopped) return;
      // Throttled: Lambda tries again until the event is too old, without counting an attempt.
      postpone(id, { ...pending, attempts: pending.attempts - 1 }, 1_000);
    } finally {
      running -= 1;
      if (!stopped) advance();
    }
  }

  function failed(id: string, pending: Pending, pool: Pool, result: InvokeResult): void {
    const rule = rules.get(pending.functionArn) ?? DEFAULT_RULES;
    const aged = clock.now() - pending.enqueuedAt >= rule.maximumAgeMs;
    if (pending.attempts >= rule.retries || aged) {
      giveUp(options, pending, pool, result, rule, aged ? 'EventAgeExceeded' : 'RetriesExhausted');
      stored.remove(id);
    } else {
      postpone(id, pending, retryMs[Math.min(pending.attempts, retryMs.length - 1)] ?? 0);
    }
  }

  function postpone(id: string, pending: Pending, waitMs: number): void {
    const dueAt = clock.now() + waitMs;
    stored.patch(id, { attempts: pending.attempts + 1, dueAt });
    due.add(id, dueAt);
  }

  // Event sources share the room of a function; what they give back comes without a sign.
  const patience = setInterval(() => advance(), 200);
  advance();

  return {
    enqueue: (functionArn, payload) => {
      if (Buffer.byteLength(payload) > PAYLOAD_LIMIT_BYTES) {
        throw new AwsError(
          'RequestTooLargeException',
          `${PAYLOAD_LIMIT_BYTES} bytes payload is too large for the Event invocation type`,
          { status: 413 },
        );
      }
      const now = clock.now();
      const id = randomUUID();
      stored.put(id, { functionArn, payload, enqueuedAt: now, dueAt: now, attempts: 0 });
      due.add(id, now);
      queueMicrotask(advance);
    },
    get busy() {
      return running > 0 || due.next <= clock.now() || [...ready.values()].some((ids) => ids.length > 0);
    },
    get waiting() {
      return [...stored.entries()].length - running;
    },
    stop: () => {
      stopped = true;
      alarm.stop();
      clearInterval(patience);
      stored.close();
    },
  };
}

function readRules(template: Template): Map<string, Rules> {
  const rules = new Map<string, Rules>();
  const functions = template.of('AWS::Lambda::Function');
  for (const { properties, id } of template.of('AWS::Lambda::EventInvokeConfig')) {
    const name = textOf(properties.FunctionName, `FunctionName of ${id}`);
    const target = functions.find((one) => one.ref === name || one.attribute('Arn') === name);
    if (target === undefined) throw new Error(`${id} configures an unknown function ${name}`);
    const { OnFailure, OnSuccess } = objectOf(properties.DestinationConfig, `DestinationConfig of ${id}`);
    if (OnSuccess !== undefined) throw new Error(`${id}: destinations for success are not run by the local host`);
    rules.set(target.attribute('Arn'), {
      retries: integerOf(properties.MaximumRetryAttempts, DEFAULT_RULES.retries, `retries of ${id}`),
      maximumAgeMs: integerOf(properties.MaximumEventAgeInSeconds, 21_600, `age of ${id}`) * 1000,
      failureArn: OnFailure === undefined ? null : textOf(objectOf(OnFailure, id).Destination, `OnFailure of ${id}`),
    });
  }
  return rules;
}

function giveUp(options: AsyncOptions, pending: Pending, pool: Pool, result: InvokeResult, rule: Rules, condition: string): void {
  const { queues, iam, callerOf, onLost, clock } = options;
  const { definition } = pool;
  const send = (queueArn: string, body: string, attributes: Record<string, MessageAttribute>) => {
    const queue = queues.byArn(queueArn);
    if (queue === undefined) throw new Error(`${definition.name}: ${queueArn} is no queue of the templates`);
    const allowed = iam.allows(callerOf(definition.arn), { action: 'sqs:SendMessage', resource: queueArn });
    if (allowed) queue.send(body, { attributes });
    else onLost(`${definition.name}: its role may not send failed events to ${queueArn}`);
  };
  if (rule.failureArn !== null) {
    const record = {
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: {
        requestId: result.requestId,
        functionArn: `${definition.arn}:$LATEST`,
        condition,
        approximateInvokeCount: pending.attempts + 1,
      },
      requestPayload: JSON.parse(pending.payload) as unknown,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: result.functionError },
      responsePayload: JSON.parse(result.payload) as unknown,
    };
    send(rule.failureArn, JSON.stringify(record), {});
  }
  if (definition.deadLetterArn !== null) {
    const { errorMessage } = JSON.parse(result.payload) as { errorMessage?: string };
    send(definition.deadLetterArn, pending.payload, {
      RequestID: { DataType: 'String', StringValue: result.requestId },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: (errorMessage ?? '').slice(0, 1024) || '-' },
    });
  }
  if (rule.failureArn === null && definition.deadLetterArn === null)
    onLost(`${definition.name}: an asynchronous event failed for good and has no failure queue`);
}
