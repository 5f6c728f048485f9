import * as z from 'zod/mini';
import { DEFINITION_CATEGORIES } from '#model/settings.ts';
import { basisPoints, currencyCode, dateText, idText, instantText, moneyText, rateText, seconds } from '../../edge.ts';
import { distributionSchema } from '../distribution.ts';
import { lineItemSchema } from '../pay/shapes.ts';
import { adjustmentSchema, budgetSchema, settingModificationSchema } from './edge-budget.ts';

const ids = z.array(idText);
const nullable = <T extends z.ZodMiniType>(schema: T) => z.nullable(schema);

export const ROLE_NAMES = ['crew', 'crew_lead', 'manager', 'other'] as const;
export const STATUSES = ['Active', 'Approved', 'Paid', 'Canceled', 'Deleted'] as const;

const shares = {
  crewBp: basisPoints,
  crewLeadBp: basisPoints,
  managerBp: basisPoints,
  otherBp: basisPoints,
  companyBp: basisPoints,
};
export const sharesSchema = z.strictObject(shares);
const poolSchema = z.strictObject({ ...shares, splitEnabled: z.boolean(), splitBp: basisPoints });

const payoutSchema = z.strictObject({
  workerId: idText,
  role: z.enum(ROLE_NAMES),
  amount: moneyText,
  seconds,
  /** There where it is above what the person earned straight with the same work (B-62); told to those who see all money. */
  aboveStraightPay: z.optional(z.literal(true)),
});

/** A result; what the role may not see is left out. */
export const resultSchema = z.strictObject({
  outcome: z.enum(['applies', 'does-not-apply', 'cannot-tell']),
  missing: z.array(z.string()),
  budgetAmount: z.optional(moneyText),
  budgetSeconds: z.optional(z.int()),
  actualSeconds: z.optional(seconds),
  actualCost: z.optional(moneyText),
  blendedWage: z.optional(nullable(rateText)),
  savedSeconds: z.optional(z.int()),
  savings: z.optional(moneyText),
  workerShare: z.optional(moneyText),
  penalty: z.optional(moneyText),
  pools: z.optional(
    z.strictObject({ crew: moneyText, crewLead: moneyText, manager: moneyText, other: moneyText, company: moneyText }),
  ),
  payouts: z.optional(z.array(payoutSchema)),
  companyKeeps: z.optional(moneyText),
  leadPay: z.optional(moneyText),
  approvable: z.boolean(),
  notes: z.optional(z.array(z.string())),
});

const category = z.enum(DEFINITION_CATEGORIES);
/** The questions and penalties of a ProPay, group or phase; `key` is the id of the definition. */
export const answersShape = {
  disqualifiers: z.array(
    z.strictObject({
      key: idText,
      name: z.string(),
      category,
      state: z.enum(['passed', 'failed', 'pending']),
      note: nullable(z.string()),
      answeredBy: nullable(z.string()),
      answeredAt: nullable(instantText),
    }),
  ),
  penalties: z.array(
    z.strictObject({
      key: idText,
      name: z.string(),
      category,
      kind: z.enum(['fixed', 'set_at_approval']),
      amount: nullable(moneyText),
      count: z.int(),
      setBy: nullable(z.string()),
      setAt: nullable(instantText),
    }),
  ),
};

export const blockerSchema = z.strictObject({ code: z.string(), acceptable: z.boolean(), ids: z.array(z.string()) });

/** The approval of a ProPay or phase. */
export const approvalSchema = nullable(
  z.strictObject({
    approvedAt: instantText,
    approvalDate: dateText,
    by: z.string(),
    accepted: z.array(z.strictObject({ code: z.string(), reason: z.string() })),
    total: z.optional(moneyText),
  }),
);

/** What its sources say otherwise since, as long as nobody has decided on it. */
export const sourceChangeSchema = nullable(
  z.strictObject({
    state: z.enum(['Open', 'Cleared']),
    deltaSeconds: nullable(z.int()),
    delta: z.optional(nullable(moneyText)),
  }),
);

const proPayFields = {
  id: idText,
  reference: z.string(),
  title: z.string(),
  notes: nullable(z.string()),
  status: z.enum(STATUSES),
  ready: z.boolean(),
  blockers: z.array(blockerSchema),
  inputsVersion: z.string(),
  snapshotId: nullable(z.string()),
  dataAsOf: nullable(instantText),
  calculatedAt: instantText,
  currency: currencyCode,
  jobId: idText,
  milestoneIds: ids,
  branchId: nullable(idText),
  divisionId: nullable(idText),
  routeId: nullable(idText),
  managerIds: ids,
  crewLeadIds: ids,
  otherIds: ids,
  excludedWorkerIds: ids,
  includedWorkerIds: ids,
  workerIds: ids,
  groupId: nullable(idText),
  phaseMode: z.enum(['off', 'independent', 'reserve']),
  budget: z.optional(nullable(budgetSchema)),
  settingModification: z.optional(nullable(settingModificationSchema)),
  adjustment: z.optional(adjustmentSchema),
  warnings: z.array(z.string()),
  completionBp: nullable(basisPoints),
  pool: poolSchema,
  manualPool: nullable(sharesSchema),
  distribution: distributionSchema,
  driveTimeInCost: z.boolean(),
  burden: z.boolean(),
  overtimeCost: z.boolean(),
  wageBasis: z.enum(['at_start', 'by_entry_date']),
  leadPay: moneyText,
  ...answersShape,
  settled: z.boolean(),
  result: resultSchema,
  ifCompletedNow: nullable(resultSchema),
  approval: approvalSchema,
  sourceChange: sourceChangeSchema,
  lineItemIds: z.array(z.string()),
  canceledReason: nullable(z.string()),
  restoreOffered: z.boolean(),
  createdAt: instantText,
};

/** A ProPay as the API gives it. */
export const proPaySchema = z.strictObject(proPayFields);
/** The answer of an approval: the ProPay with the items it made. */
export const approvedSchema = z.strictObject({ ...proPayFields, lineItems: z.array(lineItemSchema) });
