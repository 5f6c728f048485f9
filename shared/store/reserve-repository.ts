import { listPartition, reserveKey, reserveSort } from '#model/keys.ts';
import { fieldsOf } from '#model/propay-item.ts';
import type { Reserve } from '#model/reserve.ts';
import type { TenantScope } from '#model/scope.ts';
import { IF_ABSENT, ifUnchanged } from './conditions.ts';
import type { Item, Table, WriteAction } from './table.ts';

/** What is held back on a phased ProPay, read strongly; nothing moved where none is stored. */
export async function readReserve(
  table: Table,
  scope: TenantScope,
  proPay: { readonly id: string; readonly branchId: string | null },
): Promise<Reserve> {
  const item = await table.get(scope, reserveKey(scope, proPay.id));
  return item === null
    ? { proPayId: proPay.id, branchId: proPay.branchId, movements: [], ended: false, revision: 0 }
    : decodeReserve(item);
}

/** Reads a stored reserve back. */
export function decodeReserve(item: Item): Reserve {
  return fieldsOf(item, 'rs') as unknown as Reserve;
}

/**
 * Writes a reserve in place of the one that was read: approvals and releases of one ProPay come one after the other (B-114). One that is
 * left over is listed.
 */
export function putReserveAction(scope: TenantScope, reserve: Reserve, leftCents: number): WriteAction {
  const { proPayId, branchId, ended, revision } = reserve;
  const listed = ended && leftCents > 0 ? { bp: listPartition(scope, 'RESERVE'), bs: reserveSort({ branchId, proPayId }) } : {};
  return {
    kind: 'put',
    item: { ...reserveKey(scope, proPayId), ...listed, et: 'rs', v: 1, ...reserve, revision: revision + 1 },
    condition: revision === 0 ? IF_ABSENT : ifUnchanged('revision', revision),
  };
}
