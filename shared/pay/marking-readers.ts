import type { InputReaders } from '#bonus/work-out.ts';
import { canonicalJson } from '#kernel/canonical.ts';
import type { Instant } from '#kernel/instant.ts';
import type { ProPayResult, TimeNeed } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { inputReaders } from '#store/input-readers.ts';
import { markTimeActions, markWorkerActions } from '#store/propay-repository.ts';
import type { Table } from '#store/table.ts';

/** Who is marked for a ProPay already. */
export interface Marked {
  readonly workerIds: readonly string[];
  readonly timeNeed: TimeNeed | null;
}

/** A ProPay that is being made: nobody is marked yet. */
export const NOBODY_MARKED: Marked = { workerIds: [], timeNeed: null };

/** Who was marked before a result was written. */
export function markedBy({ people, timeNeed }: Pick<ProPayResult, 'people' | 'timeNeed'>): Marked {
  return { workerIds: people.workerIds, timeNeed };
}

/**
 * Reads for a ProPay whose workers are marked first: a wage or a piece of time that is stored after this reading then finds the ProPay by
 * the mark, and one stored before it is read. A reading that comes to nothing leaves a mark too many, which costs a look and no money.
 */
export function markingReaders(table: Table, scope: TenantScope, now: Instant, id: string, marked: Marked): InputReaders {
  const readers = inputReaders(table, scope, now);
  return {
    ...readers,
    wages: async (workerIds) => {
      const unmarked = workerIds.filter((workerId) => !marked.workerIds.includes(workerId));
      for (const action of markWorkerActions(scope, unmarked, id)) await table.write(scope, [action]);
      return readers.wages(workerIds);
    },
    workerTimes: async (need) => {
      if (canonicalJson(need) !== canonicalJson(marked.timeNeed))
        for (const action of markTimeActions(scope, need, id)) await table.write(scope, [action]);
      return readers.workerTimes(need);
    },
  };
}
