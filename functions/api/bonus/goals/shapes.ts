import * as z from 'zod/mini';
import { GOAL_STATUSES } from '#model/pro-goal.ts';
import { DEFINITION_CATEGORIES } from '#model/settings.ts';
import { currencyCode, dateText, idText, instantText, moneyText } from '../../edge.ts';
import { lineItemSchema } from '../pay/shapes.ts';
import { goalFields, metricSchema, participantsSchema, periodSchema } from './template-shapes.ts';

const { nullable, optional } = z;

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
  penalties: z.array(z.strictObject({ ...definition, kind: z.enum(['fixed', 'set_at_approval']), amount: nullable(moneyText) })),
  approval: nullable(
    z.strictObject({
      approvedAt: instantText,
      approvalDate: dateText,
      by: z.string(),
      accepted: z.array(z.strictObject({ code: z.string(), reason: z.string() })),
      total: optional(moneyText),
    }),
  ),
  snapshotId: nullable(z.string()),
  canceledReason: nullable(z.string()),
  currency: currencyCode,
  createdAt: instantText,
};

const blockerSchema = z.strictObject({ code: z.string(), acceptable: z.boolean(), ids: z.array(z.string()) });
export const goalResultSchema = z.strictObject({
  outcome: z.enum(['applies', 'cannot-tell']),
  missing: z.array(z.string()),
  participants: z.int(),
  excluded: z.int(),
  total: optional(moneyText),
});

const whole = {
  ...header,
  ready: z.boolean(),
  blockers: z.array(blockerSchema),
  inputsVersion: nullable(z.string()),
  dataAsOf: nullable(instantText),
  result: nullable(goalResultSchema),
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
  note: nullable(z.string()),
});
const recordSchema = z.strictObject({ entity: z.string(), id: z.string(), revision: z.union([z.int(), z.string()]) });

/** One participant's result; rewards of others are left out for whoever may not see them. */
const valueSchema = z.strictObject({
  workerId: idText,
  value: nullable(z.int()),
  tierIndex: nullable(z.int()),
  tierReward: optional(moneyText),
  disqualifiers: z.array(answerSchema),
  penalties: z.array(z.strictObject({ key: idText, count: z.int(), amount: nullable(moneyText) })),
  excluded: nullable(z.strictObject({ by: z.enum(['hand', 'disqualifier']), reason: z.string() })),
  reward: optional(moneyText),
  counted: z.array(recordSchema),
  notComparable: z.array(recordSchema),
});

/** The results of a goal, worked out for everybody who takes part. */
export const resultsSchema = z.strictObject({
  goalId: idText,
  status: z.enum(GOAL_STATUSES),
  metric: metricSchema,
  outcome: nullable(z.enum(['applies', 'cannot-tell'])),
  missing: z.array(z.string()),
  inputsVersion: nullable(z.string()),
  dataAsOf: nullable(instantText),
  currency: currencyCode,
  values: z.array(valueSchema),
  /** People for whom something was entered and who do not take part. */
  otherWorkerIds: z.array(idText),
});
