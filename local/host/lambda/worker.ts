// The inside of a worker thread: Lambda's runtime loop around one function's bundle. The host reads this file, takes
// the types out and starts it as text, so it imports nothing but Node's own modules.
import { format } from 'node:util';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Invoke, LambdaError, WorkerMessage, WorkerStart } from './messages.ts';

const { file, handler: handlerName, signal, port } = workerData as WorkerStart;
const tell = (message: WorkerMessage) => port.postMessage(message);
let requestId: string | null = null;

captureOutput();
if (process.env.NODE_OPTIONS?.includes('--enable-source-maps')) process.setSourceMapsEnabled(true);
const handler = await load();
if (handler !== null) {
  tell({ kind: 'ready' });
  for (;;) await runOne(handler, sleepUntilEvent());
}

type Handler = (event: unknown, context: object) => unknown;

async function load(): Promise<Handler | null> {
  try {
    const module: Record<string, unknown> = await import(file);
    const found = module[handlerName];
    if (typeof found === 'function') return found as Handler;
    throw Object.assign(new Error(`${handlerName} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  } catch (error) {
    tell({ kind: 'failed', requestId: null, error: describe(error) });
    return null;
  }
}

/**
 * Blocks the whole thread until the host sends an event: like a frozen Lambda environment, no timer, promise or socket
 * of the function moves in between.
 */
function sleepUntilEvent(): Invoke {
  for (;;) {
    const seen = Atomics.load(signal, 0);
    const received: { message: Invoke } | undefined = receiveMessageOnPort(port);
    if (received !== undefined) return received.message;
    Atomics.wait(signal, 0, seen);
  }
}

async function runOne(handle: Handler, { requestId: id, event, deadlineMs, context }: Invoke): Promise<void> {
  requestId = id;
  // A thawed environment gets the news of its sockets (closed meanwhile, say) before the handler starts. The first turn may
  // end before the event loop has looked at them, the second cannot.
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  try {
    const result = await handle(JSON.parse(event), {
      ...context,
      awsRequestId: id,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    });
    tell({ kind: 'done', requestId: id, result: toJson(result) });
  } catch (error) {
    const described = describe(error);
    write(`${line('ERROR')}Invoke Error\t${JSON.stringify({ ...described, stack: described.trace })}\n`);
    tell({ kind: 'failed', requestId: id, error: described });
  }
}

function toJson(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (error) {
    throw Object.assign(new Error(`Unable to stringify response body as json: ${String(error)}`), {
      name: 'Runtime.MarshalError',
    });
  }
}

function describe(error: unknown): LambdaError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  const causes = error.cause instanceof Error ? ['Caused by:', ...(error.cause.stack ?? '').split('\n')] : [];
  return { errorType: error.name, errorMessage: error.message, trace: [...(error.stack ?? '').split('\n'), ...causes] };
}

function line(level: string): string {
  return `${new Date().toISOString()}\t${requestId ?? '-'}\t${level}\t`;
}

function write(text: string): void {
  tell({ kind: 'log', text });
}

// Output goes straight to the host: Node's own streams need the event loop, which stands still after an answer.
function captureOutput(): void {
  const asText = (chunk: unknown) => (typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString());
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: unknown, ...rest: unknown[]): boolean => {
      write(asText(chunk));
      const done = rest.at(-1);
      if (typeof done === 'function') queueMicrotask(() => done());
      return true;
    };
  }
  const levels = { debug: 'DEBUG', info: 'INFO', log: 'INFO', warn: 'WARN', error: 'ERROR', trace: 'TRACE' } as const;
  for (const [method, level] of Object.entries(levels)) {
    Object.assign(console, { [method]: (...values: unknown[]) => write(`${line(level)}${format(...values)}\n`) });
  }
}
