import { csvLine } from '#kernel/csv.ts';
import { hexHashOf } from '#kernel/hash.ts';
import type { ExportedFile, ExportFileInput } from '#model/payroll-export.ts';
import { rowsOf } from './rows.ts';
import { amountOf, type ExportTemplate, type FileRow } from './template.ts';
import { templateOf } from './templates/index.ts';

/** RFC 4180, and what every payroll here reads. */
const LINE_END = '\r\n';
const BYTE_ORDER_MARK = '\uFEFF';
/** The worksheets of all payrolls are of the one layout that people read. */
const WORKSHEET_VERSION = 1;

/** A file with its bytes, in UTF-8. */
export interface RenderedFile extends ExportedFile {
  readonly content: string;
}

/** The files of an export: what payroll reads, and what somebody enters by hand, if anything. */
export interface RenderedExport {
  readonly file: RenderedFile;
  readonly worksheet: RenderedFile | null;
}

/** The layout of worksheets. */
export const worksheetTemplate = (): ExportTemplate => templateOf('quickbooks', WORKSHEET_VERSION);

/** Makes the files of an export (B-225 to B-231): the same input gives the same bytes, today and in three years. */
export function renderExport(input: ExportFileInput): RenderedExport {
  const template = templateOf(input.target, input.templateVersion);
  const worksheet = worksheetTemplate();
  const rows = rowsOf(input, template, worksheet);
  return {
    file: renderFile(input, template, rows.file),
    worksheet: rows.worksheet.length === 0 ? null : renderFile(input, worksheet, rows.worksheet),
  };
}

function renderFile(input: ExportFileInput, template: ExportTemplate, rows: readonly FileRow[]): RenderedFile {
  const columns = template.columns(input);
  const table = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const text = table.map((cells) => csvLine(cells) + LINE_END).join('');
  const content = template.mark ? BYTE_ORDER_MARK + text : text;
  return {
    name: template.fileName(input),
    checksum: hexHashOf(content),
    lineCount: rows.length,
    totalCents: rows.reduce((sum, row) => sum + amountOf(row), 0),
    content,
  };
}
