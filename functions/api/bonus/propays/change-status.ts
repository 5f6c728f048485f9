import * as z from 'zod/mini';
import {
  cancelProPay as cancel,
  deleteProPay as remove,
  requireNoneDecided,
  restoreProPay as restore,
} from '#bonus/commands/status.ts';
import { eligibilityOf } from '#bonus/creation.ts';
import { refuse } from '#kernel/errors.ts';
import { placeInGroup } from '#pay/membership.ts';
import { CHANGE_PROPAYS, DELETE_PROPAYS } from '../../access.ts';
import { stalePrecondition } from '../../problem.ts';
import { defineRoute } from '../../route.ts';
import { reasonBody } from '../bodies.ts';
import { saveChange } from './change.ts';
import { type LoadedInputs, loadToChange, withRetries } from './load.ts';
import { proPaySchema } from './shapes.ts';

const answer = { status: 200, description: 'The changed ProPay', schema: proPaySchema };

/** Cancels an Active ProPay; it can be restored. */
export const cancelProPay = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/cancel',
  group: 'bonus',
  summary: 'Cancel a ProPay',
  access: CHANGE_PROPAYS,
  body: reasonBody,
  bodyExample: { reason: 'entered twice' },
  idempotency: 'accepted',
  answer,
  handler: (request) =>
    withRetries(async () => {
      const { reason } = request.body;
      const loaded = await loadToChange(request, request.params.id);
      requireNoneDecided(loaded.state.phases, loaded.proPay.id);
      const next = cancel(loaded.proPay, reason);
      const [before, after] = [{ status: loaded.proPay.status }, { status: next.status }];
      return saveChange(request, loaded, { next, worked: null, action: 'propay.canceled', reason, before, after });
    }),
});

/** Gates that a restored ProPay has to pass like a new one (B-86). */
const ASKED_AGAIN = new Set(['job_canceled', 'overhead', 'callback']);

function requireRestorable({ state, desk }: LoadedInputs): void {
  const alone = { ...state, proPay: null, result: null, proPays: state.proPays.filter((one) => one.id !== state.proPay?.id) };
  const eligibility = eligibilityOf(alone, desk.context, null, { includedManually: true, skipProgramScope: true });
  if (eligibility.outcome === 'does-not-apply' && ASKED_AGAIN.has(eligibility.reason))
    refuse('not-eligible', { data: { reason: eligibility.reason } });
  if (eligibility.outcome === 'cannot-tell' && eligibility.missing.includes('recurrence'))
    refuse('not-eligible', { data: { reason: 'recurrence_changed' } });
}

/** Restores a canceled ProPay with fresh figures. */
export const restoreProPay = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/restore',
  group: 'bonus',
  summary: 'Restore a canceled ProPay',
  bodyExample: { reason: 'Canceled by mistake' },
  access: CHANGE_PROPAYS,
  body: z.strictObject({ reason: z.optional(z.string().check(z.maxLength(500))) }),
  idempotency: 'accepted',
  answer,
  handler: (request) =>
    withRetries(async () => {
      const loaded = await loadToChange(request, request.params.id);
      const restored = restore(loaded.proPay);
      requireRestorable(loaded);
      const { ports, scope } = request;
      const placed = await placeInGroup(ports.table, scope, restored, loaded.state, loaded.desk.context);
      const next = { ...placed.proPay, revision: restored.revision };
      const [before, after] = [{ status: loaded.proPay.status }, { status: next.status }];
      const worked = await loaded.workOut(next);
      const reason = request.body.reason ?? null;
      return saveChange(request, loaded, { next, worked, action: 'propay.restored', reason, before, after, makes: placed.makes });
    }),
});

/** Deletes an Active or canceled ProPay for good; its job gets another only by an admin's hand. */
export const deleteProPay = defineRoute({
  method: 'DELETE',
  path: '/v1/propays/{id}',
  group: 'bonus',
  summary: 'Delete a ProPay for good',
  access: DELETE_PROPAYS,
  ifMatch: true,
  answer,
  handler: (request) =>
    withRetries(async () => {
      const loaded = await loadToChange(request, request.params.id);
      if (loaded.proPay.revision !== request.ifMatch) throw stalePrecondition(loaded.proPay.revision);
      requireNoneDecided(loaded.state.phases, loaded.proPay.id);
      const next = remove(loaded.proPay);
      const [before, after] = [{ status: loaded.proPay.status }, { status: next.status }];
      return saveChange(request, loaded, { next, worked: null, action: 'propay.deleted', before, after });
    }),
});
