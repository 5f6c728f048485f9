import type { Rejection } from '#model/mapped-record.ts';
import type { Layout } from './bind-header.ts';
import type { FileEntity } from './columns.ts';
import { identityOf } from './identity.ts';
import type { MapFields, MappedFileRow } from './map/context.ts';
import { mapBranch, mapClient, mapDivision, mapRoute } from './map/organisation.ts';
import { mapWage, mapWorker } from './map/people.ts';
import { mapTimeEntry } from './map/time.ts';
import { mapBudget, mapJob, mapMaterial, mapMilestone } from './map/work.ts';
import type { ImportRequest, RowReport, RowStatus } from './outcome.ts';
import { windowColumn } from './profile-parts.ts';
import type { CsvRecord } from './read-csv.ts';
import { RowReader } from './row-reader.ts';

const MAPPINGS: Readonly<Record<FileEntity, MapFields>> = {
  branches: mapBranch,
  divisions: mapDivision,
  routes: mapRoute,
  clients: mapClient,
  workers: mapWorker,
  wages: mapWage,
  jobs: mapJob,
  milestones: mapMilestone,
  budgets: mapBudget,
  materials: mapMaterial,
  time_entries: mapTimeEntry,
};

/** What one record says by itself, without the others of the file. */
export type ReadRow = {
  readonly line: number;
  readonly record: number;
  readonly status: RowStatus;
  readonly reports: readonly RowReport[];
} & (
  | { readonly kind: 'row'; readonly row: MappedFileRow; readonly stable: boolean; readonly day: string | null }
  | { readonly kind: 'rejected'; readonly rejected: Rejection }
  | { readonly kind: 'filtered' }
);

/** Reads the records of one file, one after the other. */
export class RowMapper {
  readonly #reader: RowReader;
  readonly #layout: Layout;
  readonly #map: MapFields;
  readonly #window: ImportRequest['window'];
  readonly #windowColumn: string | null;

  constructor(layout: Layout, request: ImportRequest) {
    this.#reader = new RowReader(layout, request);
    this.#layout = layout;
    this.#map = MAPPINGS[request.profile.entity];
    this.#window = request.window;
    this.#windowColumn = windowColumn(request.profile);
  }

  read(csv: CsvRecord, record: number): ReadRow {
    const reader = this.#reader;
    const { filters, width } = this.#layout;
    reader.begin(csv, record);
    const place = { line: csv.line, record };
    if (width !== null && !fits(csv.cells, width)) {
      reader.rowError('CELL_COUNT', `has ${csv.cells.length} cells where the header has ${width}`);
      return { ...place, status: 'error', reports: reader.reports, kind: 'rejected', rejected: this.#rejection(null) };
    }
    if (filters.some(({ cell, equals }) => reader.cell(cell).toLowerCase() !== equals))
      return { ...place, status: 'ok', reports: [], kind: 'filtered' };
    reader.checkRequired();
    const identity = identityOf(reader);
    const known = {
      sourceId: identity?.sourceId ?? '',
      sourceUpdatedAt: reader.instant('modified_at'),
      sourceCreatedAt: null,
    };
    const row = this.#map(reader, known);
    if (reader.failed) {
      const rejected = this.#rejection(identity?.sourceId ?? null);
      return { ...place, status: 'error', reports: reader.reports, kind: 'rejected', rejected };
    }
    // Read again only where it could be read, so that it is not told of twice.
    const day = this.#windowColumn === null ? null : reader.date(this.#windowColumn);
    if (day !== null && this.#window !== undefined && (day < this.#window.from || day > this.#window.to))
      reader.warn(this.#windowColumn!, 'OUTSIDE_WINDOW', 'lies outside the days that the upload speaks for');
    const status = reader.parked ? 'parked' : reader.reports.length > 0 ? 'warning' : 'ok';
    return { ...place, status, reports: reader.reports, kind: 'row', row, stable: identity?.stable ?? true, day };
  }

  /** The reason of M-98 for what is wrong first: a status that no map knows is its own, all else a row that cannot be used. */
  #rejection(sourceId: string | null): Rejection {
    const first = this.#reader.firstError!;
    const unmapped = first.name === 'status' && first.report.code === 'UNKNOWN_WORD';
    return {
      sourceId,
      reason: unmapped ? 'status_unmapped' : 'row_invalid',
      field: first.report.column,
      value: first.report.value,
    };
  }
}

/** As many cells as headers, or more of which the others are empty. */
function fits(cells: readonly string[], width: number): boolean {
  if (cells.length <= width) return cells.length === width;
  return cells.slice(width).every((cell) => cell.trim() === '');
}
