import { defineRule } from './rule.ts';

/** B-182: how good budgets are. */
export const budgetQualityRule = defineRule('B-182', 1, 'Budget quality');

/** The figures that a budget is judged by. */
export interface JudgedBudget {
  readonly budgetSeconds: number | null;
  readonly actualSeconds: number;
  readonly actualCostCents: number;
  readonly savingsCents: number;
}

/** What was planned and what it came to: hours where the budget is of hours, else money. */
function plannedAndSaved({
  budgetSeconds,
  actualSeconds,
  actualCostCents,
  savingsCents,
}: JudgedBudget): readonly [number, number] {
  if (budgetSeconds !== null) return [budgetSeconds, budgetSeconds - actualSeconds];
  return [actualCostCents + savingsCents, savingsCents];
}

/** Whether the work came out within a tenth of its budget, above or below. */
export function isWithinBudget(figures: JudgedBudget): boolean {
  const [planned, saved] = plannedAndSaved(figures);
  return BigInt(Math.abs(saved)) * 10n <= BigInt(planned);
}

/** Whether more than half of the budget was saved: then somebody should look at the budget. */
export function savesUnusuallyMuch(figures: JudgedBudget): boolean {
  const [planned, saved] = plannedAndSaved(figures);
  return BigInt(saved) * 2n > BigInt(planned);
}
