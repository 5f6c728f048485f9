import type { ExportedStatement, ExportFileInput, ExportLine } from '#model/payroll-export.ts';
import type { ExportEarning } from '#model/settings.ts';
import { amountOf, type ExportTemplate, type FileRow } from './template.ts';

/** One line with the statement that it is of. */
interface PlacedLine {
  readonly statement: ExportedStatement;
  readonly line: ExportLine;
}

/** The rows of an export's file, and the lines that have no place in it, as rows of the worksheet (B-223). */
export interface ExportRows {
  readonly file: readonly FileRow[];
  readonly worksheet: readonly FileRow[];
}

/** What payroll calls an earning: as the tenant has said, else by the layout itself; null where neither tells. */
export function codeOf(
  template: ExportTemplate,
  { codes }: Pick<ExportFileInput, 'codes'>,
  earning: ExportEarning,
): string | null {
  const said = codes[earning]?.trim() ?? '';
  return said === '' ? template.ownCode(earning) : said;
}

/** Whether a layout has a place for a line. */
export function hasPlaceFor(template: ExportTemplate, { earning, cents }: ExportLine): boolean {
  return template.earnings.includes(earning) && (cents > 0 || template.takesNegative);
}

/** Every line of an export on exactly one row, people by name. `worksheet` is the layout of the lines that go by hand. */
export function rowsOf(input: ExportFileInput, template: ExportTemplate, worksheet: ExportTemplate): ExportRows {
  const lines = [...input.statements]
    .sort(byWorker(input))
    .flatMap((statement) => statement.lines.map((line) => ({ statement, line })));
  const [inside, outside] = [true, false].map((is) => lines.filter(({ line }) => hasPlaceFor(template, line) === is));
  return { file: inLayout(input, template, inside!), worksheet: inLayout(input, worksheet, outside!) };
}

function inLayout(input: ExportFileInput, template: ExportTemplate, lines: readonly PlacedLine[]): readonly FileRow[] {
  return [...Map.groupBy(lines, ({ statement }) => statement.workerId)].flatMap(([workerId, own]) => {
    const totalCents = amountOf({ lines: own.map(({ line }) => line) });
    const rows = template.rows === 'line' ? own.map((one) => [one]) : [own];
    return rows.map((placed, index) => ({
      input,
      workerId,
      person: input.people[workerId]!,
      statement: placed[0]!.statement,
      lines: placed.map(({ line }) => line),
      code: codeOf(template, input, placed[0]!.line.earning),
      workerTotalCents: index === rows.length - 1 ? totalCents : null,
    }));
  });
}

function byWorker({ people }: ExportFileInput) {
  const keyOf = ({ workerId, period, statementId }: ExportedStatement): string =>
    [people[workerId]!.displayName, workerId, period.startDate, statementId].join('\n');
  return (a: ExportedStatement, b: ExportedStatement): number => (keyOf(a) < keyOf(b) ? -1 : 1);
}
