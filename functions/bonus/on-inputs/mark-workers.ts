import type { InputReaders, WorkedOut } from '#bonus/work-out.ts';
import type { ProPayResult } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { inputReaders } from '#store/input-readers.ts';
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
 * Reads for a ProPay whose workers are marked first: a wage that is stored after this reading then finds the ProPay by the mark, and one
 * stored before it is read.
 */
export function markingReaders(session: BonusSession, scope: TenantScope, id: string, known: readonly string[]): InputReaders {
  const { table } = session.ports;
  const readers = inputReaders(table, scope);
  return {
    ...readers,
    wages: async (workerIds) => {
      const unmarked = workerIds.filter((workerId) => !known.includes(workerId));
      for (const action of markWorkerActions(scope, unmarked, id)) await table.write(scope, [action]);
      return readers.wages(workerIds);
    },
  };
}
