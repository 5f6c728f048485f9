import { readRows, surveyFile } from '#imports/import-file.ts';
import type { ImportBatch, ImportedRow, ImportRequest, OpenFile } from '#imports/outcome.ts';
import type { Profile } from '#imports/profile.ts';
import type { FileBatch } from '#mirror/file-run.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { Connection } from '#model/connection.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import { fileKey, type Upload } from '#model/upload.ts';
import type { FileStore } from '#platform/file-store.ts';

/** What a file is read under: the profile and window of its upload, the settings of its connection, the tenant's place. */
export function importRequest(
  { profile, mode, window }: Upload,
  { settings }: Connection,
  tenant: { readonly zone: string; readonly currency: string; readonly derivedBranchId: string | null },
): ImportRequest {
  const { statusMap, ignoredStatuses, payCodeMap, importWages, takesOver, timeImportFrom } = settings;
  return {
    profile: profile.document as Profile,
    mode,
    ...(window === null ? {} : { window }),
    settings: {
      statusMap,
      ignoredStatuses,
      ...(payCodeMap ? { payCodeMap } : {}),
      importWages,
      ...(takesOver ? { timeImportFrom } : {}),
    },
    ...tenant,
  };
}

/** Opens the file of an upload, again from its first byte each time; `version` holds it to the one that was previewed. */
export function opener(files: FileStore, tenantId: string, n: number, uploadId: string, version: string): OpenFile {
  return async function* open() {
    const file = await files.open(fileKey(tenantId, n, uploadId), version);
    if (file === null) throw new SourceError('file_gone', 'The file is there no more: upload it again.');
    try {
      yield* file.bytes;
    } finally {
      file.close();
    }
  };
}

/** The rows of a file as a run applies them, after what they stand under; what nothing is kept of is left out. */
export async function* fileBatches(
  open: OpenFile,
  request: ImportRequest,
  under: readonly MappedRecord[],
): AsyncGenerator<FileBatch> {
  const surveyed = await surveyFile(open, request);
  yield { parents: under, rows: [] };
  for await (const batch of readRows(open, request, surveyed)) yield mappedBatch(batch);
}

export function mappedBatch({ rows, parents }: ImportBatch): FileBatch {
  return { parents, rows: rows.flatMap(mappedRow) };
}

/** A row that cannot be read is told by its line. */
function mappedRow({ mapped, line }: ImportedRow): MappedRow[] {
  if (mapped === null) return [];
  return [mapped.kind === 'rejected' ? { ...mapped, rejected: { ...mapped.rejected, row: line } } : mapped];
}
