import { EXPORT_EARNINGS, EXPORT_MODES } from '#model/settings.ts';
import { amountCell, amountOf, anyCode, blank, type Column, type ExportTemplate, noOwnCode, usDate } from '../template.ts';

const FILLED: readonly Column[] = [
  { title: 'Employee ID', cell: ({ person }) => person.payrollId ?? '' },
  { title: 'Date', cell: ({ statement, lines }) => usDate(lines[0]!.weekStart ?? statement.period.endDate) },
  { title: 'Earning Code', cell: ({ code }) => code ?? '' },
  { title: 'Dollars', cell: (row) => amountCell(amountOf(row)) },
];
/** Without these nobody could tell whom a line pays, for what, and how much. */
export const NEEDED_PAYCOM_COLUMNS = ['Employee ID', 'Earning Code', 'Dollars'] as const;

/** The start set, from a public integrator's layout. Accounts order their own way (B-231). */
export const PAYCOM_COLUMNS = [
  'Employee ID',
  'Department Code',
  'Date',
  'Punch Time',
  'Punch Type',
  'Earning Code',
  'Tax Profile Code',
  'Comments',
  'Labor Allocation Code',
  'Hours',
  'Dollars',
  'Temporary Rate',
  'DST Flag',
  'Units',
] as const;

/** Paycom (B-231): the columns as an admin has confirmed them against the account; Dollars with an Earning Code, Hours blank. */
export const paycomTemplate: ExportTemplate = {
  version: 1,
  modes: EXPORT_MODES,
  rows: 'line',
  earnings: EXPORT_EARNINGS,
  takesNegative: false,
  needsPayrollId: true,
  companyCode: null,
  ownCode: noOwnCode,
  isCode: anyCode,
  ascii: true,
  mark: false,
  fileName: ({ reference }) => `paycom-${reference}.csv`,
  columns: ({ template }) =>
    (template.columns ?? PAYCOM_COLUMNS).map((title) => FILLED.find((column) => column.title === title) ?? blank(title)),
};
