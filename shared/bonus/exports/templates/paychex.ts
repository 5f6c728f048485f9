import { EXPORT_EARNINGS, EXPORT_MODES } from '#model/settings.ts';
import { amountCell, amountOf, blank, type ExportTemplate, noOwnCode, usDate } from '../template.ts';

/** Paychex Flex SPI (B-229): every column of its specification sheet, in its order. The Pay Component exists there by that name. */
export const paychexTemplate: ExportTemplate = {
  version: 1,
  modes: EXPORT_MODES,
  rows: 'line',
  earnings: EXPORT_EARNINGS,
  takesNegative: false,
  needsPayrollId: true,
  companyCode: { name: 'Client ID', pattern: /^[A-Za-z0-9]{1,8}$/ },
  ownCode: noOwnCode,
  isCode: (code) => code.length <= 20,
  ascii: true,
  mark: false,
  fileName: ({ reference }) => `paychex-${reference}.csv`,
  columns: () => [
    { title: 'Client ID', cell: ({ input }) => input.template.companyCode ?? '' },
    { title: 'Worker ID', cell: ({ person }) => person.payrollId ?? '', most: 10, pattern: /^[A-Za-z0-9]+$/ },
    blank('Org'),
    blank('Job Number'),
    { title: 'Pay Component', cell: ({ code }) => code ?? '', most: 20 },
    ...['Rate', 'Rate Number', 'Hours', 'Units'].map(blank),
    { title: 'Line Date', cell: ({ lines }) => (lines[0]!.weekStart === null ? '' : usDate(lines[0]!.weekStart)) },
    { title: 'Amount', cell: (row) => amountCell(amountOf(row)) },
    ...['Check Seq Number', 'Override State', 'Override Local', 'Override Local Jurisdiction', 'Labor Assignment'].map(blank),
  ],
};
