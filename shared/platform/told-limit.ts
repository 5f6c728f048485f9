import type { RateHeaders } from '#mirror/connector.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * The limit of a source that tells it with every answer: which of its limiters is meant may change from one answer to the next, so only
 * the latest counts. Once no more than the share left to others remains, nothing is asked until the limit's end.
 */
export class ToldLimit {
  readonly #names: RateHeaders;
  #untilMs = 0;

  constructor(names: RateHeaders) {
    this.#names = names;
  }

  /** Notes what an answer tells; one that tells nothing readable changes nothing. `nowMs`: our clock, milliseconds since 1970. */
  note(headers: Headers, nowMs: number): void {
    const limit = wholeNumber(headers[this.#names.limit]);
    const remaining = wholeNumber(headers[this.#names.remaining]);
    const endMs = this.#endMs(headers, nowMs);
    if (limit === null || remaining === null || endMs === null) return;
    this.#untilMs = remaining * 100 <= limit * this.#names.leavePercent ? endMs : 0;
  }

  /** Milliseconds before the next call may be made. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#untilMs - nowMs);
  }

  /** A Retry-After in seconds for an answer that has none but tells when its limit ends; null where it does not. */
  retryAfter(headers: Headers, nowMs: number): string | null {
    const endMs = this.#endMs(headers, nowMs);
    return endMs === null ? null : String(Math.max(0, Math.ceil((endMs - nowMs) / 1000)));
  }

  /** The limit's end by our clock. The answer's own date is taken where it has one, so that clocks that differ do no harm. */
  #endMs(headers: Headers, nowMs: number): number | null {
    const reset = wholeNumber(headers[this.#names.reset]);
    if (reset === null) return null;
    const told = Date.parse(headers.date ?? '');
    return nowMs + reset * 1000 - (Number.isNaN(told) ? nowMs : told);
  }
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,12}$/.test(text.trim()) ? Number(text) : null;
}
