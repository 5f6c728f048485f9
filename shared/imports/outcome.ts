import type { LocalDate } from '#kernel/instant.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import type { FileEntity } from './columns.ts';
import type { Profile, WindowMode } from './profile.ts';
import type { Encoding } from './read-text.ts';

/** Opens the file from its first byte. A file is read twice: what equals another row of it is known only at its end. */
export type OpenFile = () => AsyncIterable<Uint8Array>;

/** What is imported, and under which settings: all that a row's meaning depends on besides the file. */
export interface ImportRequest {
  readonly profile: Profile;
  /** As stated in the upload; left out, the profile's own. */
  readonly mode?: WindowMode;
  /** As stated in the upload, both days included; left out, the first to the last day in the file. */
  readonly window?: DateWindow;
  readonly settings: Pick<ConnectionSettings, 'statusMap' | 'ignoredStatuses' | 'payCodeMap' | 'importWages'> & {
    /** Of a connection that took time over from another one: rows of earlier days are that one's. */
    readonly timeImportFrom?: LocalDate;
  };
  /** The tenant's zone, for local times of a profile that names none. */
  readonly zone: string;
  readonly currency: string;
  /** Source id of the branch that everything without a branch of its own belongs to (M-28); null where there is none. */
  readonly derivedBranchId: string | null;
}

/** Local dates, both included. */
export interface DateWindow {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** What can be wrong with a row or its cells (section 6 of the file contract). */
export type RowCode =
  | 'MISSING_VALUE'
  | 'BAD_TEXT'
  | 'BAD_DATE'
  | 'BAD_TIME'
  | 'DST_AMBIGUOUS'
  | 'BAD_NUMBER'
  | 'BAD_UNIT'
  | 'END_BEFORE_START'
  | 'HOURS_MISMATCH'
  | 'TOO_LONG'
  | 'NEGATIVE'
  | 'OUT_OF_RANGE'
  | 'OUTSIDE_WINDOW'
  | 'UNKNOWN_WORD'
  | 'UNKNOWN_PARENT'
  | 'DUPLICATE'
  | 'CELL_COUNT'
  | 'SPREADSHEET_ID';

/** One thing told of one row. The value is null where it must not be shown, or where there is none. */
export interface RowReport {
  /** Physical line on which the record begins, from 1. */
  readonly line: number;
  /** Number of the record, from 1; neither the header nor blank lines count. */
  readonly record: number;
  /** Header of the column, as the file spells it. */
  readonly column: string | null;
  readonly severity: 'error' | 'warning' | 'parked';
  readonly code: RowCode;
  readonly message: string;
  readonly value: string | null;
}

/** The worst of what is told of a row; `parked`: it names no parent that could be known. Whether it changes anything the mirror tells. */
export type RowStatus = 'ok' | 'warning' | 'error' | 'parked';

/** One record of the file. */
export interface ImportedRow {
  readonly line: number;
  readonly record: number;
  readonly status: RowStatus;
  readonly reports: readonly RowReport[];
  /** Null where nothing of the row is kept: a duplicate, or what a filter of the profile leaves out. */
  readonly mapped: MappedRow | null;
}

/** Why nothing of a file can be used. Lines and bytes count from 1 and 0. */
export interface FileError {
  readonly code:
    | 'BAD_ENCODING'
    | 'UNCLOSED_QUOTE'
    | 'MISSING_HEADER'
    | 'DUPLICATE_HEADER'
    | 'MISSING_COLUMN'
    | 'TOO_LARGE'
    | 'TOO_MANY_ROWS'
    | 'CELL_TOO_LARGE';
  readonly message: string;
  readonly line?: number;
  readonly byteOffset?: number;
  readonly column?: string;
}

/** Something worth telling about the file as a whole. */
export interface FileWarning {
  readonly code: 'UNNAMED_COLUMN' | 'MISSING_COLUMN';
  readonly column: string;
  readonly message: string;
}

export interface ImportCounts {
  /** Records of the file, whatever became of them. */
  readonly records: number;
  readonly ok: number;
  readonly warning: number;
  readonly error: number;
  readonly parked: number;
  /** Rows of which nothing is kept because another row of the file says the same or, later, something else (both count as warning). */
  readonly duplicates: number;
  /** Rows that a filter of the profile leaves out (they count as ok). */
  readonly filtered: number;
  readonly blankLines: number;
}

/** What a first reading of the whole file tells: enough to decide what may be applied (`decideImport`). */
export interface FileSurvey {
  readonly entity: FileEntity;
  readonly profile: { readonly name: string; readonly version: number };
  readonly error: FileError | null;
  readonly warnings: readonly FileWarning[];
  readonly encoding: Encoding | null;
  readonly delimiter: string | null;
  readonly bytes: number;
  readonly counts: ImportCounts;
  /** First and last day of the window column among rows that can be used; null where no row has one. */
  readonly span: DateWindow | null;
  /** Words of the file that no map knows, with the header of their column and how often they stand there. */
  readonly unknownWords: readonly { readonly column: string; readonly word: string; readonly count: number }[];
  /** The first reports, up to a bound; all of them come with the rows. */
  readonly reports: readonly RowReport[];
}

/** A file that was read once: what it tells, and which of its rows stand for others. */
export interface SurveyedFile {
  readonly survey: FileSurvey;
  /** For the second reading alone: the place of each row among those with the same identity. */
  readonly places: RowPlaces;
}

/** What becomes of each record because of the others of the file, by its number. */
export interface RowPlaces {
  /** From 1; above it where rows with one identity are counted. 0: another row stands for this one, so nothing of it is kept. */
  ordinalOf(record: number): number;
  /** Whether another row has the same identity and the rows are not counted, so that people are told. */
  isRepeated(record: number): boolean;
}

/** Rows that are handed over together. */
export interface ImportBatch {
  readonly rows: readonly ImportedRow[];
  /** Jobs and milestones that exist only as columns of these rows (M-74), each once a reading: they come before the rows. */
  readonly parents: readonly MappedRecord[];
}
