/** What a worker thread is started with. */
export type WorkerStart = {
  /** Module file and export name of the handler. */
  readonly file: string;
  readonly handler: string;
  /** Counts messages from the host; the worker sleeps on it, so that nothing runs between two events. */
  readonly signal: Int32Array<SharedArrayBuffer>;
  readonly port: import('node:worker_threads').MessagePort;
};

/** One event for a worker. Event and result travel as JSON text, as they do on Lambda. */
export type Invoke = {
  readonly requestId: string;
  readonly event: string;
  /** Milliseconds since the epoch at which the host ends the worker. */
  readonly deadlineMs: number;
  readonly context: InvokeContext;
};

/** The members of the context object that do not change while an event runs. */
export type InvokeContext = {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
};

/** A thrown value in the shape in which Lambda answers it. */
export type LambdaError = { readonly errorType: string; readonly errorMessage: string; readonly trace?: readonly string[] };

/** What a worker tells the host. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'done'; readonly requestId: string; readonly result: string }
  | { readonly kind: 'failed'; readonly requestId: string | null; readonly error: LambdaError };
