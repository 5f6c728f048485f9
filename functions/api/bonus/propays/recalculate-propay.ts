import * as z from 'zod/mini';
import { requireActive } from '#bonus/commands/status.ts';
import { payoutChanges } from '#bonus/what-if.ts';
import { nextResult, type WorkedOut } from '#bonus/work-out.ts';
import type { ProPayResult } from '#model/propay.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { defineRoute } from '../../route.ts';
import { viewerOf } from '../sight.ts';
import { saveChange } from './change.ts';
import { type LoadedInputs, type loadInputs, loadToChange, withRetries } from './load.ts';
import { payoutChangeSchema, payoutChangeView } from './payout-changes.ts';
import { proPaySchema } from './shapes.ts';
import { viewFor } from './views.ts';

const recalculatedSchema = z.extend(proPaySchema, {
  /** Whose payouts a preview would change. */
  changes: z.optional(z.array(payoutChangeSchema)),
});

/** Recalculates an Active ProPay from its present inputs; with a wage basis, also with other wages (B-95). */
export const recalculateProPay = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/recalculate',
  group: 'bonus',
  summary: 'Recalculate a ProPay, or show what that would change',
  bodyExample: { wageBasis: 'at_start', preview: true },
  access: CHANGE_PROPAYS,
  body: z.strictObject({ wageBasis: z.optional(z.enum(['at_start', 'by_entry_date'])), preview: z.optional(z.boolean()) }),
  idempotency: 'accepted',
  answer: { status: 200, description: 'The ProPay with fresh figures', schema: recalculatedSchema },
  handler: (request) =>
    withRetries(async () => {
      const { body, ports } = request;
      const loaded = await loadToChange(request, request.params.id);
      const { proPay, result, desk } = loaded;
      requireActive(proPay);
      const preview = body.preview ?? false;
      const wageBasis = body.wageBasis ?? proPay.wageBasis;
      const next = { ...proPay, wageBasis, revision: proPay.revision + (preview ? 0 : 1) };
      const options = { refixWages: body.wageBasis !== undefined };
      if (preview) {
        const worked = await loaded.tryOut(next, options);
        const shown = nextResult(result, worked.result, ports.now());
        const view = viewFor(request, desk, { proPay: next, result: shown, difference: null });
        return { body: { ...view, changes: changesFor(request, loaded, worked) }, revision: proPay.revision };
      }
      const worked = await loaded.workOut(next, options);
      return saveChange(request, loaded, {
        next,
        worked,
        action: 'propay.recalculated',
        before: { wageBasis: proPay.wageBasis, inputsVersion: result.inputsVersion },
        after: { wageBasis, inputsVersion: worked.result.inputsVersion },
      });
    }),
});

/** Payouts that are shown now and would be other ones, as far as the caller may see money. */
function changesFor(request: Parameters<typeof loadInputs>[0], { desk, result }: LoadedInputs, worked: WorkedOut) {
  const { allMoney } = viewerOf(request, desk, result);
  return payoutChanges(shownPayouts(result), shownPayouts(worked.result))
    .filter(({ workerId }) => allMoney || workerId === request.actor.workerId)
    .map(payoutChangeView);
}

const NOBODY = { payouts: [], leadPayouts: [] };

function shownPayouts({ figures }: Pick<ProPayResult, 'figures'>) {
  return figures ?? NOBODY;
}
