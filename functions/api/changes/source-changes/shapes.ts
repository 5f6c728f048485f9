import * as z from 'zod/mini';
import { DIFFERENCE_STATES, SOURCE_CAUSES, type SourceDifference } from '#model/difference.ts';
import { lineItemSchema } from '../../bonus/pay/shapes.ts';
import { ROLE_NAMES } from '../../bonus/propays/shapes.ts';
import type { Viewer } from '../../bonus/propays/views.ts';
import { currencyCode, idText, instantText, moneyOf, moneyText } from '../../edge.ts';

const roleDifferenceSchema = z.strictObject({ workerId: idText, role: z.enum(ROLE_NAMES), difference: moneyText });

const fields = {
  propayId: idText,
  /** Null where the sources never moved since the approval, and without approval. */
  state: z.nullable(z.enum(DIFFERENCE_STATES)),
  inputsVersion: z.string(),
  currency: currencyCode,
  deltaSeconds: z.nullable(z.int()),
  delta: z.optional(z.nullable(moneyText)),
  byWorker: z.array(roleDifferenceSchema),
  missing: z.array(z.string()),
  causes: z.array(z.enum(SOURCE_CAUSES)),
  records: z.array(z.strictObject({ entity: z.string(), id: idText, sourceId: z.nullable(z.string()) })),
  runId: z.nullable(z.string()),
  seenAt: z.nullable(instantText),
};

/** What the sources of an approved ProPay say now, against what was approved. */
export const sourceChangesSchema = z.strictObject(fields);
/** The same after a decision, with the items it made. */
export const decidedSchema = z.strictObject({ ...fields, lineItems: z.array(lineItemSchema) });

/** What is said of a ProPay's difference; people without sight of all money find their own part only. */
export function sourceChangesView(
  proPay: { readonly id: string; readonly inputsVersion: string; readonly currency: string },
  difference: SourceDifference | null,
  viewer: Viewer,
) {
  const head = { propayId: proPay.id, currency: proPay.currency };
  if (difference === null) {
    const none = { state: null, inputsVersion: proPay.inputsVersion, deltaSeconds: 0, byWorker: [], missing: [] };
    return {
      ...head,
      ...none,
      ...(viewer.allMoney ? { delta: '0.00' } : {}),
      causes: [],
      records: [],
      runId: null,
      seenAt: null,
    };
  }
  const { state, inputsVersion, deltaSeconds, deltaCents, byWorker, missing, causes, records, runId, seenAt } = difference;
  return {
    ...head,
    state,
    inputsVersion,
    deltaSeconds,
    ...(viewer.allMoney ? { delta: moneyOf(deltaCents) } : {}),
    byWorker: byWorker
      .filter(({ workerId }) => viewer.allMoney || workerId === viewer.workerId)
      .map(({ workerId, role, differenceCents }) => ({ workerId, role, difference: moneyOf(differenceCents)! })),
    missing,
    causes,
    records,
    runId,
    seenAt,
  };
}
