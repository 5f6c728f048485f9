import { requireOpen } from '#bonus/commands/phase.ts';
import { answerDisqualifier, clearPenalty, type Deed, type HeldDefinitions, setPenalty } from '#bonus/definitions.ts';
import type { Phase } from '#model/phase.ts';
import { CHANGE_PROPAYS } from '../access.ts';
import { disqualifierBody, penaltyBody, penaltyOf } from '../bonus/propays/answer-bodies.ts';
import { withRetries } from '../bonus/propays/load.ts';
import type { ChangeRequest } from '../bonus/propays/write-change.ts';
import { stalePrecondition } from '../problem.ts';
import { type ApiAnswer, defineRoute } from '../route.ts';
import { savePhases } from './change.ts';
import { loadForCommand, phaseIn } from './load.ts';
import { phaseSchema } from './shapes.ts';
import { phaseViewIn } from './views.ts';

const answer = { status: 200, description: 'The phase with its figures after the answer', schema: phaseSchema };

/** Answers a question of one phase (B-76, B-111). */
export const putPhaseDisqualifier = defineRoute({
  method: 'PUT',
  path: '/v1/propays/{id}/phases/{phaseId}/disqualifiers/{key}',
  group: 'phases',
  summary: 'Answer a disqualifier of a phase',
  access: CHANGE_PROPAYS,
  ifMatch: true,
  body: disqualifierBody,
  bodyExample: { state: 'passed', note: 'checked on site' },
  answer,
  handler: (request) => {
    const { params, body } = request;
    return change(request, params, 'phase.disqualifier_answered', ({ disqualifiers }, deed) => ({
      disqualifiers: answerDisqualifier(disqualifiers, params.key, { state: body.state, note: body.note ?? null, ...deed }),
    }));
  },
});

/** Sets how often a penalty was incurred on one phase (B-79). */
export const putPhasePenalty = defineRoute({
  method: 'PUT',
  path: '/v1/propays/{id}/phases/{phaseId}/penalties/{key}',
  group: 'phases',
  summary: 'Set a penalty of a phase',
  access: CHANGE_PROPAYS,
  ifMatch: true,
  body: penaltyBody,
  bodyExample: { count: 3 },
  answer,
  handler: (request) => {
    const given = penaltyOf(request.body);
    return change(request, request.params, 'phase.penalty_set', ({ penalties }, deed) => ({
      penalties: setPenalty(penalties, request.params.key, { ...given, ...deed }),
    }));
  },
});

/** Takes a penalty of a phase back: it was not incurred. */
export const deletePhasePenalty = defineRoute({
  method: 'DELETE',
  path: '/v1/propays/{id}/phases/{phaseId}/penalties/{key}',
  group: 'phases',
  summary: 'Take a penalty of a phase back',
  access: CHANGE_PROPAYS,
  ifMatch: true,
  answer,
  handler: (request) =>
    change(request, request.params, 'phase.penalty_cleared', ({ penalties }, deed) => ({
      penalties: clearPenalty(penalties, request.params.key, deed),
    })),
});

interface AnswerName {
  readonly id: string;
  readonly phaseId: string;
  readonly key: string;
}

/** Changes an open phase's answers on the revision of the ProPay that the caller saw, and recalculates it. */
function change(
  request: ChangeRequest & { readonly ifMatch: number },
  { id, phaseId, key }: AnswerName,
  action: string,
  decide: (phase: Phase, deed: Deed) => Partial<HeldDefinitions>,
): Promise<ApiAnswer> {
  return withRetries(async () => {
    const { actor, ports, ifMatch } = request;
    const read = await loadForCommand(request, id);
    const { proPay } = read.loaded;
    if (proPay.revision !== ifMatch) throw stalePrecondition(proPay.revision);
    const phase = phaseIn(read.loaded, phaseId);
    requireOpen(phase);
    const next = { ...phase, ...decide(phase, { by: actor.id, at: ports.now() }) };
    return savePhases(request, read, {
      phases: [next],
      action,
      before: { phaseId, answer: heldUnder(phase, key) },
      after: { phaseId, answer: heldUnder(next, key) },
      answer: (parts) => phaseViewIn(request, parts, phaseId),
    });
  });
}

/** The one answer that a command is about, for the audit entry. */
function heldUnder({ disqualifiers, penalties }: HeldDefinitions, key: string): unknown {
  return [...disqualifiers, ...penalties].find((one) => one.key === key) ?? null;
}
