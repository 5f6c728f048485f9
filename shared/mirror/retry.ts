import type { SourceErrorCode } from './source-error.ts';

/** How one attempt to call a source went wrong, as far as the reaction depends on it. */
export type CallFailure =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter: string | null }
  /** 200 whose body cannot be used: HTML, empty, cut off, not the expected form. */
  | { readonly kind: 'body' }
  | { readonly kind: 'timeout' }
  /** More bytes than one answer may have. */
  | { readonly kind: 'too_large' }
  | { readonly kind: 'network' };

/** What is known when the reaction is decided. */
export interface RetryState {
  /** True for the call that logs in: a refusal there means the credentials are no good. */
  readonly login: boolean;
  /** Failures of this call before this one. */
  readonly failures: number;
  /** Milliseconds since 1970, for a Retry-After given as a date. */
  readonly nowMs: number;
  /** Uniform in [0, 1): the jitter. */
  readonly random: number;
  /** Milliseconds until the leg takes no further call; infinite where there is no leg. */
  readonly msLeft: number;
}

/** What to do now. `reason` names the line of the table that decided; `smaller` asks for half the page. */
export type RetryDecision =
  | { readonly action: 'retry'; readonly reason: string; readonly waitMs: number; readonly smaller: boolean }
  /** Hand the 401 to the caller, who logs in again once. */
  | { readonly action: 'renew'; readonly reason: string }
  | { readonly action: 'fail'; readonly reason: string; readonly code: SourceErrorCode; readonly retryAfterMs: number | null };

const MAX_RETRIES = 3;
const BASE_WAIT_MS = 500;
const MAX_WAIT_MS = 20_000;
/** Wait after a 429 that does not say how long, and the longest wait inside a leg (M-91). */
const LIMITED_WAIT_MS = 60_000;
const MIN_LIMITED_WAIT_MS = 1000;

/**
 * The reaction to a failed call (M-91), as a pure function. Bad bodies, timeouts, network and server errors are tried again three times
 * with full jitter; a limit is waited out as told, up to a minute and only if the leg lasts that long; a refusal is never repeated.
 */
export function decideRetry(failure: CallFailure, state: RetryState): RetryDecision {
  if (failure.kind === 'body') return again('bad_body', 'bad_response', state, false, null);
  if (failure.kind === 'too_large') return again('too_large', 'bad_response', state, true, null);
  if (failure.kind === 'timeout') return again('timeout', 'source_unavailable', state, true, null);
  if (failure.kind === 'network') return again('network', 'source_unavailable', state, false, null);
  const { status } = failure;
  const toldMs = retryAfterMs(failure.retryAfter, state.nowMs);
  if (status === 429) return limited(toldMs, state);
  if (status === 401) {
    return state.login ? refused('login_refused', 'reauth_required') : { action: 'renew', reason: 'unauthorised' };
  }
  if (status === 402) return refused('payment_required', 'source_account_suspended');
  if (state.login && (status === 400 || status === 403)) return refused('login_refused', 'reauth_required');
  if (status === 403) return refused('forbidden', 'scope_missing');
  if (status === 404 || status === 410) return refused('gone', 'endpoint_gone');
  if (status === 408) return again('timeout', 'source_unavailable', state, true, toldMs);
  if (status >= 500) return again('server_error', 'source_unavailable', state, false, toldMs);
  if (status >= 400) return refused('rejected', 'request_rejected');
  // Redirects are not followed (M-41), and any other answer than 200 is none we asked for.
  return refused(status >= 300 ? 'redirect' : 'unexpected_status', 'bad_response');
}

function refused(reason: string, code: SourceErrorCode): RetryDecision {
  return { action: 'fail', reason, code, retryAfterMs: null };
}

function again(reason: string, code: SourceErrorCode, state: RetryState, smaller: boolean, toldMs: number | null): RetryDecision {
  if (state.failures >= MAX_RETRIES) return { action: 'fail', reason: `${reason}_again`, code, retryAfterMs: toldMs };
  if (toldMs !== null && toldMs > LIMITED_WAIT_MS) return { action: 'fail', reason: 'wait_too_long', code, retryAfterMs: toldMs };
  const ceilingMs = Math.min(MAX_WAIT_MS, BASE_WAIT_MS * 2 ** (state.failures + 1));
  const waitMs = Math.max(toldMs ?? 0, Math.floor(state.random * ceilingMs));
  if (waitMs >= state.msLeft) return { action: 'fail', reason: 'no_time_left', code, retryAfterMs: toldMs };
  return { action: 'retry', reason, waitMs, smaller };
}

function limited(toldMs: number | null, state: RetryState): RetryDecision {
  const waitMs = Math.max(toldMs ?? LIMITED_WAIT_MS, MIN_LIMITED_WAIT_MS);
  const fail = (reason: string): RetryDecision => ({ action: 'fail', reason, code: 'rate_limited', retryAfterMs: waitMs });
  if (state.failures >= MAX_RETRIES) return fail('limited_again');
  if (waitMs > LIMITED_WAIT_MS) return fail('limited_for_long');
  // A little later than told, so that all who were limited together do not come back together.
  const jitteredMs = Math.min(LIMITED_WAIT_MS, waitMs) + Math.floor(state.random * 1000);
  return jitteredMs >= state.msLeft
    ? fail('no_time_left')
    : { action: 'retry', reason: 'limited', waitMs: jitteredMs, smaller: false };
}

/** Longest wait a source can ask for without being taken as nonsense: it is then handed on, never waited for. */
const ABSURD_MS = 30 * 86_400_000;

/**
 * Milliseconds a Retry-After asks to wait: seconds or an HTTP date; a date gone by is 0. Null when absent or unreadable. An absurd
 * value comes back as 30 days, which nobody waits for but everybody can store.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1000), ABSURD_MS);
  if (!/^[A-Za-z]{3}/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.min(Math.max(at - nowMs, 0), ABSURD_MS);
}
