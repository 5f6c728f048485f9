import { cancelProPay } from '#bonus/commands/status.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { membershipActions } from '#store/group-repository.ts';
import { auditAction } from '#store/ledger.ts';
import { updateProPayAction, updateResultAction } from '#store/propay-repository.ts';
import { systemEntry } from '../audit.ts';
import type { BonusSession } from '../ports.ts';

/** Cancels an Active ProPay because its work is gone at the source: its time stays, its calculation stops. */
export async function cancelForSource(
  session: BonusSession,
  scope: TenantScope,
  before: ProPay,
  result: ProPayResult,
): Promise<boolean> {
  const reason = 'canceled at the source';
  const proPay = cancelProPay(before, reason);
  const stopped = { ...result, cfgRev: proPay.revision, calcRev: result.calcRev + 1 };
  const outcome = await session.ports.table.write(scope, [
    updateProPayAction(scope, proPay, before.revision),
    updateResultAction(scope, proPay, stopped, result.calcRev),
    ...membershipActions(scope, before, proPay, null),
    auditAction(
      scope,
      systemEntry(session, {
        action: 'propay.canceled',
        entity: 'propay',
        entityId: before.id,
        before: { status: before.status },
        after: { status: proPay.status },
        reason,
      }),
    ),
  ]);
  return outcome.applied;
}
