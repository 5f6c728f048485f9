import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws/error.ts';
import { type Environment, type Outcome, startEnvironment } from './environment.ts';
import type { FunctionDefinition } from './functions.ts';
import type { InvokeContext } from './messages.ts';

/** What an invocation gives: the payload as JSON text, and `functionError` where the function failed. */
export type InvokeResult = { readonly requestId: string; readonly payload: string; readonly functionError: 'Unhandled' | null };

/** What goes wrong on purpose with the next invocations of a function. */
export type InvocationFault = 'throttle' | 'crash' | 'lose-answer';

export type PoolOptions = {
  readonly definition: FunctionDefinition;
  readonly variables: Readonly<Record<string, string>>;
  /** How many events of queues, streams and rules run at once. */
  readonly concurrency: number;
  readonly idleMs: number;
  readonly log: (text: string) => void;
  readonly fault: () => InvocationFault | undefined;
  readonly onEnd: (failed: boolean, durationMs: number) => void;
};

/** The execution environments of one function. */
export type Pool = {
  readonly definition: FunctionDefinition;
  /**
   * Runs one event. `sync` callers (HTTP, authorizer, Invoke) may use a few environments more than event sources, so
   * that a function which waits for another one never waits for events. Throws TooManyRequestsException above the
   * reserved concurrency; above the local limit it waits.
   */
  invoke(payload: string, source: 'sync' | 'event'): Promise<InvokeResult>;
  /** Events that could start now. */
  readonly spare: number;
  readonly running: number;
  readonly environments: number;
  /** Ends environments that were idle for long; one stays six times as long as the others. */
  reap(): void;
  stop(): Promise<void>;
};

const SYNC_EXTRA = 4;
const RESPONSE_LIMIT_BYTES = 6_291_556;

/** Makes an empty pool; environments start on demand. */
export function createPool({ definition, variables, concurrency, idleMs, log, fault, onEnd }: PoolOptions): Pool {
  const idle: { environment: Environment; since: number }[] = [];
  const all = new Set<Environment>();
  const waiting: { source: 'sync' | 'event'; start: () => void }[] = [];
  const logStreamName = `[$LATEST]${randomUUID().replaceAll('-', '')}`;
  const context: InvokeContext = {
    functionName: definition.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: definition.arn,
    memoryLimitInMB: String(definition.memoryMb),
    logGroupName: definition.logGroup,
    logStreamName,
  };
  const eventLimit = Math.min(concurrency, definition.reservedConcurrency ?? concurrency);
  let running = 0;
  let stopped = false;

  const limit = (source: 'sync' | 'event') => (source === 'event' ? eventLimit : concurrency + SYNC_EXTRA);

  const begin = (): Environment => {
    const environment = startEnvironment({
      file: definition.file,
      handler: definition.handler,
      variables: { ...variables, AWS_LAMBDA_LOG_STREAM_NAME: logStreamName },
      memoryMb: definition.memoryMb,
      log,
    });
    all.add(environment);
    return environment;
  };

  const release = (environment: Environment) => {
    running -= 1;
    if (environment.alive && !stopped) idle.push({ environment, since: performance.now() });
    else all.delete(environment);
    const next = waiting.findIndex(({ source }) => running < limit(source));
    if (next !== -1) waiting.splice(next, 1)[0]!.start();
  };

  const slot = (source: 'sync' | 'event'): Promise<void> => {
    if (running < limit(source)) {
      running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      waiting.push({
        source,
        start: () => {
          running += 1;
          resolve();
        },
      });
    });
  };

  const runOn = async (environment: Environment, requestId: string, payload: string): Promise<Outcome> => {
    const failure = await environment.ready;
    if (failure !== null) return { ok: false, error: failure };
    const deadlineMs = Date.now() + definition.timeoutMs;
    return environment.run({ requestId, event: payload, deadlineMs, context }, definition.timeoutMs);
  };

  return {
    definition,
    get spare() {
      return Math.max(0, eventLimit - running);
    },
    get running() {
      return running + waiting.length;
    },
    get environments() {
      return all.size;
    },
    invoke: async (payload, source) => {
      const trouble = fault();
      const reserved = definition.reservedConcurrency;
      if (trouble === 'throttle' || (reserved !== null && running + waiting.length >= reserved)) {
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
          status: 429,
          fields: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
        });
      }
      const requestId = randomUUID();
      await slot(source);
      if (stopped) return failed(requestId, { errorType: 'Runtime.ExitError', errorMessage: 'The local host was stopped' });
      const environment = idle.pop()?.environment ?? begin();
      const startedAt = performance.now();
      let failing = true;
      try {
        if (trouble === 'crash') await environment.stop();
        const outcome = await runOn(environment, requestId, payload);
        if (trouble === 'lose-answer')
          return failed(requestId, { errorType: 'Runtime.ExitError', errorMessage: 'Injected: the answer was lost' });
        if (!outcome.ok) {
          log(`${new Date().toISOString()} ${requestId} ${outcome.error.errorType}: ${outcome.error.errorMessage}\n`);
          return failed(requestId, outcome.error);
        }
        if (Buffer.byteLength(outcome.result) > RESPONSE_LIMIT_BYTES) {
          const errorMessage = `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT_BYTES} bytes).`;
          return failed(requestId, { errorType: 'Function.ResponseSizeTooLarge', errorMessage });
        }
        failing = false;
        return { requestId, payload: outcome.result, functionError: null };
      } finally {
        onEnd(failing, performance.now() - startedAt);
        release(environment);
      }
    },
    reap: () => {
      const now = performance.now();
      // The oldest stand first: those used last are taken first, so the others fall idle.
      for (;;) {
        const patience = idle.length === 1 && all.size === 1 ? 6 * idleMs : idleMs;
        const [oldest] = idle;
        if (oldest === undefined || now - oldest.since < patience) return;
        idle.shift();
        all.delete(oldest.environment);
        void oldest.environment.stop();
      }
    },
    stop: async () => {
      stopped = true;
      for (const { start } of waiting.splice(0)) start();
      await Promise.all([...all].map((environment) => environment.stop()));
      all.clear();
    },
  };
}

function failed(requestId: string, error: object): InvokeResult {
  return { requestId, payload: JSON.stringify(error), functionError: 'Unhandled' };
}
