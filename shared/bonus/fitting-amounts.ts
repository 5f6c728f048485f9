import { Refusal } from '#kernel/errors.ts';
import { calculate } from './calculate.ts';
import { manualShares } from './rules/manual.ts';
import type { Calculation, Unsettled } from './shapes.ts';
import { weightedTime } from './workings.ts';

/**
 * A calculation as it can always be shown: amounts by hand that do not fit the crew or its pool any more (B-70) divide nothing until
 * they are entered again, and a note says so. Every other calculation is itself.
 */
export function withFittingAmounts(calculation: Calculation): Calculation {
  const { distribution } = calculation;
  if (distribution.formula !== 'manual') return calculation;
  try {
    calculate(calculation);
    return calculation;
  } catch (error) {
    if (!(error instanceof Refusal) || !isUnsettled(error.code)) throw error;
    return { ...calculation, distribution: { ...distribution, unsettled: error.code } };
  }
}

/** Refuses amounts by hand that do not fit, with the difference: `not-in-crew`, `manual-sum-mismatch` (B-70). */
export function requireFittingAmounts(calculation: Calculation): void {
  if (calculation.distribution.formula === 'manual') calculate(calculation);
}

/** The same of amounts as somebody enters them: also where there is nothing to divide, since then they come to nothing and name nobody else. */
export function requireAmountsToSave(calculation: Calculation): void {
  const { formula, amounts } = calculation.distribution;
  if (formula !== 'manual') return;
  const result = calculate(calculation);
  // A pool of nothing is never divided, so the calculation has not asked.
  if (result.outcome === 'applies' && result.pools.crewCents === 0) manualShares(0, weightedTime(calculation), amounts ?? []);
}

function isUnsettled(code: string): code is Unsettled {
  return code === 'manual-sum-mismatch' || code === 'not-in-crew';
}
