import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newIntegration } from '#tools/new-integration/scaffold.ts';
import { inProject, projectRoot } from '#tools/project.ts';

const LEFT_OUT = /^(node_modules|\.git|\.build|\.local|cdk\.out)(\/|$)/;

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** The scaffold in a copy of this project, so that nothing of it stays. */
describe('npm run new:integration demo', () => {
  const root = mkdtempSync(join(tmpdir(), 'protiv-new-'));
  let made: readonly string[] = [];
  beforeAll(() => {
    cpSync(projectRoot, root, { recursive: true, filter: (path) => !LEFT_OUT.test(relative(projectRoot, path)) });
    symlinkSync(inProject('node_modules'), join(root, 'node_modules'));
    made = newIntegration(root, 'demo');
  }, 60_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const execute = (command: string, args: readonly string[]) =>
    spawnSync(process.execPath, [join(root, 'node_modules', command), ...args], { cwd: root, encoding: 'utf8' });

  it('makes every part that an integration consists of, and lists it', () => {
    const parts = ['manifest.ts', 'index.ts', 'handler.ts', 'offline.ts', 'README.md', 'fake/demo.ts', 'fake/conformance.ts'];
    expect(made).toEqual(expect.arrayContaining(parts.map((part) => `functions/sync/demo/${part}`)));
    expect(readFileSync(join(root, 'functions/sync/manifests.ts'), 'utf8')).toMatch(
      /import \{ manifest as demo \} from '\.\/demo\//,
    );
  });

  it('makes what compiles and is in order', () => {
    expect(execute('typescript/bin/tsc', ['-p', '.']).stdout).toBe('');
    const checked = execute('@biomejs/biome/bin/biome', ['ci', '--colors=off', 'functions/sync', 'test/functions/sync/demo']);
    expect(`${checked.stdout}${checked.stderr}`).toContain('No fixes applied');
    expect(checked.status, checked.stderr).toBe(0);
  }, 120_000);

  it('fails only where something must be written', () => {
    const report = join(root, 'report.json');
    execute('vitest/vitest.mjs', [
      'run',
      '--project=code',
      '--reporter=json',
      `--outputFile=${report}`,
      '-t=demo|Demo|rooms|every file|shipped code',
      'test/conformance',
      'test/functions/sync/demo',
      'test/architecture.test.ts',
    ]);
    const results = (JSON.parse(readFileSync(report, 'utf8')) as Report).testResults.flatMap((file) => file.assertionResults);
    const failed = results.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(20);
    for (const { fullName, failureMessages } of failed) expect(failureMessages[0], fullName).toContain('demo: write ');
    expect(results.filter(({ status }) => status === 'passed').length).toBeGreaterThan(15);
  }, 120_000);

  it('refuses a name that is none, and one that is taken', () => {
    for (const name of ['', 'Demo', 'a b', '../x', 'demo-', '1x'])
      expect(() => newIntegration(root, name), name).toThrow('is no name');
    expect(() => newIntegration(root, 'aspire')).toThrow('exists already');
  });
});
