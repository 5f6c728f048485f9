import { statusByItems } from '#bonus/commands/status.ts';
import { AppError } from '#kernel/errors.ts';
import type { Group } from '#model/group.ts';
import type { TenantScope } from '#model/scope.ts';
import { readGroup, readGroupHeader, updateGroupAction } from '#store/group-repository.ts';
import { auditAction } from '#store/ledger.ts';
import { readItemsOfApproval } from '#store/pay-repository.ts';
import { readProPay, updateProPayAction, updateResultAction } from '#store/propay-repository.ts';
import { systemEntry } from '../audit.ts';
import { type BonusSession, forEachOf } from '../ports.ts';

const TRIES = 4;
const AT_ONCE = 8;

/**
 * Brings an approved group's status in step with its items, and its members after it: Paid with the last one, Approved again when one is
 * reopened (B-92, B-104). A crash in between is made good by the next record, or by the daily work.
 */
export async function settleGroupPaid(session: BonusSession, scope: TenantScope, groupId: string): Promise<void> {
  const { table } = session.ports;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = await readGroupHeader(table, scope, groupId);
    if (before === null || before.approval === null) return;
    const status = statusByItems(before, await readItemsOfApproval(table, scope, before.approval.lineItemIds));
    if (status === null) return before.status === 'Paid' ? settleMembers(session, scope, groupId, 'Paid') : undefined;
    const group: Group = { ...before, status, revision: before.revision + 1 };
    const entry = {
      action: status === 'Paid' ? 'group.paid' : 'group.reopened',
      entity: 'group',
      entityId: groupId,
      before: { status: before.status },
      after: { status },
      reason: null,
    };
    const outcome = await table.write(scope, [
      updateGroupAction(scope, group, before.revision),
      auditAction(scope, systemEntry(session, entry)),
    ]);
    if (outcome.applied) return settleMembers(session, scope, groupId, status);
  }
  throw new AppError('target-busy', { category: 'transient', data: { groupId } });
}

async function settleMembers(
  session: BonusSession,
  scope: TenantScope,
  groupId: string,
  status: 'Approved' | 'Paid',
): Promise<void> {
  const stored = await readGroup(session.ports.table, scope, groupId);
  const proPayIds = stored?.members.map(({ proPayId }) => proPayId) ?? [];
  const failed = await forEachOf(proPayIds, AT_ONCE, (id) => settleMember(session, scope, id, status));
  if (failed.length > 0) throw failed[0]!.error;
}

async function settleMember(
  session: BonusSession,
  scope: TenantScope,
  proPayId: string,
  status: 'Approved' | 'Paid',
): Promise<void> {
  const { table } = session.ports;
  const other = status === 'Paid' ? 'Approved' : 'Paid';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const read = await readProPay(table, scope, proPayId);
    if (read === null || read.proPay.status !== other) return;
    const { proPay: before, result } = read;
    const proPay = { ...before, status, revision: before.revision + 1 };
    const following = { ...result, calcRev: result.calcRev + 1, cfgRev: proPay.revision };
    const outcome = await table.write(scope, [
      updateProPayAction(scope, proPay, before.revision),
      updateResultAction(scope, proPay, following, result.calcRev),
    ]);
    if (outcome.applied) return;
  }
  throw new AppError('target-busy', { category: 'transient', data: { proPayId } });
}
