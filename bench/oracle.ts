import { comparisons } from '#test/bonus/oracle/comparisons.ts';
import type { BenchRow } from './measure.ts';

/** Random calculations; of what is built from several of them a fiftieth as many. */
const RUNS = 1_000_000;
const SHARE = 50;

/**
 * `npm run bench -- oracle`: compares the engine with the second reading of the rules on a million random ProPays, and on groups, phases,
 * callbacks and source changes. The first difference ends it, shrunk to its smallest form; the seed that is printed repeats a run.
 */
export async function runOracle(): Promise<BenchRow[]> {
  const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
  console.log(`seed ${seed} (repeat with FC_SEED=${seed})`);
  return comparisons.map(({ name, check }, index) => {
    const runs = index === 0 ? RUNS : RUNS / SHARE;
    const start = performance.now();
    check({ numRuns: runs, seed });
    const seconds = Math.round((performance.now() - start) / 1000);
    const figure = `${runs.toLocaleString('en-US')} agree`;
    console.log(`${name}: ${figure}, ${seconds} s`);
    return { name: `${name} against the oracle`, figure, goal: { text: 'to the cent', met: true } };
  });
}
