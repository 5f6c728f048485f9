import type { ExportFileInput } from '#model/payroll-export.ts';
import { type PreflightProblem, problem } from './problem.ts';
import { worksheetTemplate } from './render.ts';
import { codeOf, rowsOf } from './rows.ts';
import type { Column, ExportTemplate, FileRow } from './template.ts';
import { templateOf } from './templates/index.ts';

/** What keeps an export out of the layout of its payroll: mode, company code, columns, earning codes, and every single cell. */
export function layoutProblems(input: ExportFileInput): readonly PreflightProblem[] {
  const template = templateOf(input.target, input.templateVersion);
  const rows = rowsOf(input, template, worksheetTemplate());
  const columns = template.columns(input);
  return [
    ...setUpProblems(input, template),
    ...codeProblems(input, template, rows.file),
    ...rows.file.flatMap((row) => columns.flatMap((column) => cellProblems(template, column, row))),
    ...rows.worksheet.map((row) =>
      problem(
        row.lines[0]!.cents < 0 ? 'negative-line' : 'worksheet-line',
        'warning',
        'payroll',
        'Enter it by hand from the worksheet.',
        {
          statementId: row.statement.statementId,
          workerId: row.workerId,
          subject: row.lines[0]!.earning,
        },
      ),
    ),
  ];
}

function setUpProblems(input: ExportFileInput, template: ExportTemplate): readonly PreflightProblem[] {
  const { companyCode } = template;
  const problems: PreflightProblem[] = [];
  if (!template.modes.includes(input.mode))
    problems.push(problem('mode-unsupported', 'error', 'admin', `${input.target} takes ${template.modes.join(' or ')}.`));
  if (companyCode !== null && !companyCode.pattern.test(input.template.companyCode ?? ''))
    problems.push(problem('company-code-missing', 'error', 'admin', `Name the company’s own code: ${companyCode.name}.`));
  if (input.target === 'paycom' && input.template.columns === undefined)
    problems.push(problem('layout-unconfirmed', 'error', 'admin', 'Confirm the columns against the account, in its order.'));
  return problems;
}

/** Missing and unknown codes, once an earning (B-223). */
function codeProblems(input: ExportFileInput, template: ExportTemplate, rows: readonly FileRow[]): readonly PreflightProblem[] {
  const used = [...new Set(rows.flatMap(({ lines }) => lines.map(({ earning }) => earning)))];
  return used.flatMap((earning) => {
    const code = codeOf(template, input, earning);
    const subject = { subject: earning };
    if (code === null) return [problem('code-missing', 'error', 'admin', `No code of payroll is named for ${earning}.`, subject)];
    if (template.isCode(code)) return [];
    return [problem('code-unknown', 'error', 'admin', `${code} is no code that ${input.target} takes for ${earning}.`, subject)];
  });
}

function cellProblems(template: ExportTemplate, column: Column, row: FileRow): readonly PreflightProblem[] {
  const text = column.cell(row);
  const place = { statementId: row.statement.statementId, workerId: row.workerId, subject: column.title };
  if (column.most !== undefined && text.length > column.most)
    return [problem('field-too-long', 'error', 'admin', `${column.title} takes ${column.most} characters.`, place)];
  if (column.pattern !== undefined && row.person.payrollId !== null && !column.pattern.test(text))
    return [problem('field-invalid', 'error', 'admin', `${column.title} does not fit what ${row.input.target} takes.`, place)];
  // What can be printed in ASCII.
  if (template.ascii && !/^[ -~]*$/.test(text))
    return [
      problem('character-not-allowed', 'error', 'admin', `${column.title} holds characters that payroll cannot read.`, place),
    ];
  return [];
}
