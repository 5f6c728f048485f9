import * as z from 'zod/mini';
import type { GivenBudget } from '#bonus/commands/budget-by-hand.ts';
import { assertAdjustment } from '#bonus/rules/budget-modification.ts';
import type { Adjustment, BudgetFigures, OwnBudget, SettingModification } from '#model/propay.ts';
import { BUDGET_TYPES } from '#model/settings.ts';
import { basisPoints, centsOf, e4Of, moneyOf, moneyText, rateOf, rateText, seconds } from '../../edge.ts';
import { invalidField } from '../../problem.ts';

const nullable = <T extends z.ZodMiniType>(schema: T) => z.nullable(schema);

/** A labour budget before any modification, by its type (B-25), as it is shown. */
export const budgetSchema = z.strictObject({
  type: z.enum(BUDGET_TYPES),
  basis: nullable(z.string()),
  budgetSeconds: z.optional(nullable(seconds)),
  budgetAmount: z.optional(nullable(moneyText)),
  contractPrice: z.optional(nullable(moneyText)),
  laborBp: z.optional(nullable(basisPoints)),
  rate: z.optional(nullable(rateText)),
  quantity: z.optional(nullable(rateText)),
  tasks: z.optional(
    z.array(
      z.strictObject({
        id: z.string(),
        budgetSeconds: z.optional(nullable(seconds)),
        budgetAmount: z.optional(nullable(moneyText)),
      }),
    ),
  ),
});

const taskText = z.string().check(z.minLength(1), z.maxLength(100));

/** A budget given along with a creation: the fields of any type. Whether they fit its type, and their ranges, the rules say. */
export const givenBudgetSchema = z.strictObject({
  type: z.optional(z.string()),
  budgetSeconds: z.optional(z.int()),
  budgetAmount: z.optional(moneyText),
  contractPrice: z.optional(moneyText),
  laborBp: z.optional(z.int()),
  rate: z.optional(rateText),
  quantity: z.optional(rateText),
  tasks: z.optional(
    z
      .array(z.strictObject({ id: taskText, budgetSeconds: z.optional(z.int()), budgetAmount: z.optional(moneyText) }))
      .check(z.maxLength(500)),
  ),
});

/** A given budget in whole cents, seconds and ten-thousandths. */
export function givenBudgetOf(given: z.infer<typeof givenBudgetSchema>): GivenBudget {
  const { type, budgetSeconds, budgetAmount, contractPrice, laborBp, rate, quantity, tasks } = given;
  const figures: OwnBudget = {
    ...(budgetSeconds === undefined ? {} : { budgetSeconds }),
    ...(budgetAmount === undefined ? {} : { budgetCents: centsOf(budgetAmount, '/budget/budgetAmount') }),
    ...(contractPrice === undefined ? {} : { contractPriceCents: centsOf(contractPrice, '/budget/contractPrice') }),
    ...(laborBp === undefined ? {} : { laborBp }),
    ...(rate === undefined ? {} : { rateE4: e4Of(rate, '/budget/rate') }),
    ...(quantity === undefined ? {} : { quantityE4: e4Of(quantity, '/budget/quantity') }),
    ...(tasks === undefined ? {} : { tasks: tasks.map(taskOf) }),
  };
  return { type: type ?? null, figures };
}

type GivenTask = NonNullable<z.infer<typeof givenBudgetSchema>['tasks']>[number];

function taskOf({ id, budgetSeconds, budgetAmount }: GivenTask, index: number) {
  return {
    id,
    ...(budgetSeconds === undefined ? {} : { budgetSeconds }),
    ...(budgetAmount === undefined ? {} : { budgetCents: centsOf(budgetAmount, `/budget/tasks/${index}/budgetAmount`) }),
  };
}

/** A budget's figures in edge names. */
export function budgetView(budget: BudgetFigures | null) {
  if (budget === null) return null;
  const { type, basis, budgetSeconds, budgetCents, contractPriceCents, laborBp, rateE4, quantityE4, tasks } = budget;
  return {
    type,
    basis,
    ...(budgetSeconds === undefined ? {} : { budgetSeconds }),
    ...(budgetCents === undefined ? {} : { budgetAmount: moneyOf(budgetCents) }),
    ...(contractPriceCents === undefined ? {} : { contractPrice: moneyOf(contractPriceCents) }),
    ...(laborBp === undefined ? {} : { laborBp }),
    ...(rateE4 === undefined ? {} : { rate: rateOf(rateE4) }),
    ...(quantityE4 === undefined ? {} : { quantity: rateOf(quantityE4) }),
    ...(tasks === undefined ? {} : { tasks: tasks.map(taskView) }),
  };
}

function taskView(task: NonNullable<BudgetFigures['tasks']>[number]) {
  const { id, budgetSeconds, budgetCents } = task;
  return {
    id,
    ...(budgetSeconds === undefined ? {} : { budgetSeconds }),
    ...(budgetCents === undefined ? {} : { budgetAmount: moneyOf(budgetCents) }),
  };
}

/** The standing change that was in force at the creation (B-33), and which place's setting made it. */
export const settingModificationSchema = z.strictObject({
  direction: z.enum(['increase', 'decrease']),
  bp: z.int(),
  scope: z.enum(['route', 'division', 'branch', 'tenant']),
});

export function settingModificationView(modification: SettingModification | null) {
  return modification === null ? null : { direction: modification.direction, bp: modification.bp, scope: modification.scope };
}

/** A change of one ProPay's budget (B-34), as it is shown. */
export const adjustmentSchema = z.union([
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.enum(['percentage_increase', 'percentage_decrease']), valueBp: z.int() }),
  z.strictObject({ type: z.literal('multiply'), factorBp: z.int() }),
  z.strictObject({ type: z.literal('manual_amount'), value: moneyText }),
  z.strictObject({ type: z.literal('manual_hours'), valueSeconds: z.int() }),
]);

/** An adjustment as it is given. Which field belongs to which type, and the ranges, the rules say. */
export const givenAdjustmentSchema = z.strictObject({
  type: z.string(),
  valueBp: z.optional(z.int()),
  factorBp: z.optional(z.int()),
  value: z.optional(moneyText),
  valueSeconds: z.optional(z.int()),
});

/** A given adjustment, refused with the code of B-34 where it is none. */
export function adjustmentOf({ value, ...given }: z.infer<typeof givenAdjustmentSchema>): Adjustment {
  const adjustment: unknown = { ...given, ...(value === undefined ? {} : { valueCents: centsOf(value, '/adjustment/value') }) };
  assertAdjustment(adjustment, 'adjustment');
  const own = FIELD_OF[adjustment.type];
  const other = Object.keys(adjustment).find((name) => name !== 'type' && name !== own);
  if (other !== undefined) throw invalidField(`/adjustment/${other}`, `does not belong to ${adjustment.type}`);
  return adjustment;
}

const FIELD_OF: Readonly<Record<Adjustment['type'], string | null>> = {
  none: null,
  percentage_increase: 'valueBp',
  percentage_decrease: 'valueBp',
  multiply: 'factorBp',
  manual_amount: 'valueCents',
  manual_hours: 'valueSeconds',
};

/** An adjustment in edge names. */
export function adjustmentView(adjustment: Adjustment) {
  return adjustment.type === 'manual_amount' ? { type: adjustment.type, value: moneyOf(adjustment.valueCents)! } : adjustment;
}
