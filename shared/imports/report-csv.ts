import type { RowReport } from './outcome.ts';

const COLUMNS = ['line', 'record', 'severity', 'code', 'column', 'message', 'value'] as const;
/** What a spreadsheet would take for a formula, also behind blanks. */
const FORMULA = /^\s*[=+\-@]|^[\t\r]/;

/** The header of a report as CSV. */
export const REPORT_HEADER = `${COLUMNS.join(',')}\r\n`;

/** One line of a report as CSV, for people who open it in a spreadsheet: no cell of it is a formula. */
export function reportLine(report: RowReport): string {
  return `${COLUMNS.map((column) => safeCell(report[column])).join(',')}\r\n`;
}

function safeCell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
