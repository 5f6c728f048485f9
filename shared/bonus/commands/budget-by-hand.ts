import { refuse } from '#kernel/errors.ts';
import { roundHalfAwayFromZero } from '#kernel/fraction.ts';
import type { Adjustment, OwnBudget } from '#model/propay.ts';
import type { ProPayState } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { type BudgetChoice, incentiveHere } from '../creation.ts';
import { safeNumber } from '../exact.ts';
import { sourceBudget } from '../inputs/budget-source.ts';
import { assertBudget, baseOfBudget } from '../rules/budget-base.ts';

/** A budget as somebody gives it along with a creation: its type, where it is not the settings' (B-21), and its figures. */
export interface GivenBudget {
  readonly type: string | null;
  readonly figures: OwnBudget;
}

/**
 * The budget of a ProPay made by hand (B-16, M-134): the ProPay's own where the source has none, else an adjustment that replaces the
 * source's. Null figures leave it to the source. Refuses `unknown-budget-type`, and `invalid-budget` where the type's figures are not
 * all given or not above zero.
 */
export function budgetByHand(given: GivenBudget | null, state: ProPayState, context: TenantContext): BudgetChoice {
  const { budgetType: usual, laborShare } = incentiveHere(state, context);
  const budget: unknown = { laborBp: laborShare?.bp, tasks: [], ...given?.figures, type: given?.type ?? usual };
  assertBudget(budget, 'budget');
  const choice: BudgetChoice = { budgetType: budget.type, ownBudget: null, adjustment: { type: 'none' }, replacedBudget: null };
  if (given === null || Object.keys(given.figures).length === 0) return choice;
  const { kind, base } = baseOfBudget(budget);
  if (base === null) refuse('invalid-budget', { field: 'budget', detail: NEEDS[budget.type] });
  const source = sourceBudget(budget.type, state.records, state.target, { laborShare });
  if (source.budget === null) return { ...choice, ownBudget: given.figures };
  const value = safeNumber(roundHalfAwayFromZero(base));
  if (value <= 0) refuse('invalid-budget', { field: 'budget', detail: 'must be above zero' });
  const adjustment: Adjustment =
    kind === 'hours' ? { type: 'manual_hours', valueSeconds: value } : { type: 'manual_amount', valueCents: value };
  return { ...choice, adjustment, replacedBudget: source.figures };
}

const NEEDS: Readonly<Record<BudgetChoice['budgetType'], string>> = {
  hours_budget: 'this budget is in hours: give budgetSeconds',
  labor_budget: 'this budget is in money: give budgetAmount',
  contract_price: 'give contractPrice and laborBp',
  rate: 'give rate and quantity',
  task_hours: 'give tasks with budgetSeconds',
  task_amount: 'give tasks with budgetAmount',
};
