import { EXPORT_EARNINGS, EXPORT_MODES } from '#model/settings.ts';
import { amountCell, amountOf, anyCode, type ExportTemplate } from '../template.ts';

/** Any payroll that reads a table (B-225): one line an earning, and a week where the mode tells weeks. */
export const genericTemplate: ExportTemplate = {
  version: 1,
  modes: EXPORT_MODES,
  rows: 'line',
  earnings: EXPORT_EARNINGS,
  takesNegative: true,
  needsPayrollId: true,
  companyCode: null,
  ownCode: (earning) => earning,
  isCode: anyCode,
  ascii: false,
  mark: false,
  fileName: ({ reference }) => `payroll-${reference}.csv`,
  columns: () => [
    { title: 'worker_id', cell: ({ workerId }) => workerId },
    { title: 'payroll_id', cell: ({ person }) => person.payrollId ?? '' },
    { title: 'worker_name', cell: ({ person }) => person.displayName },
    { title: 'period_start', cell: ({ statement }) => statement.period.startDate },
    { title: 'period_end', cell: ({ statement }) => statement.period.endDate },
    { title: 'statement', cell: ({ statement }) => statement.reference },
    { title: 'branch', cell: ({ input, statement }) => input.branches[statement.branchId ?? ''] ?? '' },
    { title: 'division', cell: ({ person }) => person.division ?? '' },
    { title: 'earning', cell: ({ code }) => code ?? '' },
    { title: 'legal_basis', cell: ({ lines }) => lines[0]!.legalBasis ?? '' },
    { title: 'week_start', cell: ({ lines }) => lines[0]!.weekStart ?? '' },
    { title: 'amount', cell: (row) => amountCell(amountOf(row)) },
    { title: 'currency', cell: ({ input }) => input.currency },
    { title: 'batch', cell: ({ input }) => input.reference },
  ],
};
