import type { FileEntity } from '#imports/columns.ts';
import { decideImport, type ImportDecision } from '#imports/decide-import.ts';
import { readRows, surveyFile } from '#imports/import-file.ts';
import type { FileSurvey, ImportedRow, ImportRequest, OpenFile, RowReport } from '#imports/outcome.ts';
import { type Profile, readProfile } from '#imports/profile.ts';
import { canonicalProfile } from '#imports/shipped.ts';
import type { MappedRecord } from '#model/mapped-record.ts';

/** A file in memory, handed over in chunks of a size. */
export function fileOf(content: string | Uint8Array, chunk = 1 << 16): OpenFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return async function* () {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  };
}

export function requestOf(profile: FileEntity | Profile, more: Partial<ImportRequest> = {}): ImportRequest {
  return {
    profile: typeof profile === 'string' ? canonicalProfile(profile) : profile,
    settings: { statusMap: {}, ignoredStatuses: [], payCodeMap: {}, importWages: true },
    zone: 'America/New_York',
    currency: 'USD',
    derivedBranchId: null,
    ...more,
  };
}

/** A profile from JSON; fails where it has problems. */
export function profileOf(raw: object): Profile {
  const read = readProfile(raw);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.profile;
}

export interface Imported {
  readonly survey: FileSurvey;
  readonly decision: ImportDecision;
  readonly rows: readonly ImportedRow[];
  readonly reports: readonly RowReport[];
  readonly parents: readonly MappedRecord[];
  /** Records that are kept, with what comes along. */
  readonly records: readonly MappedRecord[];
  readonly also: readonly MappedRecord[];
}

/** Both readings of a file; a file error leaves no rows. */
export async function importFile(
  content: string | Uint8Array,
  profile: FileEntity | Profile,
  more: Partial<ImportRequest> = {},
  chunk?: number,
): Promise<Imported> {
  const request = requestOf(profile, more);
  const open = fileOf(content, chunk);
  const surveyed = await surveyFile(open, request);
  const rows: ImportedRow[] = [];
  const parents: MappedRecord[] = [];
  if (surveyed.survey.error === null) {
    for await (const batch of readRows(open, request, surveyed)) {
      rows.push(...batch.rows);
      parents.push(...batch.parents);
    }
  }
  const mapped = rows.flatMap(({ mapped: row }) => (row?.kind === 'record' ? [row] : []));
  return {
    survey: surveyed.survey,
    decision: decideImport(surveyed.survey, request),
    rows,
    reports: rows.flatMap(({ reports }) => reports),
    parents,
    records: mapped.map(({ record }) => record),
    also: mapped.flatMap(({ also }) => also),
  };
}
