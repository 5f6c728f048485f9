import { requireNoneApplied } from '#bonus/commands/callback.ts';
import { clearedDifference } from '#bonus/commands/source-change.ts';
import { requireUnphased } from '#bonus/commands/status.ts';
import { decideUnapproval } from '#bonus/commands/unapprove.ts';
import { putDifferenceAction, readDifference } from '#store/difference-repository.ts';
import { changedLineItem, readItemsOfApproval } from '#store/pay-repository.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { defineRoute } from '../../route.ts';
import { reasonBody } from '../bodies.ts';
import { todayIn } from '../desk.ts';
import { saveChange } from './change.ts';
import { loadToChange, withRetries } from './load.ts';
import { proPaySchema } from './shapes.ts';

/** Takes an approval back while nothing of it is paid: its line items are voided under the same conditions as a payment (B-91). */
export const unapproveProPay = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/unapprove',
  group: 'approvals',
  summary: 'Take an approval back and void its line items',
  access: CHANGE_PROPAYS,
  body: reasonBody,
  bodyExample: { reason: 'hours are being corrected' },
  idempotency: 'required',
  answer: { status: 200, description: 'The ProPay, Active again', schema: proPaySchema },
  handler: (request) =>
    withRetries(async () => {
      const { ports, scope, actor, body } = request;
      const loaded = await loadToChange(request, request.params.id);
      const { desk, proPay, result } = loaded;
      requireUnphased(proPay);
      const items = await readItemsOfApproval(ports.table, scope, proPay.approval?.lineItemIds ?? []);
      const todayDate = todayIn(desk, result.place.branchId);
      const { reason } = body;
      const { proPay: next, voided } = decideUnapproval(proPay, items, { by: actor.id, at: ports.now(), todayDate, reason });
      requireNoneApplied(loaded.state.callbacks, next.approvals);
      const difference = await readDifference(ports.table, scope, proPay.id);
      const closed = difference === null ? [] : [putDifferenceAction(scope, clearedDifference(difference))];
      return saveChange(request, loaded, {
        next,
        worked: await loaded.workOut(next),
        action: 'propay.unapproved',
        reason,
        before: { status: proPay.status, approval: proPay.approval?.n ?? null },
        after: { status: next.status, voidedItems: voided.length },
        extra: closed,
        staged: voided.map(({ before, after }) => changedLineItem(scope, after, after.assignOn, before.revision)),
      });
    }),
});
