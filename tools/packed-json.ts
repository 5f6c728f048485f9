import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import type { Plugin } from 'esbuild';

/** Smaller documents are not worth unpacking. */
const WORTH_PACKING_BYTES = 50_000;

/**
 * Puts large JSON documents into a bundle compressed. They are unpacked when the function starts, which takes a few milliseconds and
 * saves what every cold start would otherwise load and parse as code.
 */
export function packedJson(): Plugin {
  return {
    name: 'packed-json',
    setup(build) {
      build.onLoad({ filter: /\.json$/ }, ({ path }) => {
        if (path.includes('node_modules')) return undefined;
        const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
        if (text.length < WORTH_PACKING_BYTES) return undefined;
        const packed = brotliCompressSync(text).toString('base64');
        return {
          loader: 'js',
          contents: [
            "import { brotliDecompressSync } from 'node:zlib';",
            `export default JSON.parse(brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString());`,
          ].join('\n'),
        };
      });
    },
  };
}
