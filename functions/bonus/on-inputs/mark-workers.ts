import type { ReadWages, WorkedOut } from '#bonus/work-out.ts';
import type { ProPayResult } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { readWageHistories } from '#store/propay-inputs.ts';
import { markWorkerActions } from '#store/propay-repository.ts';
import type { BonusSession } from '../ports.ts';

/** Newcomers are marked before the result names them, so a crash in between leaves a mark too many and never one too few. */
export async function markWorkers(
  session: BonusSession,
  scope: TenantScope,
  id: string,
  before: ProPayResult,
  worked: WorkedOut,
): Promise<void> {
  const known = new Set(before.people.workerIds);
  const newcomers = worked.result.people.workerIds.filter((workerId) => !known.has(workerId));
  for (const action of markWorkerActions(scope, newcomers, id)) await session.ports.table.write(scope, [action]);
}

/**
 * Reads wages of workers that are marked first: a wage that is stored after this reading then finds the ProPay by the mark, and one
 * stored before it is read.
 */
export function markedWages(session: BonusSession, scope: TenantScope, id: string, known: readonly string[]): ReadWages {
  const { table } = session.ports;
  return async (workerIds) => {
    const unmarked = workerIds.filter((workerId) => !known.includes(workerId));
    for (const action of markWorkerActions(scope, unmarked, id)) await table.write(scope, [action]);
    return readWageHistories(table, scope, workerIds);
  };
}
