/** What a limiter says with every answer. */
export type LimitState = { readonly limit: number; readonly remaining: number; readonly resetSeconds: number };

/** Requests of one company in windows of fixed length: each begins with the first request after the last one ended. */
class Window {
  readonly #lengthMs: number;
  readonly #windows = new Map<string, { endMs: number; used: number }>();

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** The window of a company now, before the request is counted. */
  at(company: string, nowMs: number): { endMs: number; used: number } {
    const held = this.#windows.get(company);
    if (held !== undefined && nowMs < held.endMs && nowMs >= held.endMs - this.#lengthMs) return held;
    const fresh = { endMs: nowMs + this.#lengthMs, used: 0 };
    this.#windows.set(company, fresh);
    return fresh;
  }
}

/** The hourly and the ten-second limiter; headers tell the nearer one, so the limit they name may jump. */
export class Limiters {
  readonly #hour = new Window(3_600_000);
  readonly #spike = new Window(10_000);

  /** Counts a request; a refused one is not counted. */
  take(
    company: string,
    nowMs: number,
    limits: { readonly hour: number; readonly spike: number },
  ): { readonly allowed: boolean; readonly nearest: LimitState } {
    const hour = this.#hour.at(company, nowMs);
    const spike = this.#spike.at(company, nowMs);
    const allowed = hour.used < limits.hour && spike.used < limits.spike;
    if (allowed) {
      hour.used += 1;
      spike.used += 1;
    }
    const states = [stateOf(hour, limits.hour), stateOf(spike, limits.spike)] as const;
    const [first, second] = states;
    return { allowed, nearest: first.remaining * second.limit < second.remaining * first.limit ? first : second };
  }
}

function stateOf(window: { readonly endMs: number; readonly used: number }, limit: number): LimitState {
  return { limit, remaining: Math.max(0, limit - window.used), resetSeconds: Math.ceil(window.endMs / 1000) };
}

/** The headers that go with every answer. */
export function limitHeaders(state: LimitState): Record<string, string> {
  return {
    'X-Rate-Limit-Limit': String(state.limit),
    'X-Rate-Limit-Remaining': String(state.remaining),
    'X-Rate-Limit-Reset': String(state.resetSeconds),
  };
}
