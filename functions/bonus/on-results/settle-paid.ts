import { AppError } from '#kernel/errors.ts';
import type { ProPay } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import { auditAction } from '#store/ledger.ts';
import { readLineItems } from '#store/pay-repository.ts';
import { readProPay, updateProPayAction, updateResultAction } from '#store/propay-repository.ts';
import { systemEntry } from '../audit.ts';
import type { BonusSession } from '../ports.ts';

const TRIES = 4;

/** Makes an approved ProPay Paid once every item of it that is not voided is Paid (B-92), from the items themselves. */
export async function settlePaid(session: BonusSession, scope: TenantScope, proPayId: string): Promise<void> {
  const { table } = session.ports;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const read = await readProPay(table, scope, proPayId);
    if (read === null || read.proPay.status !== 'Approved' || read.proPay.approval === null) return;
    const { proPay: before, result } = read;
    const items = await readLineItems(table, scope, read.proPay.approval.lineItemIds);
    const ends = items.map((item) => item?.events.at(-1)?.type ?? 'none').filter((end) => end !== 'void');
    if (ends.length === 0 || ends.some((end) => end !== 'paid')) return;
    const proPay: ProPay = { ...before, status: 'Paid', revision: before.revision + 1 };
    const outcome = await table.write(scope, [
      updateProPayAction(scope, proPay, before.revision),
      updateResultAction(scope, proPay, { ...result, calcRev: result.calcRev + 1, cfgRev: proPay.revision }, result.calcRev),
      auditAction(
        scope,
        systemEntry(session, {
          action: 'propay.paid',
          entity: 'propay',
          entityId: proPayId,
          before: { status: before.status },
          after: { status: proPay.status },
          reason: null,
        }),
      ),
    ]);
    if (outcome.applied) return;
  }
  throw new AppError('target-busy', { category: 'transient', data: { proPayId } });
}
