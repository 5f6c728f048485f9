import * as z from 'zod/mini';
import { DIFFERENCE_STATES, SOURCE_CAUSES, type SourceDifference } from '#model/difference.ts';
import { lineItemSchema } from '../../bonus/pay/shapes.ts';
import { ROLE_NAMES } from '../../bonus/propays/shapes.ts';
import type { Viewer } from '../../bonus/sight.ts';
import { currencyCode, idText, instantText, moneyOf, moneyText } from '../../edge.ts';

const roleDifferenceSchema = z.strictObject({ workerId: idText, role: z.enum(ROLE_NAMES), difference: moneyText });

const fields = {
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
export const sourceChangesSchema = z.strictObject({ propayId: idText, ...fields });
/** The same of a group, by all its members. */
export const groupChangesSchema = z.strictObject({ groupId: idText, ...fields });
const made = { lineItems: z.array(lineItemSchema) };
/** What the sources say after a decision, with the items it made. */
export const decidedSchema = z.strictObject({ propayId: idText, ...fields, ...made });
/** The same of a group. */
export const decidedGroupSchema = z.strictObject({ groupId: idText, ...fields, ...made });

/** What is said of a difference beside whose it is; people without sight of all money find their own part only. */
export function sourceChangesView(
  approved: { readonly inputsVersion: string; readonly currency: string },
  difference: SourceDifference | null,
  viewer: Viewer,
) {
  const { currency } = approved;
  if (difference === null) {
    const none = { state: null, inputsVersion: approved.inputsVersion, deltaSeconds: 0, byWorker: [], missing: [] };
    return {
      currency,
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
    currency,
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
