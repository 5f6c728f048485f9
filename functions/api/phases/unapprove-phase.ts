import { reopenedPhase } from '#bonus/commands/phase.ts';
import { decideUnapproval } from '#bonus/commands/unapprove.ts';
import { combinedDifference } from '#bonus/phased/difference.ts';
import { sharesOfUnapproval, withMovement } from '#bonus/phased/reserve.ts';
import { refuse } from '#kernel/errors.ts';
import { phaseSourceId } from '#model/phase.ts';
import { changedLineItem, readItemsOfApproval } from '#store/pay-repository.ts';
import { CHANGE_PROPAYS } from '../access.ts';
import { reasonBody } from '../bonus/bodies.ts';
import { todayIn } from '../bonus/desk.ts';
import { withRetries } from '../bonus/propays/load.ts';
import { defineRoute } from '../route.ts';
import { savePhases } from './change.ts';
import { asProPay, loadForCommand, phaseIn } from './load.ts';
import { phaseSchema } from './shapes.ts';
import { phaseViewIn } from './views.ts';

/** Takes a phase's approval back while nothing of it is paid, released or drawn (B-112). */
export const unapprovePhase = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/phases/{phaseId}/unapprove',
  group: 'phase-decisions',
  summary: 'Take a phase’s approval back',
  access: CHANGE_PROPAYS,
  body: reasonBody,
  bodyExample: { reason: 'hours are being corrected' },
  idempotency: 'required',
  answer: { status: 200, description: 'The phase, Active again', schema: phaseSchema },
  handler: (request) =>
    withRetries(async () => {
      const { ports, scope, actor, body, params } = request;
      const read = await loadForCommand(request, params.id);
      const { loaded, reserve } = read;
      const phase = phaseIn(loaded, params.phaseId);
      const { approval, status } = phase;
      if (approval === null) return refuse('wrong-state', { data: { status } });
      const items = await readItemsOfApproval(ports.table, scope, approval.lineItemIds);
      const at = ports.now();
      const todayDate = todayIn(loaded.desk, loaded.result.place.branchId);
      const { voided } = decideUnapproval(asProPay(loaded, phase).proPay, items, {
        by: actor.id,
        at,
        todayDate,
        reason: body.reason,
      });
      const shares = sharesOfUnapproval(reserve.movements, phase.id, approval.n);
      const movement = {
        kind: 'unapproval',
        phaseId: phase.id,
        n: approval.n,
        shares,
        lineItemIds: [],
        by: actor.id,
        at,
      } as const;
      const parts = (read.difference?.parts ?? []).filter(({ proPayId }) => proPayId !== phaseSourceId(phase));
      const of = { proPayId: loaded.proPay.id, branchId: loaded.result.place.branchId, seenAt: at };
      const difference = combinedDifference(read.difference, parts, of);
      return savePhases(request, read, {
        phases: [reopenedPhase(phase)],
        ...(difference === null ? {} : { difference }),
        reserve: withMovement(reserve, movement),
        made: voided.map(({ after }) => after),
        action: 'phase.unapproved',
        reason: body.reason,
        before: { phaseId: phase.id, status, approval: approval.n },
        after: { phaseId: phase.id, status: 'Active', voidedItems: voided.length, reserve: shares },
        staged: voided.map(({ before, after }) => changedLineItem(scope, after, after.assignOn, before.revision)),
        answer: (parts) => phaseViewIn(request, parts, phase.id),
      });
    }),
});
