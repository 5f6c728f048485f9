import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Invoke, LambdaError, WorkerMessage, WorkerStart } from './messages.ts';

/** What an environment needs to run a function's bundle. */
export type EnvironmentOptions = {
  /** URL of the module. */
  readonly file: string;
  readonly handler: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly log: (text: string) => void;
};

export type Outcome = { readonly ok: true; readonly result: string } | { readonly ok: false; readonly error: LambdaError };

/** One execution environment: a worker thread that runs one event at a time and stands still in between. */
export type Environment = {
  /** Resolves when the bundle is loaded; an error of the load is the outcome of every event. */
  readonly ready: Promise<LambdaError | null>;
  run(invoke: Invoke, timeoutMs: number): Promise<Outcome>;
  /** False once the thread has ended; it takes no further event. */
  readonly alive: boolean;
  stop(): Promise<void>;
};

// Lambda gives the load of a bundle ten seconds of its own before the function's time-out begins.
const LOAD_LIMIT_MS = 10_000;
// The young generation stands beside the limit that the template gives; a small one keeps idle environments small.
const YOUNG_GENERATION_MB = 16;

/** Starts a thread with exactly the given variables as its process environment. */
export function startEnvironment({ file, handler, variables, memoryMb, log }: EnvironmentOptions): Environment {
  const { port1: port, port2: inner } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const start: WorkerStart = { file, handler, signal, port: inner };
  const worker = new Worker(programUrl(), {
    workerData: start,
    transferList: [inner],
    env: { ...variables },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  let alive = true;
  let settle: ((outcome: Outcome) => void) | undefined;
  let loaded: ((error: LambdaError | null) => void) | undefined;
  const ready = new Promise<LambdaError | null>((resolve) => {
    loaded = resolve;
  });
  const loadTimer = setTimeout(
    () => end({ errorType: 'Sandbox.Timedout', errorMessage: 'Loading the function took longer than 10 s' }),
    LOAD_LIMIT_MS,
  );

  const finish = (outcome: Outcome) => {
    const resolve = settle;
    settle = undefined;
    resolve?.(outcome);
  };
  const finishLoad = (error: LambdaError | null) => {
    clearTimeout(loadTimer);
    loaded?.(error);
    loaded = undefined;
  };
  const end = (error: LambdaError) => {
    alive = false;
    finishLoad(error);
    finish({ ok: false, error });
    port.close();
    return worker.terminate();
  };

  port.on('message', (message: WorkerMessage) => {
    if (message.kind === 'log') log(message.text);
    else if (message.kind === 'ready') finishLoad(null);
    else if (message.kind === 'done') finish({ ok: true, result: message.result });
    else if (message.requestId === null) void end(message.error);
    else finish({ ok: false, error: message.error });
  });
  worker.on('error', (error: unknown) => void end(crashed(error)));
  worker.on(
    'exit',
    (code) => void end({ errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with exit status ${code}` }),
  );

  return {
    ready,
    get alive() {
      return alive;
    },
    run: async (invoke, timeoutMs) => {
      if (!alive)
        return { ok: false, error: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited before the event' } };
      const timeout = setTimeout(() => void end(timedOut(invoke.requestId, timeoutMs)), timeoutMs);
      const outcome = await new Promise<Outcome>((resolve) => {
        settle = resolve;
        port.postMessage(invoke);
        Atomics.add(signal, 0, 1);
        Atomics.notify(signal, 0);
      });
      clearTimeout(timeout);
      return outcome;
    },
    stop: async () => {
      await end({ errorType: 'Runtime.ExitError', errorMessage: 'The local host was stopped' });
    },
  };
}

function timedOut(requestId: string, timeoutMs: number): LambdaError {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  };
}

function crashed(error: unknown): LambdaError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return { errorType: 'Runtime.OutOfMemory', errorMessage: 'Runtime exited with error: signal: killed' };
  if (!(error instanceof Error)) return { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(error) };
  return {
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: `${error.name}: ${error.message}`,
    trace: (error.stack ?? '').split('\n'),
  };
}

let program: URL | undefined;

// The worker's program as plain JavaScript text, made once: a thread that loads TypeScript by itself takes nearly twice the
// time and the memory.
function programUrl(): URL {
  if (program === undefined) {
    const source = readFileSync(new URL('./worker.ts', import.meta.url), 'utf8');
    const warn = process.emitWarning;
    // Only the notice that this function of Node is young is kept from the console.
    process.emitWarning = () => undefined;
    try {
      program = new URL(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(source))}`);
    } finally {
      process.emitWarning = warn;
    }
  }
  return program;
}
