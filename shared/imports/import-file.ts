import { canonicalJson } from '#kernel/canonical.ts';
import { sha256 } from '#kernel/hash.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import type { MappedFileRow } from './map/context.ts';
import { type ReadRow, RowMapper } from './map-row.ts';
import type {
  DateWindow,
  FileError,
  FileSurvey,
  ImportBatch,
  ImportCounts,
  ImportedRow,
  ImportRequest,
  OpenFile,
  RowPlaces,
  RowReport,
  SurveyedFile,
} from './outcome.ts';
import { type FileForm, readRecords } from './read-records.ts';
import { type Encoding, UnusableFile } from './read-text.ts';
import { RepeatedRows } from './repeated-rows.ts';

/** Reports that a survey keeps; all of them come with the rows. */
const MAX_KEPT_REPORTS = 1_000;
/** Distinct words without a meaning that a survey lists. */
const MAX_WORDS = 500;
/** Rows that are handed over together. */
const BATCH_ROWS = 500;

/** Nothing of a file that has no good row stands for another one. */
const NO_PLACES: RowPlaces = { ordinalOf: () => 1, isRepeated: () => false };

/**
 * Reads a file once, whole: what its rows say, how they stand to each other, and whether it can be used at all. Stores nothing; what it
 * remembers of a row is some 50 bytes. Only a failure to read the bytes throws.
 */
export async function surveyFile(open: OpenFile, request: ImportRequest): Promise<SurveyedFile> {
  const { encoding } = request.profile.csv;
  const first = await survey(open, request, encoding);
  const { error } = first.file.survey;
  // Without a mark and a declaration, what is no UTF-8 is what spreadsheets write in the west.
  const retry = error?.code === 'BAD_ENCODING' && encoding === 'auto' && !first.marked;
  return retry ? (await survey(open, request, 'windows-1252')).file : first.file;
}

/**
 * Reads a surveyed file again and hands over its rows with their final ids, from a record on: a run that was interrupted goes on where it
 * stopped. Throws an UnusableFile where the survey found an error, or where the file has changed since.
 */
export async function* readRows(
  open: OpenFile,
  request: ImportRequest,
  { survey: { encoding, delimiter, error }, places }: SurveyedFile,
  from = 1,
): AsyncGenerator<ImportBatch> {
  if (error !== null) throw new UnusableFile(error);
  const parents = new Set<string>();
  let batch: { rows: ImportedRow[]; parents: MappedRecord[] } = { rows: [], parents: [] };
  for await (const row of readEach(open, request, encoding ?? 'auto', { ...newForm(), delimiter }, from)) {
    batch.rows.push(settled(row, places));
    if (row.kind === 'row') {
      for (const parent of row.row.parents) {
        if (parents.has(parent.sourceId)) continue;
        parents.add(parent.sourceId);
        batch.parents.push(parent);
      }
    }
    if (batch.rows.length < BATCH_ROWS) continue;
    yield batch;
    batch = { rows: [], parents: [] };
  }
  if (batch.rows.length > 0) yield batch;
}

async function* readEach(
  open: OpenFile,
  request: ImportRequest,
  encoding: Encoding | 'auto',
  form: FileForm,
  from: number,
  onWarnings?: (warnings: FileSurvey['warnings']) => void,
): AsyncGenerator<ReadRow> {
  let mapper: RowMapper | null = null;
  for await (const { layout, records, from: first } of readRecords(open, request.profile, encoding, form)) {
    if (mapper === null) {
      mapper = new RowMapper(layout, request);
      onWarnings?.(layout.warnings);
    }
    for (const [at, csv] of records.entries()) if (first + at >= from) yield mapper.read(csv, first + at);
  }
}

function newForm(): FileForm {
  return { encoding: null, marked: false, bytes: 0, delimiter: null, blankLines: 0 };
}

