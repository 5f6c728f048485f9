import { nextGroupResult } from '#bonus/groups/result.ts';
import { sameGroupResult, workOutGroup } from '#bonus/groups/work-out.ts';
import { AppError } from '#kernel/errors.ts';
import type { TenantScope } from '#model/scope.ts';
import { readGroup, updateGroupResultAction } from '#store/group-repository.ts';
import type { BonusSession } from '../ports.ts';
import { followGroup } from './follow-group.ts';

const TRIES = 4;

/**
 * Brings a group to what its members have left in it: fresh figures of an Active one, the difference of an approved one (B-96). One Query
 * however many members have changed; writes nothing where nothing differs.
 */
export async function settleGroup(session: BonusSession, scope: TenantScope, groupId: string): Promise<void> {
  const { table, now } = session.ports;
  const context = await session.context(scope);
  if (context === null) return;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const stored = await readGroup(table, scope, groupId);
    if (stored === null || stored.group.status === 'Canceled') return;
    if (stored.group.status !== 'Active') {
      if (await followGroup(session, scope, groupId)) return;
      continue;
    }
    const { result } = workOutGroup(stored.group, stored.members, context);
    if (sameGroupResult(stored.result, result)) return;
    const next = nextGroupResult(stored.result, result, now());
    const outcome = await table.write(scope, [updateGroupResultAction(scope, groupId, next, stored.result.calcRev)]);
    if (outcome.applied) return;
  }
  throw new AppError('target-busy', { category: 'transient', data: { groupId } });
}
