import { formatCents } from '#kernel/money.ts';
import type { ExportedPerson, ExportedStatement, ExportFileInput, ExportLine } from '#model/payroll-export.ts';
import type { ExportEarning, ExportMode } from '#model/settings.ts';

/** What one row of a file is made from: one line, or all that the file holds of a worker. */
export interface FileRow {
  readonly input: ExportFileInput;
  readonly workerId: string;
  readonly person: ExportedPerson;
  /** The statement of the line; of several the first. */
  readonly statement: ExportedStatement;
  readonly lines: readonly ExportLine[];
  /** What payroll calls the earning of the first line; null where nobody has said. */
  readonly code: string | null;
  /** What the file holds of the worker in all, on the worker's last row; null on the others. */
  readonly workerTotalCents: number | null;
}

/** One column: its title, how its cell follows from a row, and what payroll accepts there. */
export interface Column {
  readonly title: string;
  readonly cell: (row: FileRow) => string;
  /** Most characters. */
  readonly most?: number;
  readonly pattern?: RegExp;
}

/**
 * The layout of one payroll's file. Data, under a version of its own: a file is made again from the version it was made with, so a layout
 * that has been used never changes.
 */
export interface ExportTemplate {
  readonly version: number;
  /** Modes that the file can carry (B-221). */
  readonly modes: readonly ExportMode[];
  readonly rows: 'line' | 'worker';
  /** Earnings that the file has a place for; all others go on the worksheet. */
  readonly earnings: readonly ExportEarning[];
  /** Whether the file takes amounts below zero; else they go on the worksheet (B-223). */
  readonly takesNegative: boolean;
  readonly needsPayrollId: boolean;
  /** What the company's own code has to look like, and what payroll calls it; null where the file holds none. */
  readonly companyCode: { readonly name: string; readonly pattern: RegExp } | null;
  /** What an earning is called where the tenant has not said: null where that has to be said. */
  readonly ownCode: (earning: ExportEarning) => string | null;
  readonly isCode: (code: string) => boolean;
  /** Only characters of ASCII. */
  readonly ascii: boolean;
  /** A byte order mark, for files that people open in a spreadsheet. */
  readonly mark: boolean;
  readonly fileName: (input: ExportFileInput) => string;
  readonly columns: (input: ExportFileInput) => readonly Column[];
}

/** The cell of an amount: a plain decimal; blank for zero, since a zero would overwrite what payroll holds (B-226). */
export function amountCell(cents: number): string {
  return cents === 0 ? '' : formatCents(cents);
}

/** What a row holds of an earning, in cents. */
export function amountOf({ lines }: Pick<FileRow, 'lines'>, earning?: ExportEarning): number {
  return lines.filter((line) => earning === undefined || line.earning === earning).reduce((sum, { cents }) => sum + cents, 0);
}

/** A column whose cells stay blank: payroll expects it, and it is not ours to fill. */
export function blank(title: string): Column {
  return { title, cell: () => '' };
}

/** `2026-03-22` → `03/22/2026`. */
export function usDate(date: string): string {
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year}`;
}

export const anyCode = (code: string): boolean => code !== '';
export const noOwnCode = (): null => null;
