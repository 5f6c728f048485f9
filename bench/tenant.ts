import { execFileSync } from 'node:child_process';
import { inProject } from '#tools/project.ts';
import { type BenchRow, median } from './measure.ts';

const ROUNDS = 7;

/** What `tenant-pass.ts` prints: one cold pass in its own process. */
export interface TenantPass {
  readonly proPays: number;
  readonly entries: number;
  readonly cpuMs: number;
}

/**
 * The reference tenant recalculated cold (P8): a fresh process for each pass, so nothing is compiled or remembered; CPU time of all its
 * threads, those that compile among them, from decoded inputs on.
 */
export async function runTenantBench(): Promise<BenchRow[]> {
  const calculated = passes('calculate');
  const whole = passes('whole');
  const row = (what: string, runs: readonly TenantPass[]): BenchRow => {
    const cpuMs = runs.map((run) => run.cpuMs);
    const { proPays, entries } = runs[0]!;
    return {
      name: `${proPays} ProPays of ${entries} entries cold: ${what}`,
      figure: `${median(cpuMs).toFixed(0)} ms CPU (best ${Math.min(...cpuMs).toFixed(0)})`,
    };
  };
  return [
    {
      ...row('calculated', calculated),
      goal: { text: '≤ 50 ms CPU', met: median(calculated.map((run) => run.cpuMs)) <= 50 },
    },
    row('from records to stored figures, digests included', whole),
  ];
}

function passes(mode: 'calculate' | 'whole'): TenantPass[] {
  return Array.from({ length: ROUNDS }, () =>
    JSON.parse(execFileSync(process.execPath, [inProject('bench', 'tenant-pass.ts'), mode], { encoding: 'utf8' })),
  );
}
