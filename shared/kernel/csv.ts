const NUMERIC = /^[+-]?\d+(\.\d+)?$/;
/** Spreadsheets take a cell that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** A cell that no spreadsheet runs as a formula (M-156): an apostrophe before what looks like one, unless it is a number. */
function harmless(text: string): string {
  return FORMULA.test(text) && !NUMERIC.test(text) ? `'${text}` : text;
}

/** Cells as one line of RFC 4180, without its end: made harmless, and quoted where a comma, quote or line break asks for it. */
export function csvLine(cells: readonly string[]): string {
  return cells
    .map(harmless)
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
}
