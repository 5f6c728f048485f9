import type { Adjustment, Budget, Calculation } from '#bonus/shapes.ts';
import { bp, plus, product, type Ratio, ratio, round } from './exact.ts';

/** A budget after all modifications, in whole seconds or cents. */
export type Known = { readonly unit: 'hours' | 'money'; readonly value: number };

function baseBudget(budget: Budget): { readonly base: Ratio } | { readonly gaps: string[] } {
  switch (budget.type) {
    case 'hours_budget':
      return budget.budgetSeconds === null ? { gaps: ['budget'] } : { base: ratio(budget.budgetSeconds) };
    case 'labor_budget':
      return budget.budgetCents === null ? { gaps: ['budget'] } : { base: ratio(budget.budgetCents) };
    case 'contract_price':
      if (budget.contractPriceCents === null || budget.laborBp === null) return { gaps: ['budget'] };
      return { base: product(ratio(budget.contractPriceCents), bp(budget.laborBp)) };
    case 'rate':
      if (budget.rateE4 === null || budget.quantityE4 === null) return { gaps: ['budget'] };
      return { base: product(ratio(budget.rateE4, 10_000), ratio(budget.quantityE4, 10_000), ratio(100)) };
    default: {
      const tasks = budget.tasks.map((task) => ({
        id: task.id,
        figure: 'budgetSeconds' in task ? task.budgetSeconds : task.budgetCents,
      }));
      if (tasks.length === 0) return { gaps: ['budget'] };
      const gaps = tasks.filter((task) => task.figure === null).map((task) => `task-budget:${task.id}`);
      return gaps.length > 0 ? { gaps } : { base: ratio(tasks.reduce((sum, task) => sum + task.figure!, 0)) };
    }
  }
}

function adjusted(value: Ratio, adjustment: Adjustment | null): Ratio {
  switch (adjustment?.type) {
    case 'percentage_increase':
      return plus(value, product(value, bp(adjustment.valueBp)));
    case 'percentage_decrease':
      return plus(value, product(value, bp(-adjustment.valueBp)));
    case 'multiply':
      return product(value, bp(adjustment.factorBp));
    default:
      return value;
  }
}

/** The budget of B-25 to B-35, or what is missing. */
export function budgetInForce(input: Pick<Calculation, 'budget' | 'settingModification' | 'adjustment'>): Known | string[] {
  if (input.budget === null) return ['budget'];
  const unit = input.budget.type === 'hours_budget' || input.budget.type === 'task_hours' ? 'hours' : 'money';
  if (input.adjustment?.type === 'manual_amount') return { unit, value: input.adjustment.valueCents };
  if (input.adjustment?.type === 'manual_hours') return { unit, value: input.adjustment.valueSeconds };
  const source = baseBudget(input.budget);
  if ('gaps' in source) return source.gaps;
  const setting = input.settingModification;
  const change = setting ? bp(setting.direction === 'decrease' ? -setting.bp : setting.bp) : ratio(0);
  const modified = plus(source.base, product(source.base, change));
  return { unit, value: round(adjusted(modified, input.adjustment ?? null)) };
}
