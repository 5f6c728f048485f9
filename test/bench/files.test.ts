import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { inProject } from '#tools/project.ts';
import type { FileRunPass, FilesPass } from '../../bench/files.ts';

test('a large file keeps every row and hour, in little memory beside its size', () => {
  const rows = 60_000;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=64', inProject('bench', 'files-pass.ts'), `${rows}`],
    {
      encoding: 'utf8',
    },
  );
  expect(stderr).toBe('');
  const pass: FilesPass = JSON.parse(stdout);
  expect(pass).toMatchObject({ rows, records: rows, hours: rows * 8 });
}, 60_000);

test('a run over a large file writes every row once, and nothing when the file comes again', () => {
  const rows = 20_000;
  const { stdout, stderr } = spawnSync(process.execPath, [inProject('bench', 'file-run-pass.ts'), `${rows}`], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout) as FileRunPass).toMatchObject({ rows, written: rows, writtenAgain: 0, legs: 1 });
}, 120_000);
