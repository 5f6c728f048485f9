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

/** What Lambda gives an import, and what Node takes for its heap there. */
const MEMORY_MB = 512;
const HEAP_MB = MEMORY_MB / 2;
/** Of one core (P6); a file is read twice, so each reading is twice as fast. */
const LEAST_PER_SECOND = 50_000;

/** The largest file that is taken, in rows: from bytes to mapped records with their final ids, against a sink that counts. */
export async function runFilesBench(): Promise<BenchRow[]> {
  const pass: FilesPass = JSON.parse(
    execFileSync(process.execPath, [`--max-old-space-size=${HEAP_MB}`, inProject('bench', 'files-pass.ts')], {
      encoding: 'utf8',
    }),
  );
  const name = `file of ${pass.rows.toLocaleString('en-US')} rows, ${pass.megabytes} MB, read twice`;
  return [
    withGoal({ name: `${name}: rows in CPU time`, perSecond: Math.floor(pass.rows / pass.cpuSeconds) }, LEAST_PER_SECOND),
    {
      name: `${name}: memory of the process`,
      figure: `${pass.peakMb} MB`,
      goal: { text: `≤ ${MEMORY_MB} MB, all rows kept`, met: pass.peakMb <= MEMORY_MB && pass.records === pass.rows },
    },
  ];
}
