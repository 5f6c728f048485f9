import { statSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { catalogue } from '#functions/sync/catalogue.ts';
import { packedJson } from '#tools/packed-json.ts';
import { inProject } from '#tools/project.ts';

test('a large document is unpacked to what it was, a small one stays as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'protiv-packed-'));
  const large = { items: Array.from({ length: 3_000 }, (_, n) => ({ n, text: `Straße ${n}` })) };
  const small = { name: 'small' };
  writeFileSync(join(folder, 'large.json'), JSON.stringify(large, null, 2));
  writeFileSync(join(folder, 'small.json'), JSON.stringify(small));
  writeFileSync(
    join(folder, 'entry.mjs'),
    "import large from './large.json' with { type: 'json' }; import small from './small.json' with { type: 'json' }; export { large, small };",
  );
  const outfile = join(folder, 'bundle.mjs');
  await build({
    entryPoints: [join(folder, 'entry.mjs')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [packedJson()],
    logLevel: 'silent',
  });
  const bundle = (await import(outfile)) as { large: unknown; small: unknown };
  expect(bundle.large).toEqual(large);
  expect(bundle.small).toEqual(small);
  expect(statSync(outfile).size).toBeLessThan(JSON.stringify(large).length / 4);
});

test('the catalogue of integrations stands in a bundle as data, without the manifests it is made from', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'protiv-catalogue-'));
  const outfile = join(folder, 'bundle.mjs');
  const built = await build({
    entryPoints: [inProject('functions/sync/catalogue.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [packedJson()],
    metafile: true,
    logLevel: 'silent',
  });
  expect(((await import(outfile)) as { catalogue: unknown }).catalogue).toEqual(catalogue);
  expect(Object.keys(built.metafile.inputs).filter((input) => input.includes('manifest'))).toEqual([]);
});
