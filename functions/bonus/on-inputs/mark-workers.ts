import type { InputReaders, WorkedOut } from '#bonus/work-out.ts';
import { canonicalJson } from '#kernel/canonical.ts';
import type { ProPayResult, TimeNeed } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { inputReaders } from '#store/input-readers.ts';
import { markTimeActions, markWorkerActions, unmarkTimeActions, unmarkWorkerActions } from '#store/propay-repository.ts';
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

/** What an earlier result of a ProPay says of its marks. */
export interface MarkedBefore {
  readonly workerIds: readonly string[];
  readonly timeNeed: TimeNeed | null;
}

/** A ProPay that is being made: nobody is marked yet. */
export const NOBODY_MARKED: MarkedBefore = { workerIds: [], timeNeed: null };

/**
 * Reads for a ProPay whose workers are marked first: a wage or a piece of time that is stored after this reading then finds the ProPay by
 * the mark, and one stored before it is read.
 */
export function markingReaders(session: BonusSession, scope: TenantScope, id: string, before: MarkedBefore): InputReaders {
  const { table, now } = session.ports;
  const readers = inputReaders(table, scope, now());
  return {
    ...readers,
    wages: async (workerIds) => {
      const unmarked = workerIds.filter((workerId) => !before.workerIds.includes(workerId));
      for (const action of markWorkerActions(scope, unmarked, id)) await table.write(scope, [action]);
      return readers.wages(workerIds);
    },
    workerTimes: async (need) => {
      if (canonicalJson(need) !== canonicalJson(before.timeNeed))
        for (const action of markTimeActions(scope, need, id)) await table.write(scope, [action]);
      return readers.workerTimes(need);
    },
  };
}

/** Takes the marks of those away who no longer matter to a ProPay: only after the result no longer names them. */
export async function unmarkWorkers(
  session: BonusSession,
  scope: TenantScope,
  id: string,
  before: ProPayResult,
  { result }: WorkedOut,
): Promise<void> {
  const left = before.people.workerIds.filter((workerId) => !result.people.workerIds.includes(workerId));
  const idle = (before.timeNeed?.workerIds ?? []).filter((workerId) => !result.timeNeed?.workerIds.includes(workerId));
  const actions = [...unmarkWorkerActions(scope, left, id), ...unmarkTimeActions(scope, idle, id)];
  for (const action of actions) await session.ports.table.write(scope, [action]);
}
