/** Requests of the last minute, counted per tenant over all its clients. */
export class MinuteLimiter {
  readonly #times = new Map<string, number[]>();

  /** Counts a request and tells whether it is within `perMinute`; a refused one is not counted. */
  allow(tenant: string, nowMs: number, perMinute: number): boolean {
    const recent = (this.#times.get(tenant) ?? []).filter((time) => time > nowMs - 60_000 && time <= nowMs);
    const allowed = recent.length < perMinute;
    if (allowed) recent.push(nowMs);
    this.#times.set(tenant, recent);
    return allowed;
  }
}
