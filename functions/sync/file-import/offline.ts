import { BECOMES, FILE_ENTITIES, fileEntityOf } from '#imports/columns.ts';
import { readRows, surveyFile } from '#imports/import-file.ts';
import type { ImportedRow, ImportRequest } from '#imports/outcome.ts';
import type { Profile } from '#imports/profile.ts';
import { canonicalProfile, SHIPPED_PROFILES } from '#imports/shipped.ts';
import { ExactNumber } from '#kernel/decimal.ts';
import { isWireObject, type OfflineMapping, type OfflineOptions, readOfflinePayload } from '#mirror/offline.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';

/** Every kind of file, by its own name and by the name of what its rows become. */
const LISTS = [...new Set([...FILE_ENTITIES, ...FILE_ENTITIES.map((file) => BECOMES[file].entity)])];

/**
 * `npm run map -- file-import`: a file with canonical columns, or one of a layout that a shipped profile knows; or rows as JSON, with the
 * canonical columns as keys.
 */
export const offline: OfflineMapping = {
  lists: LISTS,
  async map(name, text, options) {
    const entity = fileEntityOf(name);
    if (entity === null) return null;
    const profiles = [canonicalProfile(entity), ...SHIPPED_PROFILES.filter((profile) => profile.entity === entity)];
    const rows = jsonRows(entity, text);
    if (rows === null) return mapFile(options.bytes ?? Buffer.from(text), profiles, options);
    const table = rows.map((row) => cellsOf(row));
    const header = [...new Set(table.flatMap((row) => [...(row?.keys() ?? [])]))];
    const good = table.flatMap((row) => (row === null ? [] : [header.map((key) => quoted(row.get(key) ?? '')).join(',')]));
    // Without a row nobody can tell whether it is such a list: an empty one is.
    if (good.length === 0) return rows.map(() => INVALID);
    const bytes = Buffer.from(`${[header.map(quoted).join(','), ...good].join('\n')}\n`);
    const mapped = await mapFile(bytes, profiles, options);
    if (mapped === null) return rows.map(() => INVALID);
    let at = 0;
    return table.map((row) => (row === null ? INVALID : (mapped[at++] ?? INVALID)));
  },
};

const INVALID: MappedRow = { kind: 'rejected', rejected: { sourceId: null, reason: 'row_invalid', field: null, value: null } };

/** The rows of a JSON file: bare, one alone, or one list of a recorded company; null where the file is no JSON. */
function jsonRows(entity: string, text: string): readonly unknown[] | null {
  const payload = readOfflinePayload(text);
  if (payload === null) return null;
  const found = payload.kind === 'dataset' ? payload.endpoints[entity] : payload.body;
  return Array.isArray(found) ? found : [found];
}

/** A row's values by column, as a file would hold them; null where one is no single value. */
function cellsOf(row: unknown): ReadonlyMap<string, string> | null {
  if (!isWireObject(row)) return null;
  const cells = new Map<string, string>();
  for (const [key, value] of Object.entries(row)) {
    if (value === null) continue;
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (!plain && !(value instanceof ExactNumber)) return null;
    cells.set(key, String(value));
  }
  return cells.size === 0 ? null : cells;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Maps a file by the first profile that its header fits; null where it fits none. */
async function mapFile(
  bytes: Uint8Array,
  profiles: readonly Profile[],
  { zone, importWages }: OfflineOptions,
): Promise<readonly MappedRow[] | null> {
  for (const profile of profiles) {
    const request: ImportRequest = {
      profile,
      settings: { statusMap: {}, ignoredStatuses: [], importWages },
      zone,
      currency: 'USD',
      derivedBranchId: 'account:file-import',
    };
    const open = async function* () {
      yield bytes;
    };
    const surveyed = await surveyFile(open, request);
    if (surveyed.survey.error !== null) continue;
    const rows: MappedRow[] = [];
    for await (const batch of readRows(open, request, surveyed)) {
      const parents = new Map(batch.parents.map((one) => [one.sourceId, one]));
      for (const row of batch.rows) rows.push(lineOf(row, parents));
    }
    return rows;
  }
  return null;
}

/** One line for each row of the file; a parent that only its columns tell of comes along with the first row that names it. */
function lineOf({ status, reports, mapped }: ImportedRow, parents: Map<string, MappedRecord>): MappedRow {
  if (mapped === null) return refused('duplicate_identity', null, null);
  if (mapped.kind === 'rejected') return mapped;
  const { record, also } = mapped;
  if (status === 'parked') return refused('required_field_missing', record.sourceId, reports[0]?.column ?? null);
  const { jobId, milestoneId } = record.fields as { readonly jobId?: string | null; readonly milestoneId?: string | null };
  const along = [jobId, milestoneId].flatMap((id) => {
    const parent = id === null || id === undefined ? undefined : parents.get(id);
    if (parent === undefined) return [];
    parents.delete(parent.sourceId);
    return [parent];
  });
  return { kind: 'record', record, also: [...along, ...also] };
}

function refused(
  reason: 'duplicate_identity' | 'required_field_missing',
  sourceId: string | null,
  field: string | null,
): MappedRow {
  return { kind: 'rejected', rejected: { sourceId, reason, field, value: null } };
}
