import * as z from 'zod/mini';
import { basisPoints, currencyCode, dateText, idText, instantText, moneyText, rateText, seconds } from '../../edge.ts';
import { distributionSchema } from '../distribution.ts';
import { lineItemSchema } from '../pay/shapes.ts';
import { answersShape, ROLE_NAMES, resultSchema, sharesSchema } from '../propays/shapes.ts';

const ids = z.array(idText);

export const GROUP_STATUSES = ['Active', 'Approved', 'Paid', 'Canceled'] as const;

const figuresSchema = z.strictObject({
  budgetSeconds: z.optional(z.nullable(z.int())),
  budgetAmount: z.optional(z.nullable(moneyText)),
  availableSeconds: z.optional(z.nullable(z.int())),
  actualSeconds: seconds,
  actualCost: z.optional(moneyText),
  bonusRate: z.nullable(rateText),
  jobsDone: z.int(),
  jobsTotal: z.int(),
  completedBp: z.nullable(basisPoints),
  scheduledCount: z.optional(z.int()),
  eligibleCount: z.optional(z.int()),
  availableBonus: z.optional(moneyText),
  approvedBonus: z.optional(moneyText),
});

const groupFields = {
  id: idText,
  reference: z.string(),
  status: z.enum(GROUP_STATUSES),
  propayIds: ids,
  routeId: idText,
  branchId: z.nullable(idText),
  period: z.strictObject({ startDate: dateText, endDate: dateText }),
  netting: z.enum(['pooled', 'separate']),
  conflicts: z.array(z.strictObject({ propayId: idText, fields: z.array(z.string()) })),
  inputsVersion: z.string(),
  result: resultSchema,
  ifCompletedNow: z.nullable(resultSchema),
  figures: figuresSchema,
  splitEnabled: z.nullable(z.boolean()),
  splitBp: z.nullable(basisPoints),
  manualPool: z.nullable(sharesSchema),
  distribution: z.nullable(distributionSchema),
  excludedWorkerIds: ids,
  ...answersShape,
  managerIds: ids,
  crewLeadIds: ids,
  otherIds: ids,
  workerIds: ids,
  snapshotId: z.nullable(z.string()),
  settled: z.boolean(),
  approval: z.nullable(
    z.strictObject({
      approvedAt: instantText,
      approvalDate: dateText,
      by: z.string(),
      accepted: z.array(z.strictObject({ code: z.string(), reason: z.string() })),
      total: z.optional(moneyText),
    }),
  ),
  lineItemIds: z.array(z.string()),
  sourceChange: z.nullable(
    z.strictObject({ state: z.string(), deltaSeconds: z.nullable(z.int()), delta: z.optional(z.nullable(moneyText)) }),
  ),
  dataAsOf: z.nullable(instantText),
  calculatedAt: instantText,
  currency: currencyCode,
  canceledReason: z.nullable(z.string()),
  createdAt: instantText,
};

const memberSchema = z.strictObject({
  propayId: idText,
  reference: z.string(),
  completed: z.boolean(),
  confirmed: z.boolean(),
  excludedWorkerIds: ids,
  budgetSeconds: z.optional(z.nullable(z.int())),
  budgetAmount: z.optional(z.nullable(moneyText)),
  actualSeconds: seconds,
  actualCost: z.optional(moneyText),
  savings: z.nullable(moneyText),
  payouts: z.array(z.strictObject({ workerId: idText, role: z.enum(ROLE_NAMES), amount: moneyText })),
});

const wholeFields = {
  ...groupFields,
  ready: z.boolean(),
  blockers: z.array(z.strictObject({ code: z.string(), acceptable: z.boolean(), ids: z.array(z.string()), propayIds: ids })),
  members: z.array(memberSchema),
};

/** A group as lists show it. */
export const groupRowSchema = z.strictObject(groupFields);
/** A group with what stands in its way and what each member brings. */
export const groupSchema = z.strictObject(wholeFields);
/** The answer of an approval: the group with the items it made. */
export const approvedGroupSchema = z.strictObject({ ...wholeFields, lineItems: z.array(lineItemSchema) });
