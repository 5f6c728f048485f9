/** One served request; never holds headers or bodies, so no credential gets into it. */
export type LoggedRequest = {
  /** Instant of arrival on the fake's clock. */
  readonly at: string;
  readonly tenant: string | null;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly entity: string | null;
  readonly status: number;
  /** Rows in the answer, null when it was no list. */
  readonly rows: number | null;
  /** General faults that bent this answer. */
  readonly faults: readonly string[];
};

/** Requests kept in full; older ones only count. */
const KEPT = 50_000;

/** The requests since start, and counters that outlive the kept ones. */
export class RequestLog {
  readonly #kept: LoggedRequest[] = [];
  readonly #counts = new Map<string, number>();
  #total = 0;

  /** Notes a served request. */
  add(request: LoggedRequest): void {
    this.#total += 1;
    this.#kept.push(request);
    if (this.#kept.length > KEPT) this.#kept.shift();
    const name = `${request.tenant ?? '-'} ${request.entity ?? request.path} ${request.status}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** The kept requests, oldest first. */
  list(): readonly LoggedRequest[] {
    return this.#kept;
  }

  /** Total, and requests by `tenant entity status`. */
  counters(): { total: number; by: Record<string, number> } {
    return { total: this.#total, by: Object.fromEntries(this.#counts) };
  }
}
