import type { LocalDate } from '#kernel/instant.ts';
import { payPartition, weekLedgerKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { decodeWeekLedger, encodeWeekLedger, type WeekLedger } from '#model/week-ledger.ts';
import { IF_ABSENT, ifUnchanged } from './conditions.ts';
import type { StagedWrite, Table, WriteAction } from './table.ts';

/** A worker's weeks that begin between two days, both included; read strongly. */
export async function listWeekLedgers(
  table: Table,
  scope: TenantScope,
  workerId: string,
  range: { readonly from: LocalDate; readonly to: LocalDate },
): Promise<readonly WeekLedger[]> {
  const items = await table.queryAll(scope, {
    partition: payPartition(scope, workerId),
    from: weekLedgerKey(scope, workerId, range.from).sk,
    to: weekLedgerKey(scope, workerId, range.to).sk,
  });
  return items.map(decodeWeekLedger);
}

/** Worker-weeks by worker and first day, read strongly; those that were never written are left out. */
export async function readWeekLedgers(
  table: Table,
  scope: TenantScope,
  weeks: readonly Pick<WeekLedger, 'workerId' | 'weekStart'>[],
): Promise<readonly WeekLedger[]> {
  const items = await table.batchGet(
    scope,
    weeks.map(({ workerId, weekStart }) => weekLedgerKey(scope, workerId, weekStart)),
  );
  return items.flatMap((item) => (item === null ? [] : [decodeWeekLedger(item)]));
}

/** A worker-week in place of the one that was read, or a new one where its revision is the first; refused where that has changed. */
export function changedWeekLedger(scope: TenantScope, ledger: WeekLedger): StagedWrite {
  const item = encodeWeekLedger(scope, ledger);
  if (ledger.revision === 1) return { kind: 'create', item };
  return { kind: 'replace', item, counter: 'revision', seen: ledger.revision - 1 };
}

/** Writes a worker-week, if it still has the revision that was read: null where there was none. */
export function putWeekLedgerAction(scope: TenantScope, ledger: WeekLedger, seenRevision: number | null): WriteAction {
  return {
    kind: 'put',
    item: encodeWeekLedger(scope, ledger),
    condition: seenRevision === null ? IF_ABSENT : ifUnchanged('revision', seenRevision),
  };
}
