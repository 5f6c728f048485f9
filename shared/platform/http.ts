import type { RateHeaders, SourceHttp, SourceRequest, SourceResponse } from '#mirror/connector.ts';
import { type CallFailure, decideRetry } from '#mirror/retry.ts';
import { AnsweredAs, OutOfTime, SourceError } from '#mirror/source-error.ts';
import { CallFault, CallPool } from './https-call.ts';
import { ToldLimit } from './told-limit.ts';

/** M-41. */
const CALL_TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 20 * 1024 * 1024;
/** Longest wait inside a leg for a limit that is nearly used up, as after a 429 (M-91). */
const LIMIT_WAIT_MS = 60_000;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface SourceHttpOptions {
  /** Hosts of the integration's manifest; nothing else is called. */
  readonly allowedHosts: readonly string[];
  /** Also allow http to this machine; the local host alone sets it. */
  readonly allowLoopback: boolean;
  readonly requestsPerSecond: number;
  /** Calls that may follow one another at once within that rate; left out: those of one second. */
  readonly requestBurst?: number;
  /** Headers in which the source tells its own limit, where it does. */
  readonly rateHeaders?: RateHeaders | undefined;
  /** Most calls of this leg, retries included: the bound of every loop behind it. */
  readonly maxCalls: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Milliseconds until this leg takes no further call; left out where there is no leg. */
  readonly deadline?: () => number;
  /** Shorter limit of one call, for tests. */
  readonly callTimeoutMs?: number;
}

/** A source's http with its connections, which the owner closes at the end of the leg. */
export type ClosableSourceHttp = SourceHttp & { close(): void };

/**
 * The way to a source (M-41, M-91): https to the allow-listed hosts, no redirects, no private addresses, 30 s and 20 MB a call, the
 * manifest's rate, retries as `decideRetry` says. Errors are SourceErrors whose text holds method, path and status, never a query, a
 * header or a body.
 */
export function createSourceHttp(options: SourceHttpOptions): ClosableSourceHttp {
  const pool = new CallPool();
  const pace = createPace(options);
  const told = options.rateHeaders ? new ToldLimit(options.rateHeaders) : null;
  let calls = 0;

  /** Waits until the limit that the source has told has room again; for longer than a leg can wait, the run is interrupted. */
  const keepToLimit = async (): Promise<void> => {
    const waitMs = told?.waitMs(options.now()) ?? 0;
    if (waitMs === 0) return;
    const leftMs = options.deadline?.() ?? Number.POSITIVE_INFINITY;
    if (waitMs > LIMIT_WAIT_MS || waitMs >= leftMs)
      throw new SourceError('rate_limited', 'the limit that the source tells is used up as far as we may', {
        retryAfterMs: waitMs,
      });
    await options.sleep(waitMs);
  };

  const once = async (request: SourceRequest, url: URL, body: string | undefined): Promise<SourceResponse | CallFailure> => {
    if (calls >= options.maxCalls) throw new OutOfTime(`the ${options.maxCalls} calls of this leg are used up`);
    await keepToLimit();
    await pace();
    const leftMs = options.deadline?.() ?? Number.POSITIVE_INFINITY;
    if (leftMs <= 0) throw new OutOfTime('no time left in this leg');
    calls += 1;
    try {
      const answer = await pool.exchange({
        method: request.method,
        url,
        headers: { accept: 'application/json', ...request.headers },
        ...(body === undefined ? {} : { body }),
        timeoutMs: Math.min(options.callTimeoutMs ?? CALL_TIMEOUT_MS, leftMs),
        maxBytes: MAX_BODY_BYTES,
      });
      told?.note(answer.headers, options.now());
      if (answer.status !== 200) {
        const code = request.refusal?.(answer.status, answer.text) ?? null;
        if (code !== null) throw new SourceError(code, `${request.method} ${url.pathname}: status ${answer.status}`);
        const retryAfter = answer.headers['retry-after'] ?? told?.retryAfter(answer.headers, options.now()) ?? null;
        return { kind: 'status', status: answer.status, retryAfter };
      }
      return judged(answer, request);
    } catch (error) {
      if (!(error instanceof CallFault)) throw error;
      if (error.kind === 'private_address') throw new SourceError('host_refused', `${url.hostname} leads to a private address`);
      return { kind: error.kind };
    }
  };

  return {
    get calls() {
      return calls;
    },
    close: () => pool.close(),
    async call(request) {
      let timeouts = 0;
      if (request.delayMs !== undefined && request.delayMs > 0) {
        if (request.delayMs >= (options.deadline?.() ?? Number.POSITIVE_INFINITY))
          throw new OutOfTime('the wait outlasts this leg');
        await options.sleep(request.delayMs);
      }
      for (let failures = 0; ; failures += 1) {
        const url = checkedUrl(
          timeouts > 0 && request.urlAfterTimeouts ? request.urlAfterTimeouts(timeouts) : request.url,
          options,
        );
        const body = timeouts > 0 && request.bodyAfterTimeouts ? request.bodyAfterTimeouts(timeouts) : request.body;
        const outcome = await once(request, url, body);
        if ('text' in outcome) return outcome;
        const decision = decideRetry(outcome, {
          login: request.login === true,
          failures,
          nowMs: options.now(),
          random: options.random(),
          msLeft: options.deadline?.() ?? Number.POSITIVE_INFINITY,
        });
        if (decision.action === 'renew') return { status: 401, headers: {}, text: '' };
        if (decision.action === 'fail') {
          // Told to wait longer than the leg lasts, the run goes on in another one; a source that is down is another matter.
          if (decision.reason === 'no_time_left') throw new OutOfTime(decision.reason);
          const detail = `${request.method} ${url.pathname}: ${describe(outcome)}, ${decision.reason}`;
          throw new SourceError(
            decision.code,
            detail,
            decision.retryAfterMs === null ? {} : { retryAfterMs: decision.retryAfterMs },
          );
        }
        if (decision.smaller) timeouts += 1;
        await options.sleep(decision.waitMs);
      }
    },
  };
}

