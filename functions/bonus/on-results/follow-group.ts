import { nextDifference, saysSame } from '#bonus/commands/source-change.ts';
import { calculationOf } from '#bonus/engines.ts';
import type { FrozenGroup } from '#bonus/groups/snapshot.ts';
import { readGroupSources } from '#bonus/groups/source-change.ts';
import type { TenantScope } from '#model/scope.ts';
import { putDifferenceAction, readDifference } from '#store/difference-repository.ts';
import { readGroup } from '#store/group-repository.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import type { BonusSession } from '../ports.ts';

/**
 * Keeps the difference between the approval of a group and what the sources of its members say now (B-96). Nothing approved moves. False
 * where somebody wrote it meanwhile, so that everything has to be read again.
 */
export async function followGroup(session: BonusSession, scope: TenantScope, groupId: string): Promise<boolean> {
  const { table, now } = session.ports;
  // Before the members, so that an older reading of them never stands over a newer one.
  const known = await readDifference(table, scope, groupId);
  const stored = await readGroup(table, scope, groupId);
  if (stored === null) return true;
  const { group, result, members } = stored;
  if (group.approval === null || result.figures === null) return true;
  if (known === null && members.every(({ now: later, rework }) => later === null && rework === null)) return true;
  const { nodes } = (await readApprovalSnapshot(table, scope, group.id, group.approval.n)) as FrozenGroup;
  const reading = readGroupSources(group, members, result.figures, calculationOf(nodes));
  const measured = { proPayId: group.id, approval: group.approval.n, branchId: group.branchId, seenAt: now() };
  const next = nextDifference(known, reading, measured);
  if (next === null || (known !== null && saysSame(known, next))) return true;
  return (await table.write(scope, [putDifferenceAction(scope, next)])).applied;
}
