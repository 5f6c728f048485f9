import { addProduct, roundedRatio, type Whole } from '../exact.ts';
import type { AssignedWorker } from '../shapes.ts';
import type { BudgetKind } from './budget-base.ts';
import { type ExactCost, UNITS_PER_CENT } from './labour-cost.ts';
import { defineRule } from './rule.ts';

/** B-50: budget less cost. */
export const moneySavingsRule = defineRule('B-50', 1, 'Savings of a money budget');
/** B-51: saved hours at the blended wage. */
export const hoursSavingsRule = defineRule('B-51', 1, 'Savings of an hours budget');
/** B-52: without time the blended wage is the mean wage of the assigned crew, and the result is a projection only. */
export const noTimeRule = defineRule('B-52', 1, 'No actual time');

/** The exact mean wage: `units / (unitsPerCent · seconds)` cents per second of work. */
export type BlendedWage = { readonly units: Whole; readonly unitsPerCent: Whole; readonly seconds: number };

/** The blended wage of counted time: exact cost over seconds (B-51). Null without time. */
export function blendedWageOf(cost: ExactCost, seconds: number): BlendedWage | null {
  return seconds === 0 ? null : { units: cost.units, unitsPerCent: cost.unitsPerCent, seconds };
}

/**
 * The plain mean of the wages of the assigned crew (B-52): the same as one second of work by each of them. Without a crew, or with a
 * wage missing, the keys of what is needed; time itself always is.
 */
export function meanWageOf(crew: readonly AssignedWorker[]): {
  readonly blended: BlendedWage | null;
  readonly missing: readonly string[];
} {
  if (crew.length === 0) return { blended: null, missing: ['crew', 'time'] };
  const missing: string[] = [];
  let units: Whole = 0;
  for (const { workerId, wageE4 } of crew) {
    if (wageE4 === null) missing.push(`wage:${workerId}`);
    else units = addProduct(units, wageE4, 1);
  }
  if (missing.length > 0) return { blended: null, missing: [...missing, 'time'] };
  return { blended: { units, unitsPerCent: UNITS_PER_CENT, seconds: crew.length }, missing };
}

/** The blended wage as shown, in ten-thousandths of a dollar per hour (R8). Never an input of another figure. */
export function shownWageE4(blended: BlendedWage): number {
  return roundedRatio(blended.units, UNITS_PER_CENT, scale(blended.unitsPerCent, blended.seconds));
}

/** Savings in cents: B-50 from the rounded cost, B-51 from saved seconds at the exact blended wage, rounded once (R4). */
export function savingsOf(
  kind: BudgetKind,
  budget: number,
  actualSeconds: number,
  actualCostCents: number,
  blended: BlendedWage | null,
): number {
  if (kind === 'money' || blended === null) return budget - actualCostCents;
  return roundedRatio(budget - actualSeconds, blended.units, scale(blended.unitsPerCent, blended.seconds));
}

/** unitsPerCent · seconds, exactly: the divisor that turns units into cents per second. */
export function scale(unitsPerCent: Whole, seconds: number): Whole {
  return addProduct(0, seconds, unitsPerCent);
}
