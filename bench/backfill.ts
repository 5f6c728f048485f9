import { execFileSync } from 'node:child_process';
import { inProject } from '#tools/project.ts';
import type { BenchRow } from './measure.ts';

/** What `backfill-pass.ts` prints: one backfill and one idle listing in their own process. */
export interface BackfillPass {
  readonly entries: number;
  /** Records of time and driving that were written. */
  readonly written: number;
  readonly legs: number;
  /** The longest leg, in seconds, with the source's pace counted in. */
  readonly longestLegSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** Item writes of the idle listing of all of it. */
  readonly idleWrites: number;
}

/** Lambda's own limit, and what a sync function is given. */
const LONGEST_LEG_SECONDS = 900;
const MEMORY_MB = 512;
/** What Node takes for its heap where a function has that memory. */
const HEAP_MB = MEMORY_MB / 2;
/** The lease, the run's own entry and the state it leaves. */
const BOOKKEEPING_WRITES = 3;

/**
 * A year of time entries of a large contractor, read for the first time at the pace of the slowest source: in legs that end at
 * checkpoints, in the memory of a function, against a store that counts what is written.
 */
export async function runBackfillBench(): Promise<BenchRow[]> {
  const pass: BackfillPass = JSON.parse(
    execFileSync(process.execPath, [`--max-old-space-size=${HEAP_MB}`, inProject('bench', 'backfill-pass.ts')], {
      encoding: 'utf8',
    }),
  );
  const name = `first sync of ${pass.entries.toLocaleString('en-US')} time entries`;
  return [
    {
      name: `${name}: memory of the process, the embedded table's included`,
      figure: `${pass.peakMb} MB`,
      goal: { text: `≤ ${MEMORY_MB} MB`, met: pass.peakMb <= MEMORY_MB },
    },
    {
      name: `${name}: longest of ${pass.legs} legs`,
      figure: `${pass.longestLegSeconds} s`,
      goal: {
        text: `≤ ${LONGEST_LEG_SECONDS} s, all written`,
        met: pass.longestLegSeconds <= LONGEST_LEG_SECONDS && pass.written === pass.entries,
      },
    },
    { name: `${name}: records written in CPU time`, perSecond: Math.floor(pass.written / pass.cpuSeconds) },
    {
      name: 'the same listed again, unchanged: item writes',
      figure: String(pass.idleWrites),
      goal: { text: `≤ ${BOOKKEEPING_WRITES}`, met: pass.idleWrites <= BOOKKEEPING_WRITES },
    },
  ];
}