async function survey(
  open: OpenFile,
  request: ImportRequest,
  encoding: Encoding | 'auto',
): Promise<{ readonly file: SurveyedFile; readonly marked: boolean }> {
  const form = newForm();
  const tally = new Tally();
  let warnings: FileSurvey['warnings'] = [];
  let error: FileError | null = null;
  try {
    for await (const row of readEach(open, request, encoding, form, 1, (told) => {
      warnings = told;
    }))
      tally.add(row);
  } catch (failure) {
    if (!(failure instanceof UnusableFile)) throw failure;
    error = failure.reason;
  }
  const { profile } = request;
  const places = error === null ? tally.settle(profile.duplicates) : NO_PLACES;
  return {
    marked: form.marked,
    file: {
      survey: {
        entity: profile.entity,
        profile: { name: profile.profile, version: profile.version },
        error,
        warnings,
        encoding: form.encoding,
        delimiter: form.delimiter,
        bytes: form.bytes,
        counts: { ...tally.counts, blankLines: form.blankLines },
        span: tally.span,
        unknownWords: [...tally.words.values()],
        reports: tally.reports,
      },
      places,
    },
  };
}

/** What a survey adds up. */
class Tally {
  readonly counts: { -readonly [C in keyof ImportCounts]: number } = {
    records: 0,
    ok: 0,
    warning: 0,
    error: 0,
    parked: 0,
    duplicates: 0,
    filtered: 0,
    blankLines: 0,
  };
  readonly words = new Map<string, { readonly column: string; readonly word: string; count: number }>();
  readonly reports: RowReport[] = [];
  span: DateWindow | null = null;
  readonly #repeated = new RepeatedRows();

  add(row: ReadRow): void {
    this.counts.records += 1;
    this.counts[row.status] += 1;
    for (const report of row.reports) this.#report(report);
    if (row.kind === 'filtered') this.counts.filtered += 1;
    if (row.kind !== 'row') return;
    const { record, also } = row.row;
    const content = [record.entity, record.fields, record.tombstone ?? null, record.skip?.code ?? null];
    this.#repeated.keep(
      row.record,
      row.status,
      sha256(`${record.space} ${record.sourceId}`),
      sha256(canonicalJson([...content, ...also.map(({ fields }) => fields)])),
      row.stable,
    );
    if (row.day === null) return;
    const { from, to } = this.span ?? { from: row.day, to: row.day };
    if (this.span === null || row.day < from || row.day > to)
      this.span = { from: row.day < from ? row.day : from, to: row.day > to ? row.day : to };
  }

  settle(duplicates: 'collapse' | 'count'): RowPlaces {
    const { warned, dropped } = this.#repeated.settle(duplicates);
    this.counts.ok -= warned;
    this.counts.warning += warned;
    this.counts.duplicates = dropped;
    return this.#repeated;
  }

  #report(report: RowReport): void {
    if (this.reports.length < MAX_KEPT_REPORTS) this.reports.push(report);
    if (report.code !== 'UNKNOWN_WORD' || report.value === null || report.column === null) return;
    const key = `${report.column}\n${report.value}`;
    const known = this.words.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.words.size < MAX_WORDS) this.words.set(key, { column: report.column, word: report.value, count: 1 });
  }
}

/** A row with what the others of the file make of it: its number among equals, or nothing where another one stands for it. */
function settled(read: ReadRow, places: RowPlaces): ImportedRow {
  const { line, record, status, reports } = read;
  const place = { line, record, status, reports };
  if (read.kind === 'filtered') return { ...place, mapped: null };
  if (read.kind === 'rejected') return { ...place, mapped: { kind: 'rejected', rejected: read.rejected } };
  const ordinal = places.ordinalOf(record);
  const told = places.isRepeated(record) ? [...reports, repeatedReport(read, ordinal)] : reports;
  return {
    ...place,
    status: status === 'ok' && told.length > 0 ? 'warning' : status,
    reports: told,
    mapped: ordinal === 0 ? null : mappedRow(read.row, ordinal),
  };
}

function repeatedReport({ line, record }: ReadRow, ordinal: number): RowReport {
  const message = ordinal === 0 ? 'another row stands for this one' : 'stands for other rows with the same id and other values';
  return { line, record, column: null, severity: 'warning', code: 'DUPLICATE', message, value: null };
}

function mappedRow({ record, also }: MappedFileRow, ordinal: number): MappedRow {
  const numbered = ordinal === 1 ? record : { ...record, sourceId: `${record.sourceId}#${ordinal}` };
  return { kind: 'record', record: numbered, also };
}
