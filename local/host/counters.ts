/** How often a function ran and failed, and how long its runs took together. */
export type FunctionCount = { runs: number; failures: number; totalMs: number };

/** What the host has seen since its start or the last reset. */
export type HostCounters = {
  /** SDK calls by `service.operation`. */
  readonly calls: Record<string, number>;
  /** SDK calls that were refused for a missing grant. */
  denied: number;
  /** By physical function name. */
  readonly functions: Record<string, FunctionCount>;
  /** Answers of the HTTP API by status. */
  readonly answers: Record<string, number>;
  /** Events and records that found no one to take them, in words; the newest hundred. */
  readonly lost: string[];
  reset(): void;
};

const LOST_LIMIT = 100;

/** Starts at zero. */
export function createCounters(): HostCounters {
  const counters: HostCounters = {
    calls: {},
    denied: 0,
    functions: {},
    answers: {},
    lost: [],
    reset: () => {
      for (const group of [counters.calls, counters.functions, counters.answers])
        for (const key of Object.keys(group)) delete group[key];
      counters.denied = 0;
      counters.lost.length = 0;
    },
  };
  return counters;
}

/** Adds one to a named count. */
export function countOne(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** Notes what was lost, dropping the oldest note when there are many. */
export function noteLost(counters: HostCounters, what: string): void {
  counters.lost.push(what);
  if (counters.lost.length > LOST_LIMIT) counters.lost.shift();
}

/** Adds a run of a function. */
export function countRun(counters: HostCounters, name: string, failed: boolean, durationMs: number): void {
  const count = counters.functions[name] ?? { runs: 0, failures: 0, totalMs: 0 };
  counters.functions[name] = {
    runs: count.runs + 1,
    failures: count.failures + (failed ? 1 : 0),
    totalMs: count.totalMs + durationMs,
  };
}
