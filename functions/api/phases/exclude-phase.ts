import * as z from 'zod/mini';
import { excludedPhase, includedPhase } from '#bonus/commands/phase.ts';
import type { Phase } from '#model/phase.ts';
import { CHANGE_PROPAYS } from '../access.ts';
import { withRetries } from '../bonus/propays/load.ts';
import type { ChangeRequest } from '../bonus/propays/write-change.ts';
import { type ApiAnswer, defineRoute } from '../route.ts';
import { savePhases } from './change.ts';
import { loadForCommand, workedPhaseIn } from './load.ts';
import { phaseSchema } from './shapes.ts';
import { phaseViewIn } from './views.ts';

const body = z.strictObject({ reason: z.optional(z.string().check(z.maxLength(500))) });
const answer = { status: 200, description: 'The phase', schema: phaseSchema };

/** Takes a phase out: it pays nothing, and its time stays visible (B-112). */
export const excludePhase = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/phases/{phaseId}/exclude',
  group: 'phases',
  summary: 'Take a phase out of its ProPay',
  access: CHANGE_PROPAYS,
  body,
  bodyExample: { reason: 'done by a subcontractor' },
  idempotency: 'accepted',
  answer,
  handler: (request) => {
    const reason = request.body.reason ?? null;
    const { actor, ports } = request;
    return change(request, request.params, 'phase.excluded', reason, (phase) =>
      excludedPhase(phase, actor.id, ports.now(), reason),
    );
  },
});

/** Takes an excluded phase in again. */
export const includePhase = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/phases/{phaseId}/include',
  group: 'phases',
  summary: 'Take a phase into its ProPay again',
  access: CHANGE_PROPAYS,
  body,
  bodyExample: {},
  idempotency: 'accepted',
  answer,
  handler: (request) => change(request, request.params, 'phase.included', request.body.reason ?? null, includedPhase),
});

function change(
  request: ChangeRequest,
  { id, phaseId }: { readonly id: string; readonly phaseId: string },
  action: string,
  reason: string | null,
  decide: (phase: Phase) => Phase,
): Promise<ApiAnswer> {
  return withRetries(async () => {
    const read = await loadForCommand(request, id);
    const shown = await read.loaded.workOut(read.loaded.proPay);
    const phase = workedPhaseIn(shown, phaseId).next;
    return savePhases(request, read, {
      phases: [decide(phase)],
      action,
      reason,
      before: { phaseId, status: phase.status },
      after: { phaseId, excluded: action === 'phase.excluded' },
      answer: (parts) => phaseViewIn(request, parts, phaseId),
    });
  });
}
