import type { Ledger } from '#bonus/phased/standing.ts';
import type { Phase } from '#model/phase.ts';
import type { Reserve } from '#model/reserve.ts';
import type { TenantScope } from '#model/scope.ts';
import { readItemsOfApproval } from '#store/pay-repository.ts';
import type { Table } from '#store/table.ts';

/** The ids of all items that phases and releases of a ProPay have made. */
export function itemIdsOfPhases(phases: readonly Phase[], { movements }: Pick<Reserve, 'movements'>): readonly string[] {
  return [
    ...phases.flatMap(({ approval }) => approval?.lineItemIds ?? []),
    ...movements.flatMap(({ lineItemIds }) => lineItemIds),
  ];
}

/** What everything that was approved or released by phases has become of, read strongly. */
export async function readPhaseLedger(
  table: Table,
  scope: TenantScope,
  phases: readonly Phase[],
  { movements }: Pick<Reserve, 'movements'>,
): Promise<Ledger> {
  return { movements, items: await readItemsOfApproval(table, scope, itemIdsOfPhases(phases, { movements })) };
}
