import * as z from 'zod/mini';
import { PHASE_STATUSES } from '#model/phase.ts';
import { lineItemSchema } from '../bonus/pay/shapes.ts';
import {
  answersShape,
  approvalSchema,
  blockerSchema,
  resultSchema,
  STATUSES,
  sourceChangeSchema,
} from '../bonus/propays/shapes.ts';
import { basisPoints, currencyCode, dateText, idText, instantText, moneyText, seconds } from '../edge.ts';

const phaseFields = {
  id: idText,
  propayId: idText,
  name: z.string(),
  milestoneIds: z.array(idText),
  status: z.enum(PHASE_STATUSES),
  ready: z.boolean(),
  blockers: z.array(blockerSchema),
  inputsVersion: z.string(),
  snapshotId: z.nullable(z.string()),
  calculatedAt: instantText,
  currency: currencyCode,
  startDate: z.nullable(dateText),
  completionBp: z.nullable(basisPoints),
  excluded: z.nullable(z.strictObject({ by: z.string(), at: instantText, reason: z.nullable(z.string()) })),
  ...answersShape,
  settled: z.boolean(),
  /** What its money comes to in each stage: of everybody, or the caller's own. */
  stages: z.strictObject({ projected: moneyText, reserve: moneyText, approved: moneyText, paid: moneyText }),
  result: resultSchema,
  ifCompletedNow: z.nullable(resultSchema),
  approval: approvalSchema,
  sourceChange: sourceChangeSchema,
  lineItemIds: z.array(z.string()),
};

/** A phase of a ProPay. */
export const phaseSchema = z.strictObject(phaseFields);
/** The answer of an approval: the phase with the items it made. */
export const decidedPhaseSchema = z.strictObject({ ...phaseFields, lineItems: z.array(lineItemSchema) });

const movementSchema = z.strictObject({
  kind: z.enum(['approval', 'unapproval', 'release', 'change']),
  phaseId: z.nullable(idText),
  by: z.string(),
  at: instantText,
  byWorker: z.array(z.strictObject({ workerId: idText, role: z.string(), amount: moneyText })),
  lineItemIds: z.array(z.string()),
});

const listFields = {
  propayId: idText,
  mode: z.enum(['off', 'independent', 'reserve']),
  status: z.enum(STATUSES),
  currency: currencyCode,
  /** The net savings of all phases that count, beside what they pay (B-113). */
  jobNet: z.nullable(moneyText),
  /** What all phases that count pay as they stand. */
  payouts: moneyText,
  /** Time on the job that no milestone, and so no phase, has. */
  unassignedSeconds: seconds,
  /** Null where the mode keeps none. */
  reserve: z.nullable(
    z.strictObject({
      total: moneyText,
      byWorker: z.array(z.strictObject({ workerId: idText, amount: moneyText })),
      /** Nothing more will be approved: what is left asks to be released (B-116). */
      ended: z.boolean(),
      movements: z.array(movementSchema),
    }),
  ),
  items: z.array(phaseSchema),
  nextCursor: z.null(),
};

/** All phases of a ProPay, and what is held back on it. */
export const phasesSchema = z.strictObject(listFields);
/** The same after a release, with the items it made. */
export const releasedSchema = z.strictObject({ ...listFields, lineItems: z.array(lineItemSchema) });
