import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { inProject } from '#tools/project.ts';
import type { BackfillPass } from '../../bench/backfill.ts';

test('a backfill continues in legs that end at checkpoints, writes every entry once, and nothing when listed again', () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=256', inProject('bench', 'backfill-pass.ts'), '30000', '60000'],
    {
      encoding: 'utf8',
    },
  );
  expect(stderr).toBe('');
  const pass: BackfillPass = JSON.parse(stdout);
  expect(pass).toMatchObject({ entries: 30_000, written: 30_000 });
  // The run's own bookkeeping, which the number of legs moves a little; the entries' own writes stop the pass.
  expect(pass.idleWrites).toBeLessThanOrEqual(10);
  expect(pass.legs).toBeGreaterThan(1);
}, 120_000);
