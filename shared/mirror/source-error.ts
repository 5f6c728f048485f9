/**
 * A failed read of a source, sorted by what follows (M-91): retries are over when one of these leaves `SourceHttp`.
 * `scope: 'stream'` fails one stream and lets the others go on; `'run'` ends the run.
 */
export type SourceErrorCode =
  | 'bad_response'
  | 'request_rejected'
  | 'endpoint_gone'
  | 'reauth_required'
  | 'scope_missing'
  | 'source_account_suspended'
  | 'rate_limited'
  | 'source_unavailable'
  | 'account_mismatch'
  | 'paging_loop'
  | 'host_refused'
  | 'schema_drift'
  | 'file_gone';

interface Meaning {
  readonly who: 'customer' | 'nobody' | 'us';
  readonly scope: 'stream' | 'run';
  /** `interrupted`: goes on from its checkpoint by itself; `failed`: the watermark does not move. */
  readonly outcome: 'failed' | 'interrupted';
}

export const SOURCE_ERRORS: Readonly<Record<SourceErrorCode, Meaning>> = {
  bad_response: { who: 'nobody', scope: 'stream', outcome: 'failed' },
  request_rejected: { who: 'us', scope: 'stream', outcome: 'failed' },
  endpoint_gone: { who: 'us', scope: 'stream', outcome: 'failed' },
  reauth_required: { who: 'customer', scope: 'run', outcome: 'failed' },
  scope_missing: { who: 'customer', scope: 'stream', outcome: 'failed' },
  source_account_suspended: { who: 'customer', scope: 'run', outcome: 'failed' },
  rate_limited: { who: 'nobody', scope: 'run', outcome: 'interrupted' },
  source_unavailable: { who: 'nobody', scope: 'run', outcome: 'interrupted' },
  account_mismatch: { who: 'customer', scope: 'run', outcome: 'failed' },
  paging_loop: { who: 'us', scope: 'stream', outcome: 'failed' },
  schema_drift: { who: 'us', scope: 'stream', outcome: 'failed' },
  host_refused: { who: 'us', scope: 'run', outcome: 'failed' },
  file_gone: { who: 'customer', scope: 'run', outcome: 'failed' },
};

/** The leg's own time or calls are used up: no fault of the source, and nothing to report. The run goes on in a new leg (M-80). */
export class OutOfTime extends Error {}

/**
 * What a 200 really says, where a source tells its refusals in the body: thrown by a request's `accept`, and treated like an answer with
 * that status.
 */
export class AnsweredAs extends Error {
  readonly status: 401 | 403 | 429;
  /** Seconds to wait, as a Retry-After would say. */
  readonly retryAfterSeconds: number | null;

  constructor(status: AnsweredAs['status'], retryAfterSeconds: number | null = null) {
    super(`200 that means ${status}`);
    this.name = 'AnsweredAs';
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export class SourceError extends Error {
  readonly code: SourceErrorCode;
  /** Text safe to show: never a secret, never the source's own words. */
  readonly detail: string;
  readonly retryAfterMs: number | null;

  constructor(code: SourceErrorCode, detail: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SourceError';
    this.code = code;
    this.detail = detail;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  get meaning(): Meaning {
    return SOURCE_ERRORS[this.code];
  }
}
