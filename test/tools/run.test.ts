import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inProject } from '#tools/project.ts';

interface Outcome {
  readonly code: number | null;
  readonly said: string;
}

/** A project of its own: the runner, a lock file, the pinned Node, and a stand-in for npm that notes that it was called. */
let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'protiv-run-'));
  mkdirSync(join(project, 'tools'));
  cpSync(inProject('tools', 'run.mjs'), join(project, 'tools', 'run.mjs'));
  writeLock('package-lock.json', {
    'node_modules/node': { version: '24.0.0' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  });
  writeFileSync(
    join(project, 'npm-cli.js'),
    `const fs = require('node:fs');
     fs.mkdirSync('node_modules/node', { recursive: true });
     const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
     delete packages[''];
     delete packages['node_modules/other-platform'];
     fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
     fs.appendFileSync('installed.txt', process.argv.slice(2).join(' ') + '\\n');
     if (!fs.existsSync('node_modules/node/bin')) fs.symlinkSync(${JSON.stringify(inProject('node_modules', 'node', 'bin'))}, 'node_modules/node/bin');
     process.exit(fs.existsSync('fail') ? 7 : 0);`,
  );
  writeFileSync(
    join(project, 'script.mjs'),
    `console.log(process.version, process.argv.slice(2).join('|'), process.env.PATH.split(':')[0]); process.exit(3);`,
  );
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

describe('the script runner', () => {
  it('installs what is missing, once, and then runs the script with the pinned Node', async () => {
    const first = await runScript('script.mjs', 'a', '--b', 'c d');
    expect(first.said).toContain(`v24`);
    expect(first.said).toContain(`a|--b|c d ${join(project, 'node_modules', '.bin')}`);
    expect(first.code).toBe(3);
    await runScript('script.mjs');
    expect(installations()).toHaveLength(1);
    expect(installations()[0]).toMatch(/^ci\b/);
  });

  it.each([
    ['has another version', { 'node_modules/node': { version: '24.0.1' } }],
    ['has one more package', { 'node_modules/node': { version: '24.0.0' }, 'node_modules/new': { version: '1.0.0' } }],
    ['has lost a package', {}],
  ])('installs again when the lock file %s', async (_change, packages) => {
    await runScript('script.mjs');
    writeLock('package-lock.json', packages);
    await runScript('script.mjs');
    expect(installations()).toHaveLength(2);
  });

  it('installs once when two commands start at the same time', async () => {
    const outcomes = await Promise.all([runScript('script.mjs'), runScript('script.mjs')]);
    expect(outcomes.map(({ code }) => code)).toEqual([3, 3]);
    expect(installations()).toHaveLength(1);
  });

  it('does not run the script when the installation fails', async () => {
    writeFileSync(join(project, 'fail'), '');
    const outcome = await runScript('script.mjs');
    expect(outcome.code).toBe(7);
    expect(outcome.said).not.toMatch(/^v24/m);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('passes %s on and ends as the script ends', async (signal) => {
    writeFileSync(
      join(project, 'script.mjs'),
      `for (const s of ['SIGTERM', 'SIGINT']) process.on(s, () => { console.log('got', s); process.exit(5); }); setInterval(() => {}, 1000); console.log('ready');`,
    );
    const child = spawn(process.execPath, ['tools/run.mjs', 'script.mjs'], {
      cwd: project,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (chunk) => {
        said += String(chunk);
        if (said.includes('ready')) resolve();
      }),
    );
    child.kill(signal);
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(said).toContain(`got ${signal}`);
    expect(code).toBe(5);
  });

  it('explains itself without a script', async () => {
    expect(await runScript()).toMatchObject({ code: 2, said: expect.stringContaining('usage') });
  });
});

function writeLock(file: string, packages: Record<string, { version: string; optional?: boolean }>): void {
  writeFileSync(join(project, file), JSON.stringify({ packages: { '': { name: 'project' }, ...packages } }));
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, npm_execpath: join(project, 'npm-cli.js') };
}

function runScript(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['tools/run.mjs', ...args],
      { cwd: project, env: environment() },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, said: stdout + stderr }),
    );
  });
}

function installations(): string[] {
  return readFileSync(join(project, 'installed.txt'), 'utf8').trim().split('\n');
}
