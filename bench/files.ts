import { execFileSync } from 'node:child_process';
import { inProject } from '#tools/project.ts';
import { type BenchRow, withGoal } from './measure.ts';

/** What `files-pass.ts` prints: one file read twice in its own process. */
export interface FilesPass {
  readonly rows: number;
  readonly records: number;
  readonly hours: number;
  readonly megabytes: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** What `file-run-pass.ts` prints: one run over a file, and one over the same file again, in their own process. */
export interface FileRunPass {
  readonly rows: number;
  /** Entries that the first run has written, and the second. */
  readonly written: number;
  readonly writtenAgain: number;
  readonly legs: number;
  readonly longestLegSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** Lambda's own limit. */
const LONGEST_LEG_SECONDS = 900;
/** What Lambda gives an import, and what Node takes for its heap there. */
const MEMORY_MB = 512;
const HEAP_MB = MEMORY_MB / 2;
/** Room enough for the run to come to its end where it needs more than it should: its memory is then told as missed. */
const RUN_HEAP_MB = 2_048;
/** Of one core (P6); a file is read twice, so each reading is twice as fast. */
const LEAST_PER_SECOND = 50_000;

/** The largest file that is taken, in rows: from bytes to mapped records with their final ids, against a sink that counts. */
export async function runFilesBench(): Promise<BenchRow[]> {
  const pass = passOf<FilesPass>('files-pass.ts');
  const name = `file of ${pass.rows.toLocaleString('en-US')} rows, ${pass.megabytes} MB, read twice`;
  return [
    withGoal({ name: `${name}: rows in CPU time`, perSecond: Math.floor(pass.rows / pass.cpuSeconds) }, LEAST_PER_SECOND),
    {
      name: `${name}: memory of the process`,
      figure: `${pass.peakMb} MB`,
      goal: { text: `≤ ${MEMORY_MB} MB, all rows kept`, met: pass.peakMb <= MEMORY_MB && pass.records === pass.rows },
    },
    ...runRows(passOf<FileRunPass>('file-run-pass.ts', RUN_HEAP_MB)),
  ];
}

/** The same file as a run has it: compared with what is known, planned, written, and read in once more. */
function runRows(pass: FileRunPass): BenchRow[] {
  const name = `run over a file of ${pass.rows.toLocaleString('en-US')} rows`;
  return [
    { name: `${name}: rows written in CPU time`, perSecond: Math.floor(pass.written / pass.cpuSeconds) },
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
        met: pass.longestLegSeconds <= LONGEST_LEG_SECONDS && pass.written === pass.rows,
      },
    },
    {
      name: `${name}, once more: entries written`,
      figure: String(pass.writtenAgain),
      goal: { text: '0', met: pass.writtenAgain === 0 },
    },
  ];
}

function passOf<T>(script: string, heapMb = HEAP_MB): T {
  return JSON.parse(
    execFileSync(process.execPath, [`--max-old-space-size=${heapMb}`, inProject('bench', script)], { encoding: 'utf8' }),
  ) as T;
}
