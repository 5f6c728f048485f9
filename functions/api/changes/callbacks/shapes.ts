import * as z from 'zod/mini';
import { CALLBACK_STATES, type Callback, RECOGNITIONS } from '#model/callback.ts';
import { lineItemSchema } from '../../bonus/pay/shapes.ts';
import { ROLE_NAMES } from '../../bonus/propays/shapes.ts';
import type { Viewer } from '../../bonus/sight.ts';
import { currencyCode, idText, instantText, moneyOf, moneyText, seconds } from '../../edge.ts';

const partSchema = z.strictObject({
  workerId: idText,
  role: z.enum(ROLE_NAMES),
  difference: moneyText,
  fromReserve: moneyText,
  deduction: moneyText,
});

const fields = {
  id: idText,
  state: z.enum(CALLBACK_STATES),
  recognisedBy: z.enum(RECOGNITIONS),
  /** The job that is reworked, and the rework itself. */
  originalJobId: idText,
  jobId: idText,
  propayId: z.nullable(idText),
  currency: currencyCode,
  inputsVersion: z.nullable(z.string()),
  reworkSeconds: z.nullable(seconds),
  reworkCost: z.optional(z.nullable(moneyText)),
  approvedSavings: z.optional(z.nullable(moneyText)),
  recomputedSavings: z.optional(z.nullable(moneyText)),
  difference: z.optional(z.nullable(moneyText)),
  byWorker: z.array(partSchema),
  missing: z.array(z.string()),
  lineItemIds: z.array(z.string()),
  openedAt: instantText,
  assessedAt: z.nullable(instantText),
  decidedBy: z.nullable(z.string()),
  decidedAt: z.nullable(instantText),
  reason: z.nullable(z.string()),
};

/** Rework of an earlier job, and what it takes back of that job's bonus. */
export const callbackSchema = z.strictObject(fields);
/** The same once applied, with the items it made. */
export const appliedSchema = z.strictObject({ ...fields, lineItems: z.array(lineItemSchema) });

/** A callback as a viewer may see it: everybody's money, or the own part. */
export function callbackView(callback: Callback, currency: string, viewer: Viewer) {
  const { assessment, decision } = callback;
  const mayKnow = ({ workerId }: { readonly workerId: string }): boolean => viewer.allMoney || workerId === viewer.workerId;
  return {
    id: callback.id,
    state: callback.state,
    recognisedBy: callback.recognisedBy,
    originalJobId: callback.originalJobId,
    jobId: callback.jobId,
    propayId: callback.proPayId,
    currency,
    inputsVersion: assessment?.inputsVersion ?? null,
    reworkSeconds: assessment?.reworkSeconds ?? null,
    ...(viewer.costs ? { reworkCost: moneyOf(assessment?.reworkCostCents ?? null) } : {}),
    ...(viewer.allMoney
      ? {
          approvedSavings: moneyOf(assessment?.approvedSavingsCents ?? null),
          recomputedSavings: moneyOf(assessment?.recomputedSavingsCents ?? null),
          difference: moneyOf(assessment?.differenceCents ?? null),
        }
      : {}),
    byWorker: (assessment?.byWorker ?? [])
      .filter(mayKnow)
      .map(({ workerId, role, differenceCents, fromReserveCents, deductionCents }) => ({
        workerId,
        role,
        difference: moneyOf(differenceCents)!,
        fromReserve: moneyOf(fromReserveCents)!,
        deduction: moneyOf(deductionCents)!,
      })),
    missing: callback.missing,
    lineItemIds: callback.lineItemIds.filter((id) => viewer.allMoney || id.startsWith(`${viewer.workerId ?? '-'}.`)),
    openedAt: callback.openedAt,
    assessedAt: assessment?.at ?? null,
    decidedBy: decision?.by ?? null,
    decidedAt: decision?.at ?? null,
    reason: decision?.reason ?? null,
  };
}
