import type { PreflightProblem } from '#bonus/exports/problem.ts';
import { latestTemplate } from '#bonus/exports/templates/index.ts';
import type { ExportedFile, PayrollExport } from '#model/payroll-export.ts';
import { moneyOf } from '../edge.ts';

/** A payroll export as lists give it. */
export function exportRow(one: PayrollExport, currency: string) {
  const { id, reference, target, mode, status, statementIds, lineCount, events, replaces, replacedBy, made } = one;
  return {
    ...{ id, reference, target, mode, status, statementIds, lineCount },
    total: moneyOf(one.totalCents)!,
    currency,
    templateVersion: made?.templateVersion ?? latestTemplate(target).version,
    checksum: made?.file.checksum ?? null,
    files:
      made === null
        ? []
        : [fileView(id, 'file', made.file), ...(made.worksheet === null ? [] : [fileView(id, 'worksheet', made.worksheet)])],
    accepted: made?.accepted ?? [],
    ...{ events, replaces, replacedBy },
  };
}

/** A payroll export with what preflight finds. */
export function exportView(one: PayrollExport, currency: string, preflight: readonly PreflightProblem[]) {
  return { ...exportRow(one, currency), preflight };
}

function fileView(exportId: string, part: 'file' | 'worksheet', { name, lineCount, totalCents, checksum }: ExportedFile) {
  return { part, name, lineCount, total: moneyOf(totalCents)!, checksum, href: `/v1/exports/${exportId}/file?part=${part}` };
}
