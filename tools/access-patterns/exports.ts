import { type AccessPattern, batchGet, query, queryIndex } from './shape.ts';
import { pay, payrollExports, weeks } from './store.ts';

/** Payroll exports: the batches, and what they take up. */
export const exportPatterns: readonly AccessPattern[] = [
  {
    name: 'Payroll exports by id',
    keys: ['exportKey'],
    range: '`{t}#X` / `<export>`',
    reads: [batchGet('of the exports')],
    note: 'an export of 100 statements is about 5 KB',
    users: [payrollExports.readExport, payrollExports.readExports],
  },
  {
    name: 'Payroll exports, the latest first',
    keys: ['exportsPartition'],
    range: '`{t}#X`, from its end',
    reads: [query('of the exports')],
    users: ['functions/api/exports/read-exports.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Lines of a payroll export, and what its files are made of',
    keys: ['snapshotKey'],
    range: '`{t}#A#<export>` / `S#<digest>#<k>`',
    reads: [batchGet('of the chunks')],
    users: [payrollExports.readExportLines, payrollExports.readExportInput],
  },
  {
    name: 'Headers of statements by id',
    keys: ['statementKey'],
    range: '`{t}#P#<worker>` / `S#<calendar>#<start>`',
    reads: [batchGet('of the headers')],
    users: [pay.readStatementHeaders],
  },
  {
    name: 'Statements of a period, or of several that follow one another, whatever their status',
    keys: ['listPartition', 'statementSort', 'statementKey'],
    range: '`by`: `{t}#L#ST` / `<calendar>#<start>#`',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the headers')],
    note: 'for each calendar, when an export is prepared or bonuses are reported for payroll',
    users: [pay.listStatementsOfPeriod, pay.listStatementsBegunIn],
  },
  {
    name: 'Worker-weeks of a payroll export',
    keys: ['weekLedgerKey'],
    range: '`{t}#P#<worker>` / `K#<weekStart>`',
    reads: [batchGet('of the weeks')],
    note: 'two or three a worker',
    users: [weeks.readWeekLedgers],
  },
  {
    name: 'People of a payroll export or of a report of pay',
    keys: ['workerKey'],
    range: '`{t}#W#<worker>` / `W`',
    reads: [batchGet('of the workers')],
    users: ['functions/api/exports/load.ts', 'functions/api/reports/pay-reports.ts'],
  },
];