/** Checks a url against the allow-list before anything is sent, or anybody sent, there (M-41). Throws `host_refused`. */
export function checkedUrl(text: string, options: Pick<SourceHttpOptions, 'allowedHosts' | 'allowLoopback'>): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '')
    throw new SourceError('host_refused', 'the address is not a plain url');
  if (options.allowLoopback && url.protocol === 'http:' && LOOPBACK.has(url.hostname)) return url;
  const known = url.protocol === 'https:' && url.port === '' && options.allowedHosts.includes(url.hostname);
  if (!known) throw new SourceError('host_refused', `${url.protocol}//${url.hostname} is not on the integration's list of hosts`);
  return url;
}

/**
 * A 200 with nothing in it, a web page, or a body its reader cannot use is a failure, never an empty list (M-90); so is one whose reader
 * finds a refusal in it.
 */
function judged(answer: SourceResponse, request: SourceRequest): SourceResponse | CallFailure {
  if (answer.text.trim() === '') return { kind: 'body' };
  if (answer.headers['content-type']?.includes('html') || answer.text.trimStart().startsWith('<')) return { kind: 'body' };
  try {
    request.accept?.(answer.text);
    return answer;
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'body' };
    if (!(error instanceof AnsweredAs)) throw error;
    const { status, retryAfterSeconds } = error;
    return { kind: 'status', status, retryAfter: retryAfterSeconds === null ? null : String(retryAfterSeconds) };
  }
}

function describe(failure: CallFailure): string {
  if (failure.kind === 'status') return `status ${failure.status}`;
  return { body: 'unusable body', timeout: 'timeout', network: 'network failure', too_large: 'body over 20 MB' }[failure.kind];
}

/** At most a burst of starts in any span of time that the rate has for so many, counted over all callers of this leg. */
function createPace(options: SourceHttpOptions): () => Promise<void> {
  const starts: number[] = [];
  const burst = options.requestBurst ?? Math.ceil(options.requestsPerSecond);
  const spanMs = Math.ceil((burst / options.requestsPerSecond) * 1000);
  return async () => {
    const now = options.now();
    const oldest = starts.length >= burst ? starts[starts.length - burst]! : null;
    const at = oldest === null ? now : Math.max(now, oldest + spanMs);
    starts.push(at);
    if (starts.length > burst) starts.shift();
    if (at > now) await options.sleep(at - now);
  };
}
