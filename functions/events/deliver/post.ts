import type { Instant } from '#kernel/instant.ts';
import type { Attempt, AttemptOutcome } from '#model/webhook.ts';
import { endpointAddress } from '#platform/endpoint-address.ts';
import { CallFault, CallPool } from '#platform/https-call.ts';

/** From the first packet to the status line. */
const DEADLINE_MS = 10_000;

/** One attempt: what is posted where. */
export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Posts once and says how that ended; it never throws for what the receiver does. */
export type Poster = (post: Post) => Promise<Attempt>;

export interface PosterOptions {
  readonly allowLoopback: boolean;
  now(): Instant;
  /** Milliseconds of a clock that only goes forward. */
  elapsedMs(): number;
  /** Shorter in tests. */
  readonly deadlineMs?: number;
}

/**
 * The way to the endpoints of tenants: https to public addresses only, looked at when the connection is made; no redirect is followed, ten
 * seconds are all there is, and nothing of the answer but its status is read.
 */
export function openPoster({ allowLoopback, now, elapsedMs, deadlineMs = DEADLINE_MS }: PosterOptions): Poster {
  const pool = new CallPool();
  return async ({ url: text, headers, body }) => {
    const at = now();
    const begun = elapsedMs();
    const ended = (outcome: AttemptOutcome, answer: number | null): Attempt => ({
      ...{ at, outcome, answer },
      durationMs: Math.floor(elapsedMs() - begun),
    });
    const url = endpointAddress(text, { allowLoopback });
    if (url === null) return ended('private_address', null);
    try {
      const { status } = await pool.exchange({
        method: 'POST',
        url,
        headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'Protiv-Webhooks/1' },
        body,
        timeoutMs: deadlineMs,
        maxBytes: 0,
        ignoresBody: true,
      });
      return ended(outcomeOf(status), status);
    } catch (error) {
      if (!(error instanceof CallFault)) throw error;
      return ended(error.kind === 'timeout' || error.kind === 'private_address' ? error.kind : 'network', null);
    }
  };
}

function outcomeOf(status: number): AttemptOutcome {
  if (status >= 200 && status < 300) return 'delivered';
  return status >= 300 && status < 400 ? 'redirected' : 'refused';
}
