import type { LocalDate } from '#kernel/instant.ts';
import { payPartition, weekLedgerKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { decodeWeekLedger, encodeWeekLedger, type WeekLedger } from '#model/week-ledger.ts';
import { IF_ABSENT, ifUnchanged } from './conditions.ts';
import type { Table, WriteAction } from './table.ts';

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

/** Writes a worker-week, if it still has the revision that was read: null where there was none. */
export function putWeekLedgerAction(scope: TenantScope, ledger: WeekLedger, seenRevision: number | null): WriteAction {
  return {
    kind: 'put',
    item: encodeWeekLedger(scope, ledger),
    condition: seenRevision === null ? IF_ABSENT : ifUnchanged('revision', seenRevision),
  };
}
