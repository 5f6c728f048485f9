import { workOutGroup } from '#bonus/groups/work-out.ts';
import { hashCanonical } from '#kernel/hash.ts';
import type { Instant } from '#kernel/instant.ts';
import { parseLineItemId } from '#model/ids.ts';
import { listPartition } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { readGroup } from '#store/group-repository.ts';
import { openStatements } from '../on-results/open-statements.ts';
import { settleGroup } from '../on-results/settle-group.ts';
import { settleGroupPaid } from '../on-results/settle-group-paid.ts';
import { type BonusSession, forEachOf } from '../ports.ts';
import { todaysShare } from './shares.ts';
import { logVerified } from './verified.ts';

const AT_ONCE = 4;

/**
 * Works every Active group out again from what its members have left in it (I15): a difference is a defect or a lost record, counted in
 * the log and put right. What follows from the items of a seventh of the approved groups is made good as well: statements, Paid, difference.
 */
export async function verifyGroups(session: BonusSession, scope: TenantScope, time: Instant): Promise<void> {
  const active = await groupIds(session, scope, 'Active');
  const approved = (await groupIds(session, scope, 'Approved')).filter(todaysShare(time));
  let different = 0;
  const check = async (id: string): Promise<void> => {
    if (await verifyGroup(session, scope, id)) different += 1;
  };
  const failed = [
    ...(await forEachOf(active, AT_ONCE, check)),
    ...(await forEachOf(approved, AT_ONCE, (id) => followApproved(session, scope, id))),
  ];
  if (active.length > 0) logVerified(session, scope, active.length, different);
  if (failed.length > 0) throw failed[0]!.error;
}

async function groupIds({ ports }: BonusSession, scope: TenantScope, status: 'Active' | 'Approved'): Promise<readonly string[]> {
  const keys = await ports.table.queryAll(scope, { index: 'by', partition: listPartition(scope, 'GRP'), prefix: `${status}#` });
  return keys.flatMap(({ pk }) => /#G#([^#]+)$/.exec(pk)?.[1] ?? []);
}

/** Puts a group right; true where it was not what its members say. */
async function verifyGroup(session: BonusSession, scope: TenantScope, groupId: string): Promise<boolean> {
  const { table, log } = session.ports;
  const context = await session.context(scope);
  const stored = context === null ? null : await readGroup(table, scope, groupId);
  if (context === null || stored === null) return false;
  const { result } = workOutGroup(stored.group, stored.members, context);
  const shown = ({ inputsVersion, outcome, missing, figures, ifCompleted }: typeof result) =>
    hashCanonical({ inputsVersion, outcome, missing, figures, ifCompleted });
  const different = shown(result) !== shown(stored.result);
  if (different) log({ level: 'error', message: 'a stored group differs from its members', tenantId: scope.tenantId, groupId });
  await settleGroup(session, scope, groupId);
  return different;
}

async function followApproved(session: BonusSession, scope: TenantScope, groupId: string): Promise<void> {
  const stored = await readGroup(session.ports.table, scope, groupId);
  const itemIds = stored?.group.approval?.lineItemIds ?? [];
  const workerIds = new Set(itemIds.flatMap((id) => parseLineItemId(id)?.workerId ?? []));
  for (const workerId of workerIds) await openStatements(session, scope, workerId);
  await settleGroupPaid(session, scope, groupId);
  await settleGroup(session, scope, groupId);
}
