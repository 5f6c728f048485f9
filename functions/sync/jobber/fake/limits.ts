/** The points of one tenant: a bucket that fills up by the clock. */
export class Bucket {
  #points: number | null = null;
  #atMs = 0;

  /** What is in the bucket now; a bucket never used is full. */
  available(nowMs: number, maximum: number, restoreRate: number): number {
    const restored = this.#points === null ? maximum : this.#points + ((nowMs - this.#atMs) * restoreRate) / 1000;
    this.#points = Math.min(maximum, restored);
    this.#atMs = nowMs;
    return Math.floor(this.#points);
  }

  /** Takes what a query has cost; call `available` first. */
  take(points: number): void {
    this.#points = (this.#points ?? 0) - points;
  }
}

const WINDOW_MS = 300_000;

/** Counts requests of the last five minutes. */
export class RequestWindow {
  readonly #times: number[] = [];

  allow(nowMs: number, limit: number): boolean {
    while (this.#times.length > 0 && this.#times[0]! <= nowMs - WINDOW_MS) this.#times.shift();
    if (this.#times.length >= limit) return false;
    this.#times.push(nowMs);
    return true;
  }
}
