import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { inProject } from '#tools/project.ts';
import { pureRules } from '#tools/pure-rules.ts';

/** What a program of one statement is bundled to. */
async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: inProject('shared', 'bonus'), loader: 'ts' },
    absWorkingDir: inProject(),
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [pureRules()],
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

test('a bundle carries the rules it names, and no others of the same modules', async () => {
  const minimum = await bundled("import { FEDERAL_MINIMUM_E4 } from './pay-law/wage-floor.ts'; console.log(FEDERAL_MINIMUM_E4);");
  expect(minimum).toContain('72500');
  expect(minimum).not.toContain('B-216');
  const rule = await bundled("import { wageFloorRule } from './pay-law/wage-floor.ts'; console.log(wageFloorRule);");
  expect(rule).toContain('B-216');
});
