import { decideImport, windowOf } from '#imports/decide-import.ts';
import { readRows, surveyFile } from '#imports/import-file.ts';
import type { FileSurvey, ImportRequest, OpenFile, RowReport } from '#imports/outcome.ts';
import { type PreviewPorts, previewFile } from '#mirror/file-preview.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MappedRecord } from '#model/mapped-record.ts';
import { EMPTY_REPORT, type Upload, type UploadedFile, type UploadIssue, type UploadReport } from '#model/upload.ts';
import { mappedBatch } from './read-upload.ts';

/** Rows of each kind that a report lists, beside the full counts. */
const LISTED = 1_000;
const LISTED_BYTES = 600_000;

/** An upload after its file was looked at, and the rows behind that. */
export interface Previewed {
  readonly upload: Upload;
  readonly report: UploadReport;
}

/**
 * Looks at a file without changing anything (M-71): what it is refused for, or what reading it in would do. Reads it twice, as a file has
 * to be: what a row is depends on those after it.
 */
export async function previewUpload(
  ports: PreviewPorts,
  stream: StreamManifest,
  upload: Upload,
  given: {
    readonly file: Omit<UploadedFile, 'encoding'>;
    readonly open: OpenFile;
    readonly request: ImportRequest;
    readonly under: readonly MappedRecord[];
  },
): Promise<Previewed> {
  const { open, request } = given;
  const surveyed = await surveyFile(open, request);
  const { survey } = surveyed;
  const decision = decideImport(survey, request);
  const seen = { ...upload, file: { ...given.file, encoding: survey.encoding }, revision: upload.revision + 1 };
  if (!decision.apply) return refused(seen, survey);

  const issues = new Issues();
  for (const { column, message } of survey.warnings)
    issues.take('warning', { row: 1, reason: 'FILE', field: column, detail: message, value: null });
  const window = upload.mode === 'replace' ? windowOf(survey, request) : null;
  const batches = async function* () {
    yield { parents: given.under, rows: [] };
    for await (const batch of readRows(open, request, surveyed)) {
      for (const row of batch.rows) for (const report of row.reports) issues.takeReport(report);
      yield mappedBatch(batch);
    }
  };
  const found = await previewFile(ports, stream, { mode: upload.mode, window }, batches());
  return {
    upload: {
      ...seen,
      window,
      status: 'preview',
      preview: {
        rows: survey.counts.records,
        counts: found.counts,
        rejected: survey.counts.error,
        warnings: issues.warningCount,
        deletionsHeld: found.deletionsHeld,
        latestDate: survey.span?.to ?? null,
        unknownStatuses: unknownStatuses(survey),
      },
    },
    report: { ...issues.report(), deletions: found.deletions.slice(0, LISTED) },
  };
}

function refused(upload: Upload, survey: FileSurvey): Previewed {
  const issues = new Issues();
  for (const report of survey.reports) issues.takeReport(report);
  const { error, counts } = survey;
  const refusal =
    error === null
      ? {
          code: 'TOO_MANY_ERRORS',
          detail: `${counts.error} of ${counts.records} rows cannot be read, more than a tenth: nothing of the file is.`,
          row: null,
        }
      : { code: error.code, detail: error.message, row: error.line ?? null };
  return { upload: { ...upload, status: 'refused', refusal }, report: { ...EMPTY_REPORT, ...issues.report() } };
}

/** What is wrong with rows, as far as it is listed. */
class Issues {
  warningCount = 0;
  readonly #rejected: UploadIssue[] = [];
  readonly #warnings: UploadIssue[] = [];
  #bytes = 0;

  takeReport({ severity, line, code, column, message, value }: RowReport): void {
    this.take(severity === 'error' ? 'error' : 'warning', { row: line, reason: code, field: column, detail: message, value });
  }

  take(kind: 'error' | 'warning', issue: UploadIssue): void {
    if (kind === 'warning') this.warningCount += 1;
    const list = kind === 'error' ? this.#rejected : this.#warnings;
    const bytes = Buffer.byteLength(JSON.stringify(issue));
    if (list.length >= LISTED || this.#bytes + bytes > LISTED_BYTES) return;
    this.#bytes += bytes;
    list.push(issue);
  }

  report(): Pick<UploadReport, 'rejected' | 'warnings'> {
    return { rejected: this.#rejected, warnings: this.#warnings };
  }
}

function unknownStatuses({ unknownWords }: FileSurvey): string[] {
  return [...new Set(unknownWords.map(({ word }) => word))].sort();
}
