import * as z from 'zod/mini';
import { WORKER_STATES, type WorkerState } from '#model/overrides.ts';
import { defineRoute } from '../route.ts';
import { changeOverride, madeBy } from './change.ts';
import { CHANGE_STATES, requireNoOwner } from './rights.ts';
import { overridesAnswer, reason } from './shapes.ts';
import { workerSubject } from './subject.ts';
import { waitingFor } from './waiting.ts';

/** E-3: deactivate, archive or reactivate. Sign-in follows with the next request (M-148); a sync never undoes it. */
export const putActive = defineRoute({
  method: 'PUT',
  path: '/v1/workers/{id}/overrides/active',
  group: 'overrides',
  summary: 'Deactivate, archive or reactivate a person',
  access: CHANGE_STATES,
  ifMatch: true,
  body: z.strictObject({ value: z.enum(WORKER_STATES), reason }),
  bodyExample: { value: 'archived', reason: 'left the company' },
  answer: overridesAnswer,
  handler: (request) => {
    const { body, params, ifMatch } = request;
    const { value } = body;
    const more = async () => (value === 'active' ? {} : { waitingPropayIds: await waitingFor(request, params.id) });
    return changeOverride(
      request,
      { subject: () => workerSubject(request, params.id), ifMatch, reason: body.reason, more },
      async ({ record }) => {
        if (value !== 'active') await requireNoOwner(request, record.id);
        const sourceValueWhenSet: WorkerState = record.fields.sourceActive ? 'active' : 'deactivated';
        const active = { value, sourceValueWhenSet, kept: false, ...madeBy(request, body.reason) };
        return {
          overrides: (setAt) => ({ ...record.own.overrides, active: { ...active, setAt } }),
          act: { field: 'active', act: 'set', value, sourceValueWhenSet },
        };
      },
    );
  },
});

export const deleteActive = defineRoute({
  method: 'DELETE',
  path: '/v1/workers/{id}/overrides/active',
  group: 'overrides',
  summary: 'Go back to what the source says of a person being there',
  access: CHANGE_STATES,
  ifMatch: true,
  answer: overridesAnswer,
  handler: (request) =>
    changeOverride(
      request,
      { subject: () => workerSubject(request, request.params.id), ifMatch: request.ifMatch },
      async ({ record }) => {
        if (record.own.overrides.active === null) return null;
        // Who is reactivated here and inactive at the source goes out with the override.
        if (!record.fields.sourceActive) await requireNoOwner(request, record.id);
        return {
          overrides: () => ({ ...record.own.overrides, active: null }),
          act: { field: 'active', act: 'cleared', value: null, sourceValueWhenSet: null },
        };
      },
    ),
});
