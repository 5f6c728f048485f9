import { EXPORT_EARNINGS, EXPORT_MODES, type ExportEarning } from '#model/settings.ts';
import { amountCell, amountOf, anyCode, type ExportTemplate } from '../template.ts';

const LABELS: Readonly<Record<ExportEarning, string>> = {
  bonus: 'Bonus',
  bonus_total_earnings: 'Bonus by total earnings (outside of overtime)',
  bonus_deduction: 'Deduction from bonus',
  premium_flsa_207: 'Overtime premium on bonus, federal',
  premium_state_only: 'Overtime premium on bonus, state',
  reimbursement: 'Reimbursement',
};

/**
 * QuickBooks (B-230) imports hours, not bonus dollars: a worksheet for whoever enters them, with what a worker gets in all on the
 * worker's last line. Other payrolls get the same for lines that their file has no place for.
 */
export const quickbooksTemplate: ExportTemplate = {
  version: 1,
  modes: EXPORT_MODES,
  rows: 'line',
  earnings: EXPORT_EARNINGS,
  takesNegative: true,
  needsPayrollId: false,
  companyCode: null,
  ownCode: (earning) => LABELS[earning],
  isCode: anyCode,
  ascii: false,
  mark: true,
  fileName: ({ reference }) => `worksheet-${reference}.csv`,
  columns: () => [
    { title: 'Worker', cell: ({ person }) => person.displayName },
    { title: 'Payroll ID', cell: ({ person }) => person.payrollId ?? '' },
    { title: 'Statement', cell: ({ statement }) => statement.reference },
    { title: 'Period start', cell: ({ statement }) => statement.period.startDate },
    { title: 'Period end', cell: ({ statement }) => statement.period.endDate },
    { title: 'Earning', cell: ({ code }) => code ?? '' },
    { title: 'Week of', cell: ({ lines }) => lines[0]!.weekStart ?? '' },
    { title: 'Amount', cell: (row) => amountCell(amountOf(row)) },
    { title: 'Total', cell: ({ workerTotalCents }) => (workerTotalCents === null ? '' : amountCell(workerTotalCents)) },
  ],
};
