import * as z from 'zod/mini';
import { EXCLUSION_GROUNDS } from '#model/pay.ts';
import { currencyCode, dateText, idText, instantText, moneyText, rateText } from '../../edge.ts';

const text = z.nullable(z.string());
const eventSchema = z.strictObject({
  type: z.enum(['hold', 'release', 'extend', 'void', 'paid', 'reopen']),
  on: dateText,
  at: instantText,
  by: z.string(),
  until: z.optional(dateText),
  releaseOn: z.optional(dateText),
  note: z.optional(z.string()),
  reason: z.optional(z.string()),
  statementId: z.optional(z.string()),
  replacedBy: z.optional(z.array(idText)),
});

export const ITEM_STATUSES = ['Held', 'In Process', 'Paid', 'Voided'] as const;

const seconds = z.int().check(z.minimum(0));

/** How a premium was worked out (B-207). */
const premiumSchema = z.strictObject({
  weekStart: dateText,
  legalBasis: z.enum(['flsa_207', 'state_only']),
  formula: z.enum(['federal', 'california_production', 'california_flat']),
  bonuses: z.array(
    z.strictObject({
      itemId: idText,
      method: z.enum(['off', 'by_earned_hours', 'equal_weeks', 'equal_hours', 'embedded']),
      attributed: moneyText,
    }),
  ),
  totalSeconds: seconds,
  overtimeSeconds: seconds,
  doubleTimeSeconds: seconds,
  due: moneyText,
  issuedBefore: moneyText,
  hours: z.array(z.strictObject({ entity: z.string(), id: idText, revision: z.int(), seconds })),
  label: z.nullable(z.literal('incomplete')),
});

/** A line item as the API gives it. */
export const lineItemSchema = z.strictObject({
  id: idText,
  workerId: idText,
  type: z.enum(['bonus', 'deduction', 'premium']),
  category: z.string(),
  part: z.enum(['main', 'retention', 'warranty']),
  role: z.nullable(z.enum(['crew', 'crew_lead', 'manager', 'other'])),
  amount: moneyText,
  currency: currencyCode,
  status: z.enum(ITEM_STATUSES),
  approvalDate: dateText,
  releaseOn: dateText,
  statementId: text,
  source: z.strictObject({
    propayId: z.optional(idText),
    groupId: z.optional(idText),
    phaseId: z.optional(idText),
    goalId: z.optional(idText),
    callbackId: z.optional(idText),
  }),
  purpose: text,
  description: text,
  workFrom: z.nullable(dateText),
  workTo: z.nullable(dateText),
  /** The overtime premium that lies in a share of total earnings (B-208). */
  embeddedPremium: z.nullable(moneyText),
  /** Why a bonus by hand does not count in the regular rate (B-209). */
  rateExclusion: z.nullable(
    z.strictObject({ ground: z.enum(EXCLUSION_GROUNDS), legalBasis: z.string(), reason: z.string(), by: z.string() }),
  ),
  premium: z.nullable(premiumSchema),
  events: z.array(eventSchema),
  replaces: text,
});

const saidBy = { at: instantText, by: z.string() };

/** A statement as the API gives it. */
export const statementSchema = z.strictObject({
  id: idText,
  reference: text,
  workerId: idText,
  workerName: text,
  branchId: z.nullable(idText),
  period: z.strictObject({ startDate: dateText, endDate: dateText }),
  status: z.enum(['Open', 'Paid', 'Voided']),
  items: z.array(lineItemSchema),
  /** What will join this statement once it is free (B-141). */
  held: moneyText,
  upcomingItems: z.array(lineItemSchema),
  bonuses: moneyText,
  deductions: moneyText,
  ignoredDeductions: moneyText,
  rolloverIn: moneyText,
  netBalance: moneyText,
  premium: moneyText,
  /** Premiums that payroll computes: shown, and in no sum (B-221). */
  informationalPremium: moneyText,
  payable: moneyText,
  rolloverOut: moneyText,
  writtenOff: moneyText,
  currency: currencyCode,
  wageFigures: z.nullable(
    z.strictObject({ baseWage: z.nullable(rateText), bonusRate: z.nullable(rateText), effectiveWage: z.nullable(rateText) }),
  ),
  /** Workweeks that end in the period and are paid below the minimum wage, as a warning (B-216); amounts are null where wages are missing. */
  wageFloors: z.array(
    z.strictObject({
      weekStart: dateText,
      totalSeconds: seconds,
      missing: z.array(z.string()),
      pay: z.nullable(moneyText),
      minimumPay: z.nullable(moneyText),
      short: z.nullable(moneyText),
    }),
  ),
  payDate: z.nullable(dateText),
  acknowledgement: z.nullable(z.strictObject(saidBy)),
  acknowledgedItems: z.array(z.strictObject({ lineItemId: idText, ...saidBy })),
  disputes: z.array(
    z.strictObject({
      id: z.string(),
      lineItemId: z.nullable(idText),
      note: z.string(),
      ...saidBy,
      answer: z.nullable(z.strictObject({ note: z.string(), ...saidBy })),
    }),
  ),
  dataAsOf: z.nullable(instantText),
  calculatedAt: instantText,
});
