import type { Instant } from '#kernel/instant.ts';
import type { TimeNeed } from '#model/propay.ts';
import type { WorkPlace } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import { readReworkRecords, readWageHistories } from './propay-inputs.ts';
import type { Table } from './table.ts';
import { readWorkerTimes, readWorkPlaces } from './worker-time.ts';

/** What calculations read beyond the job they are about, as it is at a moment. */
export function inputReaders(table: Table, scope: TenantScope, now: Instant) {
  return {
    now,
    wages: (workerIds: readonly string[]) => readWageHistories(table, scope, workerIds),
    rework: (jobIds: readonly string[]) => readReworkRecords(table, scope, jobIds),
    workerTimes: (need: TimeNeed) => readWorkerTimes(table, scope, need),
    workPlaces: (places: readonly WorkPlace[]) => readWorkPlaces(table, scope, places),
  };
}
