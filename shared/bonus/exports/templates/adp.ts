import { EXPORT_EARNINGS } from '#model/settings.ts';
import { amountCell, amountOf, blank, type ExportTemplate, noOwnCode } from '../template.ts';

const FILE_NUMBER_LENGTH = 6;
const CODE_LENGTH = 2;
/** Codes that ADP keeps for itself. */
const RESERVED = ['40', '50', '60', '61'];

/** ADP Workforce Now (B-228): its paydata import, whose name tells the company. File numbers keep their leading zeros. */
export const adpTemplate: ExportTemplate = {
  version: 1,
  modes: ['bonus_only', 'bonus_plus_premium'],
  rows: 'line',
  earnings: EXPORT_EARNINGS,
  takesNegative: false,
  needsPayrollId: true,
  companyCode: { name: 'Co Code', pattern: /^[A-Za-z0-9]{2,3}$/ },
  ownCode: noOwnCode,
  isCode: (code) => /^[A-Za-z0-9]{1,2}$/.test(code) && !RESERVED.includes(code),
  ascii: true,
  mark: false,
  fileName: ({ template }) => `PR${(template.companyCode ?? '').padEnd(3, '_')}EPI.csv`,
  columns: () => [
    { title: 'Co Code', cell: ({ input }) => input.template.companyCode ?? '' },
    { title: 'Batch ID', cell: ({ input }) => input.reference.replace('-', '') },
    { title: 'File #', cell: ({ person }) => fileNumber(person.payrollId ?? ''), pattern: /^[A-Za-z0-9]{6}$/ },
    blank('Temp Dept'),
    blank('Reg Hours'),
    blank('O/T Hours'),
    { title: 'Earnings 3 Code', cell: ({ code }) => (code ?? '').padStart(CODE_LENGTH), most: CODE_LENGTH },
    { title: 'Earnings 3 Amount', cell: (row) => amountCell(amountOf(row)) },
  ],
};

function fileNumber(payrollId: string): string {
  return /^\d+$/.test(payrollId) ? payrollId.padStart(FILE_NUMBER_LENGTH, '0') : payrollId;
}
