import * as z from 'zod/mini';
import { dismissedCallback } from '#bonus/commands/callback.ts';
import { refuse } from '#kernel/errors.ts';
import type { Callback } from '#model/callback.ts';
import { applyCallback } from '#pay/apply-callback.ts';
import { readOriginal } from '#pay/approved-original.ts';
import { assessCallback } from '#pay/assess-callback.ts';
import { putCallbackAction } from '#store/callback-repository.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { todayIn } from '../../bonus/desk.ts';
import { lineItemView } from '../../bonus/pay/views.ts';
import { loadToChange, withRetries } from '../../bonus/propays/load.ts';
import { requireAllOf, viewerOf } from '../../bonus/sight.ts';
import { ApiProblem, notFound } from '../../problem.ts';
import { type ApiRequest, defineRoute } from '../../route.ts';
import { loadCallback, loadCallbackToChange } from './read-callbacks.ts';
import { appliedSchema, callbackSchema, callbackView } from './shapes.ts';

const reason = z.string().check(z.minLength(1), z.maxLength(500));

/** Applies an assessed callback: the reserve first, then deductions (B-153). */
export const acceptCallback = defineRoute({
  method: 'POST',
  path: '/v1/callbacks/{id}/accept',
  group: 'callbacks',
  summary: 'Apply a callback',
  access: CHANGE_PROPAYS,
  body: z.strictObject({
    inputsVersion: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
    reason: z.optional(reason),
  }),
  bodyExample: { inputsVersion: 'mJ3…' },
  idempotency: 'required',
  answer: { status: 200, description: 'The applied callback and the items it made', schema: appliedSchema },
  handler: (request) =>
    withRetries(async () => {
      const { ports, scope, actor, body, command } = request;
      const { callback: stored } = await loadCallback(request, request.params.id);
      if (stored.state !== 'Assessed' || stored.proPayId === null)
        return refuse('wrong-state', { data: { state: stored.state } });
      const found = await atHand(request, stored);
      if (found === null) return null;
      const { original, callback, desk, result } = found;
      const assessed = await assessCallback(original, callback);
      if ('missing' in assessed) return refuse('cannot-tell', { data: { missing: assessed.missing } });
      const viewer = viewerOf(request, desk, result);
      const { currency } = original.context;
      const seen = body.inputsVersion ?? stored.assessment?.inputsVersion;
      if (assessed.assessment.inputsVersion !== seen)
        throw new ApiProblem('inputs-changed', {
          detail: 'Rework or reserve have changed since you saw the figures.',
          data: callbackView({ ...callback, assessment: assessed.assessment }, currency, viewer),
        });
      const applier = { by: actor.id, reason: body.reason ?? null };
      const applied = await applyCallback(ports.table, scope, original, callback, assessed, applier);
      const lineItems = applied.items.map((item) => lineItemView(item, desk, applied.heads.get(item.workerId) ?? null));
      const done = await command.commit({
        actions: applied.actions,
        staged: applied.staged,
        audit: {
          action: 'callback.applied',
          ...{ entity: 'callback', entityId: callback.id, reason: applier.reason },
          before: { state: callback.state, differenceCents: assessed.assessment.differenceCents },
          after: { state: 'Applied', byWorker: applied.callback.assessment?.byWorker, lineItemIds: applied.callback.lineItemIds },
        },
        answer: { body: { ...callbackView(applied.callback, currency, viewer), lineItems } },
      });
      return done.applied ? done.answer : null;
    }),
});

type DecideRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** The approved ProPay behind a callback, with everything read strongly and at once; null where its group is being changed. */
async function atHand(request: DecideRequest, { id, proPayId }: Callback) {
  const { ports, scope } = request;
  const loaded = await loadToChange(request, proPayId!);
  const { desk, state, proPay, result } = loaded;
  const callback = state.callbacks.find((one) => one.id === id);
  if (callback === undefined) throw notFound();
  if (proPay.approval === null) return refuse('wrong-state', { data: { status: proPay.status } });
  const todayDate = todayIn(desk, result.place.branchId);
  const moment = { context: desk.context, todayDate, now: ports.now() };
  const original = await readOriginal(ports.table, scope, loaded, moment);
  if (original === null) return null;
  if (original.group !== null) requireAllOf(request, { ...original.group, result });
  return { original, callback, desk, result };
}

/** Dismisses an assessed callback: no money moves for it. */
export const dismissCallback = defineRoute({
  method: 'POST',
  path: '/v1/callbacks/{id}/dismiss',
  group: 'callbacks',
  summary: 'Dismiss a callback',
  access: CHANGE_PROPAYS,
  body: z.strictObject({ reason }),
  bodyExample: { reason: 'the customer changed the order' },
  idempotency: 'accepted',
  answer: { status: 200, description: 'The dismissed callback', schema: callbackSchema },
  handler: (request) =>
    withRetries(async () => {
      const { ports, scope, actor, body, command } = request;
      const { desk, callback, viewer } = await loadCallbackToChange(request, request.params.id);
      const dismissed = dismissedCallback(callback, actor.id, ports.now(), body.reason);
      const done = await command.commit({
        actions: [putCallbackAction(scope, dismissed)],
        audit: {
          ...{ action: 'callback.dismissed', entity: 'callback', entityId: callback.id, reason: body.reason },
          ...{ before: { state: callback.state }, after: { state: dismissed.state } },
        },
        answer: { body: callbackView(dismissed, desk.context.currency, viewer) },
      });
      return done.applied ? done.answer : null;
    }),
});
