import * as z from 'zod/mini';
import { GOAL_STATUSES } from '#model/pro-goal.ts';
import { DEFINITION_CATEGORIES } from '#model/settings.ts';
import { lineItemSchema } from '../bonus/pay/shapes.ts';
import { currencyCode, dateText, idText, instantText, moneyText } from '../edge.ts';
import { goalFields, metricSchema, participantsSchema, periodSchema } from './template-shapes.ts';

const definition = { key: idText, name: z.string(), category: z.enum(DEFINITION_CATEGORIES) };

const header = {
  id: idText,
  templateId: idText,
  templateVersion: z.int(),
  status: z.enum(GOAL_STATUSES),
  name: z.string(),
  ...goalFields,
  period: periodSchema,
  participants: participantsSchema,
  metric: metricSchema,
  managerId: idText,
  disqualifiers: z.array(z.strictObject(definition)),
  penalties: z.array(
    z.strictObject({ ...definition, kind: z.enum(['fixed', 'set_at_approval']), amount: z.nullable(moneyText) }),
  ),
  approval: z.nullable(
    z.strictObject({
      approvedAt: instantText,
      approvalDate: dateText,
      by: z.string(),
      accepted: z.array(z.strictObject({ code: z.string(), reason: z.string() })),
      total: z.optional(moneyText),
    }),
  ),
  snapshotId: z.nullable(z.string()),
  canceledReason: z.nullable(z.string()),
  currency: currencyCode,
  createdAt: instantText,
};

const blockerSchema = z.strictObject({ code: z.string(), acceptable: z.boolean(), ids: z.array(z.string()) });
export const goalResultSchema = z.strictObject({
  outcome: z.enum(['applies', 'cannot-tell']),
  missing: z.array(z.string()),
  participants: z.int(),
  excluded: z.int(),
  total: z.optional(moneyText),
});

const whole = {
  ...header,
  ready: z.boolean(),
  blockers: z.array(blockerSchema),
  inputsVersion: z.nullable(z.string()),
  dataAsOf: z.nullable(instantText),
  result: z.nullable(goalResultSchema),
  lineItemIds: z.array(z.string()),
};

/** A goal as lists give it: its terms and its status. */
export const goalHeaderSchema = z.strictObject(header);
/** A goal with its figures. */
export const goalSchema = z.strictObject(whole);
/** The answer of an approval: the goal with the items it made. */
export const approvedGoalSchema = z.strictObject({ ...whole, lineItems: z.array(lineItemSchema) });

const answerSchema = z.strictObject({
  key: idText,
  state: z.enum(['passed', 'failed', 'pending']),
  note: z.nullable(z.string()),
});
const recordSchema = z.strictObject({ entity: z.string(), id: z.string(), revision: z.union([z.int(), z.string()]) });

/** One participant's result; rewards of others are left out for whoever may not see them. */
const valueSchema = z.strictObject({
  workerId: idText,
  value: z.nullable(z.int()),
  tierIndex: z.nullable(z.int()),
  tierReward: z.optional(moneyText),
  disqualifiers: z.array(answerSchema),
  penalties: z.array(z.strictObject({ key: idText, count: z.int(), amount: z.nullable(moneyText) })),
  excluded: z.nullable(z.strictObject({ by: z.enum(['hand', 'disqualifier']), reason: z.string() })),
  reward: z.optional(moneyText),
  counted: z.array(recordSchema),
  notComparable: z.array(recordSchema),
});

/** The results of a goal, worked out for everybody who takes part. */
export const resultsSchema = z.strictObject({
  goalId: idText,
  status: z.enum(GOAL_STATUSES),
  metric: metricSchema,
  outcome: z.nullable(z.enum(['applies', 'cannot-tell'])),
  missing: z.array(z.string()),
  inputsVersion: z.nullable(z.string()),
  dataAsOf: z.nullable(instantText),
  currency: currencyCode,
  values: z.array(valueSchema),
  /** People for whom something was entered and who do not take part. */
  otherWorkerIds: z.array(idText),
});
