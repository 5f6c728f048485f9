import * as z from 'zod/mini';
import { requireActive } from '#bonus/commands/status.ts';
import { nextResult } from '#bonus/work-out.ts';
import { CHANGE_PROPAYS } from '../../access.ts';
import { defineRoute } from '../../route.ts';
import { saveChange } from './change.ts';
import { loadToChange, viewFor, withRetries } from './load.ts';
import { proPaySchema } from './shapes.ts';

/** Recalculates an Active ProPay from its present inputs; with a wage basis, also with other wages (B-95). */
export const recalculateProPay = defineRoute({
  method: 'POST',
  path: '/v1/propays/{id}/recalculate',
  group: 'bonus',
  summary: 'Recalculate a ProPay, or show what that would change',
  access: CHANGE_PROPAYS,
  body: z.strictObject({ wageBasis: z.optional(z.enum(['at_start', 'by_entry_date'])), preview: z.optional(z.boolean()) }),
  idempotency: 'accepted',
  answer: { status: 200, description: 'The ProPay with fresh figures', schema: proPaySchema },
  handler: (request) =>
    withRetries(async () => {
      const { body, ports } = request;
      const loaded = await loadToChange(request, request.params.id);
      const { proPay, result, desk } = loaded;
      requireActive(proPay);
      const preview = body.preview ?? false;
      const wageBasis = body.wageBasis ?? proPay.wageBasis;
      const next = { ...proPay, wageBasis, revision: proPay.revision + (preview ? 0 : 1) };
      const worked = await loaded.workOut(next, { refixWages: body.wageBasis !== undefined });
      if (preview) {
        const shown = nextResult(result, worked.result, ports.now());
        return { body: viewFor(request, desk, { proPay: next, result: shown, difference: null }), revision: proPay.revision };
      }
      return saveChange(request, loaded, {
        next,
        worked,
        action: 'propay.recalculated',
        before: { wageBasis: proPay.wageBasis, inputsVersion: result.inputsVersion },
        after: { wageBasis, inputsVersion: worked.result.inputsVersion },
      });
    }),
});
