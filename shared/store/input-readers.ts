import type { TenantScope } from '#model/scope.ts';
import { readReworkRecords, readWageHistories } from './propay-inputs.ts';
import type { Table } from './table.ts';

/** What calculations read beyond the job they are about, strongly. */
export function inputReaders(table: Table, scope: TenantScope) {
  return {
    wages: (workerIds: readonly string[]) => readWageHistories(table, scope, workerIds),
    rework: (jobIds: readonly string[]) => readReworkRecords(table, scope, jobIds),
  };
}
