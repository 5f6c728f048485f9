import { isPaid } from '#bonus/commands/unapprove.ts';
import { AppError } from '#kernel/errors.ts';
import { isPhased } from '#model/phase.ts';
import type { ProPay } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { auditAction } from '#store/ledger.ts';
import { readItemsOfApproval } from '#store/pay-repository.ts';
import { readProPay, updateProPayAction, updateResultAction } from '#store/propay-repository.ts';
import { systemEntry } from '../audit.ts';
import type { BonusSession } from '../ports.ts';
import { settlePhased } from './settle-phased.ts';

const TRIES = 4;

/**
 * Makes an approved ProPay Paid once every item of it that is not voided is Paid (B-92), and Approved again once a statement was reopened
 * (B-137); from the items themselves.
 */
export async function settlePaid(session: BonusSession, scope: TenantScope, proPayId: string): Promise<void> {
  const { table } = session.ports;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const read = await readProPay(table, scope, proPayId);
    if (read === null) return;
    const { proPay: before, result } = read;
    if (isPhased(before)) {
      if (await settlePhased(session, scope, before, result)) return;
      continue;
    }
    if ((before.status !== 'Approved' && before.status !== 'Paid') || before.approval === null) return;
    const status = isPaid(await readItemsOfApproval(table, scope, before.approval.lineItemIds)) ? 'Paid' : 'Approved';
    if (status === before.status) return;
    const proPay: ProPay = { ...before, status, revision: before.revision + 1 };
    const outcome = await table.write(scope, [
      updateProPayAction(scope, proPay, before.revision),
      updateResultAction(scope, proPay, { ...result, calcRev: result.calcRev + 1, cfgRev: proPay.revision }, result.calcRev),
      auditAction(
        scope,
        systemEntry(session, {
          action: status === 'Paid' ? 'propay.paid' : 'propay.reopened',
          entity: 'propay',
          entityId: proPayId,
          before: { status: before.status },
          after: { status },
          reason: null,
        }),
      ),
    ]);
    if (outcome.applied) return;
  }
  throw new AppError('target-busy', { category: 'transient', data: { proPayId } });
}
