import { requireActive } from '#bonus/commands/status.ts';
import { answerDisqualifier, clearPenalty, type Deed, type HeldDefinitions, setPenalty } from '#bonus/definitions.ts';
import type { ProPay } from '#model/propay.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { stalePrecondition } from '../../problem.ts';
import { type ApiAnswer, type ApiRequest, defineRoute } from '../../route.ts';
import { disqualifierBody, penaltyBody, penaltyOf } from './answer-bodies.ts';
import { saveChange } from './change.ts';
import { loadToChange, withRetries } from './load.ts';
import { proPaySchema } from './shapes.ts';

const answer = { status: 200, description: 'The ProPay with its figures after the answer', schema: proPaySchema };

/** Answers a question of an Active ProPay (B-76). */
export const putDisqualifier = defineRoute({
  method: 'PUT',
  path: '/v1/propays/{id}/disqualifiers/{key}',
  group: 'bonus',
  summary: 'Answer a disqualifier of a ProPay',
  access: CHANGE_PROPAYS,
  ifMatch: true,
  body: disqualifierBody,
  bodyExample: { state: 'passed', note: 'checked on site' },
  answer,
  handler: (request) => {
    const { key } = request.params;
    const { state, note } = request.body;
    return change(request, 'propay.disqualifier_answered', (proPay, deed) => ({
      disqualifiers: answerDisqualifier(proPay.disqualifiers, key, { state, note: note ?? null, ...deed }),
    }));
  },
});

/** Sets how often a penalty was incurred on an Active ProPay, and its amount where none is fixed (B-79). */
export const putPenalty = defineRoute({
  method: 'PUT',
  path: '/v1/propays/{id}/penalties/{key}',
  group: 'bonus',
  summary: 'Set a penalty of a ProPay',
  access: CHANGE_PROPAYS,
  ifMatch: true,
  body: penaltyBody,
  bodyExample: { count: 3 },
  answer,
  handler: (request) => {
    const given = penaltyOf(request.body);
    return change(request, 'propay.penalty_set', (proPay, deed) => ({
      penalties: setPenalty(proPay.penalties, request.params.key, { ...given, ...deed }),
    }));
  },
});

/** Takes a penalty of an Active ProPay back: it was not incurred. */
export const deletePenalty = defineRoute({
  method: 'DELETE',
  path: '/v1/propays/{id}/penalties/{key}',
  group: 'bonus',
  summary: 'Take a penalty of a ProPay back',
  access: CHANGE_PROPAYS,
  ifMatch: true,
  answer,
  handler: (request) =>
    change(request, 'propay.penalty_cleared', (proPay, deed) => ({
      penalties: clearPenalty(proPay.penalties, request.params.key, deed),
    })),
});

type AnswerRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach' | 'command' | 'ifMatch'> & {
  readonly params: { readonly id: string; readonly key: string };
};

/** Changes an Active ProPay's answers on the revision that the caller saw, and recalculates it. */
function change(
  request: AnswerRequest,
  action: string,
  decide: (proPay: ProPay, deed: Deed) => Partial<HeldDefinitions>,
): Promise<ApiAnswer> {
  return withRetries(async () => {
    const { params, actor, ports, ifMatch } = request;
    const loaded = await loadToChange(request, params.id);
    const { proPay } = loaded;
    if (proPay.revision !== ifMatch) throw stalePrecondition(proPay.revision);
    requireActive(proPay);
    const next = { ...proPay, ...decide(proPay, { by: actor.id, at: ports.now() }), revision: proPay.revision + 1 };
    const [before, after] = [heldUnder(proPay, params.key), heldUnder(next, params.key)];
    return saveChange(request, loaded, { next, worked: await loaded.workOut(next), action, before, after });
  });
}

/** The one answer that a command is about, for the audit entry. */
function heldUnder({ disqualifiers, penalties }: HeldDefinitions, key: string): unknown {
  return [...disqualifiers, ...penalties].find((one) => one.key === key) ?? null;
}
