import { statusByItems } from '#bonus/commands/status.ts';
import { AppError } from '#kernel/errors.ts';
import type { Goal } from '#model/pro-goal.ts';
import type { TenantScope } from '#model/scope.ts';
import { readGoal, updateGoalAction } from '#store/goal-repository.ts';
import { auditAction } from '#store/ledger.ts';
import { readItemsOfApproval } from '#store/pay-repository.ts';
import { readApproval } from '#store/propay-repository.ts';
import { systemEntry } from '../audit.ts';
import type { BonusSession } from '../ports.ts';

const TRIES = 4;

/** Brings a goal's status in step with its items: Paid with the last one, Approved again when one is reopened (B-92, B-167). */
export async function settleGoal(session: BonusSession, scope: TenantScope, goalId: string): Promise<void> {
  const { table } = session.ports;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const read = await readGoal(table, scope, goalId);
    if (read === null || read.goal.approval === null) return;
    const { goal: before } = read;
    const record = await readApproval(table, scope, goalId, read.goal.approval.n);
    const status = statusByItems(before, await readItemsOfApproval(table, scope, record?.lineItemIds ?? []));
    if (status === null) return;
    const goal: Goal = { ...before, status, revision: before.revision + 1 };
    const outcome = await table.write(scope, [
      updateGoalAction(scope, goal, before.revision),
      auditAction(
        scope,
        systemEntry(session, {
          action: status === 'Paid' ? 'goal.paid' : 'goal.reopened',
          entity: 'goal',
          entityId: goalId,
          before: { status: before.status },
          after: { status },
          reason: null,
        }),
      ),
    ]);
    if (outcome.applied) return;
  }
  throw new AppError('target-busy', { category: 'transient', data: { goalId } });
}
