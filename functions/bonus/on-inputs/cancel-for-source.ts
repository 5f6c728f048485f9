import { cancelForSource as cancel, followSourceCancel } from '#bonus/commands/status.ts';
import { isGoneAtSource } from '#bonus/creation.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantScope } from '#model/scope.ts';
import { membershipActions } from '#store/group-repository.ts';
import { auditAction } from '#store/ledger.ts';
import { updateProPayAction, updateResultAction } from '#store/propay-repository.ts';
import { systemEntry } from '../audit.ts';
import type { BonusSession } from '../ports.ts';

/** Cancels an Active ProPay because its work is gone at the source: its time stays, its calculation stops. Null where another writer was met. */
export async function cancelForSource(
  session: BonusSession,
  scope: TenantScope,
  before: ProPay,
  result: ProPayResult,
): Promise<ProPay | null> {
  const proPay = cancel(before);
  return (await write(session, scope, { before, proPay, result, action: 'propay.canceled' })) ? proPay : null;
}

/** Offers to restore a ProPay whose work the source has again, and takes the offer back where it has not (M-138). Null as above. */
export async function offerRestore(
  session: BonusSession,
  scope: TenantScope,
  state: ProPayState,
  before: ProPay,
  result: ProPayResult,
): Promise<ProPay | null> {
  const proPay = followSourceCancel(before, isGoneAtSource(state));
  if (proPay === before) return before;
  const action = proPay.sourceCancel === 'back' ? 'propay.restore_offered' : 'propay.restore_withdrawn';
  return (await write(session, scope, { before, proPay, result, action })) ? proPay : null;
}

async function write(
  session: BonusSession,
  scope: TenantScope,
  change: { readonly before: ProPay; readonly proPay: ProPay; readonly result: ProPayResult; readonly action: string },
): Promise<boolean> {
  const { before, proPay, result, action } = change;
  const stopped = { ...result, cfgRev: proPay.revision, calcRev: result.calcRev + 1 };
  const entry = {
    action,
    entity: 'propay',
    entityId: before.id,
    before: { status: before.status, sourceCancel: before.sourceCancel },
    after: { status: proPay.status, sourceCancel: proPay.sourceCancel },
    reason: proPay.canceledReason,
  };
  const outcome = await session.ports.table.write(scope, [
    updateProPayAction(scope, proPay, before.revision),
    updateResultAction(scope, proPay, stopped, result.calcRev),
    ...membershipActions(scope, before, proPay, null),
    auditAction(scope, systemEntry(session, entry)),
  ]);
  return outcome.applied;
}
