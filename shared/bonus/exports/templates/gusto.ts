import { amountCell, amountOf, anyCode, blank, type ExportTemplate } from '../template.ts';

/** Columns of Gusto that these earnings have; its upload knows no others (B-226). */
const COLUMNS = { bonus: 'bonus', reimbursement: 'reimbursement' } as const;

/**
 * Gusto's CSV upload (B-226): a row a person, hours and whatever is not ours left blank. Custom earnings cannot be uploaded, so premiums
 * and deductions go on the worksheet.
 */
export const gustoTemplate: ExportTemplate = {
  version: 1,
  modes: ['bonus_only', 'bonus_plus_premium'],
  rows: 'worker',
  earnings: ['bonus', 'reimbursement'],
  takesNegative: false,
  needsPayrollId: true,
  companyCode: null,
  ownCode: (earning) => (COLUMNS as Readonly<Record<string, string>>)[earning] ?? earning,
  isCode: anyCode,
  ascii: false,
  mark: false,
  fileName: ({ reference }) => `gusto-${reference}.csv`,
  columns: () => [
    { title: 'first_name', cell: ({ person }) => person.firstName ?? '', pattern: /\S/ },
    { title: 'last_name', cell: ({ person }) => person.lastName ?? '', pattern: /\S/ },
    { title: 'gusto_employee_id', cell: ({ person }) => person.payrollId ?? '' },
    blank('title'),
    blank('regular_hours'),
    blank('overtime_hours'),
    { title: COLUMNS.bonus, cell: (row) => amountCell(amountOf(row, 'bonus')) },
    blank('commission'),
    { title: COLUMNS.reimbursement, cell: (row) => amountCell(amountOf(row, 'reimbursement')) },
    blank('correction_payment'),
  ],
};
