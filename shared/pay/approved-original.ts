import { type FrozenGroup, frozenMember } from '#bonus/groups/snapshot.ts';
import type { ApprovalSnapshot } from '#bonus/snapshot.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { readGroup } from '#store/group-repository.ts';
import { inputReaders } from '#store/input-readers.ts';
import { readItemsOfApproval } from '#store/pay-repository.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import type { Table } from '#store/table.ts';
import type { ApprovedOriginal } from './assess-callback.ts';

/** An approved ProPay with its inputs. */
interface Original {
  readonly state: ProPayState;
  readonly proPay: ProPay;
  readonly result: ProPayResult;
}

/** The moment and the settings that a callback is looked at with. */
interface Moment {
  readonly context: TenantContext;
  readonly todayDate: LocalDate;
  readonly now: Instant;
}

/** Reads what a callback on an approved ProPay is worked out from; of a member also its group. Null where the group is being changed. */
export async function readOriginal(
  table: Table,
  scope: TenantScope,
  { state, proPay, result }: Original,
  { context, todayDate, now }: Moment,
): Promise<ApprovedOriginal | null> {
  const { groupId } = proPay;
  const { n: approval, lineItemIds } = proPay.approval!;
  const common = { state, proPay, result, approval, context, todayDate, now, readers: inputReaders(table, scope, now) };
  if (groupId === null) {
    const snapshot = (await readApprovalSnapshot(table, scope, proPay.id, approval)) as ApprovalSnapshot;
    return { ...common, snapshot, items: await readItemsOfApproval(table, scope, lineItemIds), group: null };
  }
  const stored = await readGroup(table, scope, groupId);
  if (stored === null || stored.group.approval === null) return null;
  const { group, members } = stored;
  const snapshot = (await readApprovalSnapshot(table, scope, groupId, stored.group.approval.n)) as FrozenGroup;
  const items = await readItemsOfApproval(table, scope, stored.group.approval.lineItemIds);
  return { ...common, snapshot: frozenMember(snapshot, proPay.id), items, group: { group, members, snapshot } };
}
