import { refuse } from '#kernel/errors.ts';
import { type Fraction, fraction } from '#kernel/fraction.ts';
import { MAX_CENTS, MAX_SECONDS } from '#kernel/money.ts';
import { type Fields, integerAt, listAt, objectAt, textAt } from '../check.ts';
import type { Budget } from '../shapes.ts';
import { defineRule, type Rule } from './rule.ts';

/** B-25 to B-31: where a budget's figure comes from, by type. */
export const budgetRules: Readonly<Record<Budget['type'], Rule>> = {
  hours_budget: defineRule('B-26', 1, 'Hours budget'),
  labor_budget: defineRule('B-27', 1, 'Labour budget'),
  contract_price: defineRule('B-28', 1, 'Share of the contract price'),
  rate: defineRule('B-29', 1, 'Rate times quantity'),
  task_hours: defineRule('B-30', 1, 'Hours by task'),
  task_amount: defineRule('B-31', 1, 'Amounts by task'),
};

/** Whether a budget counts hours or money (B-25). */
export type BudgetKind = 'hours' | 'money';

/** The unmodified budget, exact, in seconds or cents; or the keys of what is missing (B-4). */
export type BudgetBase = { readonly kind: BudgetKind; readonly base: Fraction | null; readonly missing: readonly string[] };

/** Upper bound of rates and quantities, the same magnitude as money (B-1). */
const MAX_E4 = MAX_CENTS;

/** The kind of a budget type (B-25): the first and the fifth type count hours, the others money. */
export function kindOfBudget(type: Budget['type']): BudgetKind {
  return type === 'hours_budget' || type === 'task_hours' ? 'hours' : 'money';
}

/**
 * Checks a budget as given (B-25, B-32): refuses `unknown-budget-type`, `invalid-budget` (a negative figure) and `invalid-number`
 * (no integer, or out of range). A null or absent figure is unknown, not bad.
 */
export function assertBudget(value: unknown, field: string): asserts value is Budget {
  const budget = objectAt(value, field);
  switch (budget.type) {
    case 'hours_budget':
      return figure(budget, 'budgetSeconds', field, MAX_SECONDS);
    case 'labor_budget':
      return figure(budget, 'budgetCents', field, MAX_CENTS);
    case 'contract_price':
      figure(budget, 'contractPriceCents', field, MAX_CENTS);
      if (budget.laborBp !== undefined && budget.laborBp !== null) integerAt(budget.laborBp, `${field}.laborBp`, 1, 10_000);
      return;
    case 'rate':
      figure(budget, 'rateE4', field, MAX_E4);
      return figure(budget, 'quantityE4', field, MAX_E4);
    case 'task_hours':
      return tasks(budget.tasks, 'budgetSeconds', field, MAX_SECONDS);
    case 'task_amount':
      return tasks(budget.tasks, 'budgetCents', field, MAX_CENTS);
    default:
      refuse('unknown-budget-type', { field: `${field}.type` });
  }
}

function figure(fields: Fields, name: string, field: string, max: number): void {
  const value = fields[name];
  if (value === undefined || value === null) return;
  const place = `${field}.${name}`;
  if (typeof value === 'number' && value < 0) refuse('invalid-budget', { field: place, detail: 'must not be negative' });
  integerAt(value, place, 0, max);
}

function tasks(value: unknown, name: string, field: string, max: number): void {
  const seen = new Set<string>();
  listAt(value, `${field}.tasks`).forEach((item, index) => {
    const place = `${field}.tasks[${index}]`;
    const task = objectAt(item, place);
    const id = textAt(task.id, `${place}.id`);
    if (seen.has(id)) refuse('duplicate-id', { field: `${place}.id` });
    seen.add(id);
    figure(task, name, place, max);
  });
}

/** The unmodified budget (B-26 to B-31), exact. A task without budget is missing as `task-budget:<id>`, any other gap as `budget`. */
export function baseOfBudget(budget: Budget): BudgetBase {
  switch (budget.type) {
    case 'hours_budget':
      return known('hours', budget.budgetSeconds);
    case 'labor_budget':
      return known('money', budget.budgetCents);
    case 'contract_price':
      return product(budget.contractPriceCents, budget.laborBp, 10_000n);
    case 'rate':
      // Dollars are rateE4 · quantityE4 / 10^8; in cents two powers of ten remain fewer.
      return product(budget.rateE4, budget.quantityE4, 1_000_000n);
    case 'task_hours':
      return totalOfTasks(
        'hours',
        budget.tasks.map((task) => ({ id: task.id, figure: task.budgetSeconds })),
      );
    case 'task_amount':
      return totalOfTasks(
        'money',
        budget.tasks.map((task) => ({ id: task.id, figure: task.budgetCents })),
      );
  }
}

function known(kind: BudgetKind, value: number | null | undefined): BudgetBase {
  if (value === null || value === undefined) return { kind, base: null, missing: ['budget'] };
  return { kind, base: fraction(value), missing: [] };
}

function product(a: number | null | undefined, b: number | null | undefined, divisor: bigint): BudgetBase {
  if (a === null || a === undefined || b === null || b === undefined) return { kind: 'money', base: null, missing: ['budget'] };
  const base = fraction(BigInt(a) * BigInt(b), divisor);
  if (base.n > BigInt(MAX_CENTS) * base.d) refuse('invalid-number', { field: 'budget', detail: 'the budget is out of range' });
  return { kind: 'money', base, missing: [] };
}

function totalOfTasks(kind: BudgetKind, list: readonly { id: string; figure: number | null | undefined }[]): BudgetBase {
  if (list.length === 0) return { kind, base: null, missing: ['budget'] };
  const missing: string[] = [];
  let total = 0n;
  for (const task of list) {
    if (task.figure === null || task.figure === undefined) missing.push(`task-budget:${task.id}`);
    else total += BigInt(task.figure);
  }
  return missing.length > 0 ? { kind, base: null, missing } : { kind, base: fraction(total), missing };
}
