import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { inProject, projectRoot } from './project.ts';

/** How many checks of a step held and how many did not. */
interface Tally {
  readonly passed: number;
  readonly failed: number;
}

interface Step {
  readonly name: string;
  readonly run: () => Promise<Tally>;
}

const testReport = inProject('.build', 'vitest.json');
const filters = process.argv.slice(2);

/** Every check, quick ones first; all of them run even if one fails, so that one round shows everything. */
const steps: readonly Step[] = [
  { name: 'format and lint', run: () => single('biome', ['ci', `--colors=${process.stdout.isTTY ? 'force' : 'off'}`, '.']) },
  { name: 'types', run: () => single('tsc', ['-p', '.']) },
  { name: 'stacks', run: () => single('node', ['tools/synth.ts']) },
  { name: 'tests', run: () => tests() },
];

const total = { passed: 0, failed: 0 };
const summary: string[] = [];
for (const { name, run } of filters.length > 0 ? steps.filter((step) => step.name === 'tests') : steps) {
  const startedMs = performance.now();
  console.log(`\n== ${name}`);
  const tally = await run();
  total.passed += tally.passed;
  total.failed += tally.failed;
  const seconds = Math.ceil((performance.now() - startedMs) / 1_000);
  summary.push(`${tally.failed === 0 ? 'ok  ' : 'FAIL'} ${name}: ${tally.passed} passed, ${tally.failed} failed, ${seconds} s`);
}
console.log(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

/** A step that holds or does not, as a whole. */
async function single(command: string, args: readonly string[]): Promise<Tally> {
  return (await execute(command, args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** All tests; arguments of the command narrow them down to files whose path contains one of them. */
async function tests(): Promise<Tally> {
  rmSync(testReport, { force: true });
  const code = await execute('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${testReport}`,
    ...filters,
  ]);
  if (!existsSync(testReport)) return { passed: 0, failed: 1 };
  const report: TestReport = JSON.parse(readFileSync(testReport, 'utf8'));
  // A file that does not even load has no tests to count, and an error outside of any test only shows in the exit code.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some(isFailed),
  ).length;
  const failed = report.numFailedTests + broken;
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

/** The part of the test runner's report that is counted. */
interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[];
}

function isFailed({ status }: { readonly status: string }): boolean {
  return status === 'failed';
}

/** Runs a command of this project with its output on ours, and answers its exit code; a signal counts as failure. */
async function execute(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { cwd: projectRoot, stdio: 'inherit' });
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 1)));
}
