import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ianaZone } from '#kernel/windows-zones.ts';
import { mapAspireFile } from './map-aspire.ts';

/** Maps a file of raw rows: the lines to print, or null when there is no such list in this integration. */
export type FileMapper = (list: string, text: string, options: MapOptions) => Promise<readonly string[] | null>;

export interface MapOptions {
  readonly zone: string;
  readonly importWages: boolean;
}

const MAPPERS: Readonly<Record<string, FileMapper>> = { aspire: mapAspireFile };
const USAGE = 'usage: npm run map -- INTEGRATION ENTITY FILE [--zone ZONE] [--import-wages]';

/**
 * `npm run map`: raw rows of a source list to canonical records under the provider's default settings, one JSON line each. Returns the
 * exit code: 2 when the integration, the list or the file does not exist, else 0, also when every row is rejected.
 */
export async function runMap(
  args: readonly string[],
  print: (line: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  const fail = (message: string): number => {
    complain(message);
    return 2;
  };
  let parsed: { values: { zone?: string; 'import-wages'?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { zone: { type: 'string' }, 'import-wages': { type: 'boolean' } },
    });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  const [integration = '', entity = '', file] = parsed.positionals;
  if (file === undefined || parsed.positionals.length > 3) return fail(USAGE);
  const mapper = Object.hasOwn(MAPPERS, integration.toLowerCase()) ? MAPPERS[integration.toLowerCase()] : undefined;
  if (mapper === undefined) return fail(`unknown integration "${integration}"; known: ${Object.keys(MAPPERS).join(', ')}`);
  const zone = ianaZone(parsed.values.zone ?? 'UTC');
  if (zone === null) return fail(`"${parsed.values.zone}" is no time zone`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    return fail(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const lines = await mapper(entity, text, { zone, importWages: parsed.values['import-wages'] === true });
  if (lines === null) return fail(`${integration} has no list "${entity}" that becomes records`);
  for (const line of lines) print(line);
  return 0;
}

if (import.meta.main) {
  // A reader that has seen enough, such as `head`, closes the pipe: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  process.exitCode = await runMap(
    process.argv.slice(2),
    (line) => process.stdout.write(`${line}\n`),
    (line) => process.stderr.write(`${line}\n`),
  );
}
