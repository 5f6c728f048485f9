import { type Fraction, fraction, multiply, roundHalfAwayFromZero, subtract } from '#kernel/fraction.ts';
import { floorRatio, safeNumber } from './exact.ts';
import { modifyBudget } from './rules/budget-modification.ts';
import { UNITS_PER_CENT } from './rules/labour-cost.ts';
import { distributableOf } from './rules/negative-savings.ts';
import { splitByRole } from './rules/role-pools.ts';
import { defineRule } from './rules/rule.ts';
import { splitOf, workerShareOf } from './rules/worker-share.ts';
import type { Budget, Pool, UndecidedResult } from './shapes.ts';

/** B-181: what a crew member may expect before the work is done. */
export const calculatorRule = defineRule('B-181', 1, 'Bonus calculator');

/** A crew of equals with an estimate of the hours each will need. */
export type BonusEstimateInput = {
  readonly budget: Budget;
  readonly crewSize: number;
  readonly meanWageE4: number;
  readonly estimatedSecondsEach: number;
  readonly pool: Pool;
  readonly splitEnabled?: boolean | null;
  readonly splitBp?: number | null;
};

/** Crew bonus per person: at 110%, 100% and 90% of the estimate. */
export type BonusEstimate = { readonly lowCents: number; readonly expectedCents: number; readonly highCents: number };

/** An estimate, to be labelled so (B-181): crew pool over crew size with the cents' rest cut off; 0 where the crew would be over budget. */
export function estimateBonus(input: BonusEstimateInput): BonusEstimate | UndecidedResult {
  const budget = modifyBudget(input.budget, null, null);
  if (!budget.known) return { outcome: 'cannot-tell', missing: budget.missing };
  const at = (shareBp: number): number => {
    const seconds = fraction(BigInt(input.crewSize) * BigInt(input.estimatedSecondsEach) * BigInt(shareBp), 10_000n);
    const centsPerSecond = fraction(input.meanWageE4, UNITS_PER_CENT);
    const savings =
      budget.kind === 'hours'
        ? rounded(multiply(subtract(fraction(budget.value), seconds), centsPerSecond))
        : budget.value - rounded(multiply(seconds, centsPerSecond));
    const share = workerShareOf(savings, splitOf(input.splitEnabled, input.splitBp));
    return floorRatio(splitByRole(distributableOf(share, 0, false), input.pool).crewCents, input.crewSize);
  };
  return { lowCents: at(11_000), expectedCents: at(10_000), highCents: at(9000) };
}

function rounded(value: Fraction): number {
  return safeNumber(roundHalfAwayFromZero(value));
}
