import type { EntityName } from '#model/entities.ts';
import type { MappedRecord, SkipReason } from '#model/mapped-record.ts';
import type { RowReader } from '../row-reader.ts';

/** What a row becomes: its record, what comes along with it, and the job and milestone that only its columns tell of (M-74). */
export interface MappedFileRow {
  readonly record: MappedRecord;
  readonly also: readonly MappedRecord[];
  readonly parents: readonly MappedRecord[];
}

/** Where a row's record stands: its id, and what of the row goes beside the fields. */
export type Place = Pick<MappedRecord, 'sourceId' | 'sourceUpdatedAt' | 'sourceCreatedAt'>;

/** Reads the fields of one row. What cannot be read has been reported on the reader; the record is then of no use. */
export type MapFields = (row: RowReader, place: Place) => MappedFileRow;

export function alone<E extends EntityName>(record: MappedRecord<E>): MappedFileRow {
  return { record: record as MappedRecord, also: [], parents: [] };
}

export const UNSTATED = { sourceStatus: null } as const;

/** The branch that a row names, else the one that everything belongs to (M-28). */
export function branchOf(row: RowReader): string | null {
  return row.id('branch_id') ?? row.request.derivedBranchId;
}

export function withSkip(skip: SkipReason | undefined): { readonly skip?: SkipReason } {
  return skip === undefined ? {} : { skip };
}
