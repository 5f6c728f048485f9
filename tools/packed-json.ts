import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import type { OnLoadResult, Plugin } from 'esbuild';

/** Smaller documents are not worth unpacking. */
const WORTH_PACKING_BYTES = 5_000;

/** Modules that are worked out from others: a bundle holds what they come to, packed, instead of all they are made from. */
const WORKED_OUT: Readonly<Record<string, string>> = {
  'functions/sync/catalogue.ts': 'catalogue',
  'functions/sync/manifests.ts': 'manifests',
  'functions/api/problem-rows.ts': 'problemRows',
};

/**
 * Puts JSON documents into a bundle compressed. They are unpacked when the function starts, which takes a few milliseconds at most and
 * saves what every cold start would otherwise load and parse as code.
 */
export function packedJson(): Plugin {
  return {
    name: 'packed-json',
    setup(build) {
      build.onLoad({ filter: /\.json$/ }, ({ path }) => {
        if (path.includes('node_modules')) return undefined;
        const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
        return text.length < WORTH_PACKING_BYTES ? undefined : packed(text, 'export default');
      });
      for (const [module, name] of Object.entries(WORKED_OUT))
        build.onLoad({ filter: new RegExp(`/${module.replaceAll('.', '\\.')}$`) }, async ({ path }) => {
          const { [name]: value }: Record<string, unknown> = await import(/* @vite-ignore */ pathToFileURL(path).href);
          return packed(JSON.stringify(value), `export const ${name} =`);
        });
    },
  };
}

function packed(text: string, statement: string): OnLoadResult {
  const bytes = brotliCompressSync(text).toString('base64');
  return {
    loader: 'js',
    contents: [
      "import { brotliDecompressSync } from 'node:zlib';",
      `${statement} JSON.parse(brotliDecompressSync(Buffer.from('${bytes}', 'base64')).toString());`,
    ].join('\n'),
  };
}
