import { readMemberSources } from '#bonus/groups/member-sources.ts';
import { type FrozenGroup, frozenMember } from '#bonus/groups/snapshot.ts';
import { readsDriveTime } from '#bonus/inputs/choices.ts';
import { workOutProPay } from '#bonus/work-out.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { actionOf } from '#store/conditions.ts';
import { changedContribution, readContribution, readGroupHeader } from '#store/group-repository.ts';
import { inputReaders } from '#store/input-readers.ts';
import { readProPayState } from '#store/propay-inputs.ts';
import { readApprovalSnapshot } from '#store/snapshot-store.ts';
import type { BonusSession } from '../ports.ts';
import { standsStill } from './follow-source.ts';

/** An approved member of a group. */
interface ApprovedMember {
  readonly proPay: ProPay;
  readonly result: ProPayResult;
  readonly groupId: string;
}

/**
 * Leaves in an approved group what the sources of one of its members say now, where that is not what was approved (B-96): the difference is
 * the group's. False where somebody else wrote it, or the group is being changed.
 */
export async function followMember(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  context: TenantContext,
  { proPay, result, groupId }: ApprovedMember,
): Promise<boolean> {
  const { table } = session.ports;
  const readers = inputReaders(table, scope, session.ports.now());
  const stored = await readContribution(table, scope, groupId, proPay.id);
  if (stored === null) return false;
  const worked = await workOutProPay(state, proPay, context, readers, { final: true, laterWages: true });
  if (stored.now === null && stored.rework === null && standsStill(state, result, worked)) return true;
  const header = await readGroupHeader(table, scope, groupId);
  if (header === null || header.approval === null) return false;
  // Read after what it replaces, so that an older reading never stands over a newer one.
  const fresh = await readProPayState(table, scope, state.target, () => readsDriveTime(proPay, context));
  const snapshot = (await readApprovalSnapshot(table, scope, groupId, header.approval.n)) as FrozenGroup;
  const member = { proPay, result, state: fresh, snapshot: frozenMember(snapshot, proPay.id) };
  const { contribution, changed } = await readMemberSources(member, stored, context, readers);
  if (!changed) return true;
  const next = { ...contribution, calcRev: stored.calcRev + 1 };
  return (await table.write(scope, [actionOf(changedContribution(scope, next, stored.calcRev))])).applied;
}
