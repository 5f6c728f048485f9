import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { manifests } from '#functions/sync/manifests.ts';
import { instantFromMs } from '#kernel/instant.ts';
import { ianaZone } from '#kernel/windows-zones.ts';
import type { OfflineMapping } from '#mirror/offline.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import { integrationPart } from './integrations.ts';

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
  const named = integration.toLowerCase().replaceAll('_', '-');
  const manifest = manifests.find(({ provider }) => provider.replaceAll('_', '-') === named);
  if (manifest === undefined) {
    return fail(`unknown integration "${integration}"; known: ${manifests.map(({ provider }) => provider).join(', ')}`);
  }
  const zone = ianaZone(parsed.values.zone ?? 'UTC');
  if (zone === null) return fail(`"${parsed.values.zone}" is no time zone`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return fail(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const offline = await integrationPart<OfflineMapping>(manifest.provider, 'offline.ts', 'offline');
  const wanted = entity.replace(/^\//, '').toLowerCase();
  const list = offline.lists.find((name) => name.toLowerCase() === wanted);
  if (list === undefined) return fail(`${integration} has no list "${entity}" that becomes records: ${offline.lists.join(', ')}`);
  const options = { zone, importWages: parsed.values['import-wages'] === true, now: instantFromMs(Date.now()), bytes };
  const rows = await offline.map(list, bytes.toString('utf8').replace(/^\uFEFF/, ''), options);
  if (rows === null) print(JSON.stringify({ rejected: { sourceId: null, reason: 'row_invalid', field: null } }));
  else for (const row of rows) print(lineOf(row));
  return 0;
}

/** A record flat, with the fields of M-27 beside where it came from; a skipped row is told like a rejected one, with its verdict's code. */
function lineOf(row: MappedRow): string {
  if (row.kind === 'rejected') {
    const { sourceId, reason, field } = row.rejected;
    return JSON.stringify({ rejected: { sourceId, reason, field } });
  }
  const { skip, sourceId } = row.record;
  if (skip !== undefined) {
    const reason = skip.kind === 'ignored' ? 'ignored_status' : skip.code;
    return JSON.stringify({ rejected: { sourceId, reason, field: null } });
  }
  return JSON.stringify({ record: flat(row.record), also: row.also.map(flat) });
}

function flat({ fields, ...provenance }: MappedRecord): Record<string, unknown> {
  return { ...provenance, ...fields };
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
