/** What one measure is compared with, in the same run and in turns with it. */
export type Peer = {
  readonly name: string;
  readonly perSecond: number;
  /** Ours over theirs: the median of the rounds. */
  readonly ratio: number;
};

/** One line of the benchmark table. */
export type BenchRow = {
  readonly name: string;
  /** Ours: the median of the rounds. Left out where a size or a single pass is the measure. */
  readonly perSecond?: number;
  readonly slowestPerSecond?: number;
  readonly peers?: readonly Peer[];
  /** Where not speed is the measure: the figure as text, `4.2 ms CPU`, `310 MB`. */
  readonly figure?: string;
  readonly goal?: { readonly text: string; readonly met: boolean };
};

/** One thing to be repeated; the index makes each time a different one. */
export type Operation = (index: number) => unknown;

const BATCH = 256;

/** Operations per second of this thread's own CPU time, so that neighbours on the machine do not count. */
async function rate(operation: Operation, cpuMs: number): Promise<number> {
  let done = 0;
  const start = cpuNowMs();
  let elapsedMs = 0;
  while (elapsedMs < cpuMs) {
    for (let index = 0; index < BATCH; index += 1) {
      const answer = operation(done + index);
      if (answer instanceof Promise) await answer;
      else if (answer === undefined) throw new Error('the benchmark measured nothing');
    }
    done += BATCH;
    elapsedMs = cpuNowMs() - start;
  }
  return Math.floor((done * 1000) / elapsedMs);
}

/** This thread's own CPU time so far, in milliseconds. */
export function cpuNowMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/**
 * Measures an operation and its peers in turns, a round after a warm-up each, and gives medians: what slows the machine for a moment
 * slows all of them.
 */
export async function besidePeers(
  name: string,
  ours: Operation,
  peers: Readonly<Record<string, Operation>>,
  options: { readonly rounds?: number; readonly cpuMs?: number } = {},
): Promise<BenchRow> {
  const { rounds = 7, cpuMs = 200 } = options;
  const operations = [ours, ...Object.values(peers)];
  const rates: number[][] = operations.map(() => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [at, operation] of operations.entries()) {
      const perSecond = await rate(operation, cpuMs);
      if (round >= 0) rates[at]!.push(perSecond);
    }
  }
  const own = rates[0]!;
  return {
    name,
    perSecond: median(own),
    slowestPerSecond: Math.min(...own),
    peers: Object.keys(peers).map((peer, at) => ({
      name: peer,
      perSecond: median(rates[at + 1]!),
      ratio: median(own.map((mine, round) => mine / rates[at + 1]![round]!)),
    })),
  };
}

/** A row with its goal: at least so many a second, and at least so many times each peer. */
export function withGoal(row: BenchRow, leastPerSecond: number, leastRatio = 0): BenchRow {
  const met = (row.perSecond ?? 0) >= leastPerSecond && (row.peers ?? []).every(({ ratio }) => ratio >= leastRatio);
  const text = `≥ ${leastPerSecond.toLocaleString('en-US')}/s${leastRatio > 0 ? `, ≥ ${leastRatio} × each` : ''}`;
  return { ...row, goal: { text, met } };
}

/** The middle of some figures. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
