import { refuse } from '#kernel/errors.ts';
import { type Fraction, fraction, multiply, roundHalfAwayFromZero } from '#kernel/fraction.ts';
import { MAX_CENTS, MAX_SECONDS } from '#kernel/money.ts';
import { integerAt, objectAt, refuseShape } from '../check.ts';
import { safeNumber } from '../exact.ts';
import type { Adjustment, Budget, SettingModification } from '../shapes.ts';
import { type BudgetKind, baseOfBudget, kindOfBudget } from './budget-base.ts';
import { defineRule } from './rule.ts';

/** B-33: the standing modification of a scope. */
export const settingRule = defineRule('B-33', 1, 'Setting modification of the budget');
/** B-34: the adjustment of one ProPay. */
export const adjustmentRule = defineRule('B-34', 1, 'Adjustment of the budget');
/** B-35: the order of the two, rounded once (R1). */
export const modifiedBudgetRule = defineRule('B-35', 1, 'Budget after all modifications');

/** Checks a setting modification (B-33); anything but 1% to 200%, or a decrease of 100% and more, is `invalid-percentage`. */
export function assertSettingModification(value: unknown, field: string): asserts value is SettingModification {
  const { direction, bp } = objectAt(value, field);
  if (direction !== 'increase' && direction !== 'decrease') refuse('invalid-percentage', { field: `${field}.direction` });
  integerAt(bp, `${field}.bp`, 100, direction === 'increase' ? 20_000 : 9999, 'invalid-percentage');
}

/** Checks an adjustment (B-34): refuses `unknown-adjustment`, `invalid-percentage` and `invalid-number`. */
export function assertAdjustment(value: unknown, field: string): asserts value is Adjustment {
  const adjustment = objectAt(value, field);
  switch (adjustment.type) {
    case 'none':
      return;
    case 'percentage_increase':
      integerAt(adjustment.valueBp, `${field}.valueBp`, 1, 100_000, 'invalid-percentage');
      return;
    case 'percentage_decrease':
      integerAt(adjustment.valueBp, `${field}.valueBp`, 1, 9999, 'invalid-percentage');
      return;
    case 'multiply':
      integerAt(adjustment.factorBp, `${field}.factorBp`, 1, 1_000_000, 'invalid-percentage');
      return;
    case 'manual_amount':
      integerAt(adjustment.valueCents, `${field}.valueCents`, 1, MAX_CENTS);
      return;
    case 'manual_hours':
      integerAt(adjustment.valueSeconds, `${field}.valueSeconds`, 1, MAX_SECONDS);
      return;
    default:
      if (adjustment.type === undefined) refuseShape(`${field}.type`, 'is missing');
      refuse('unknown-adjustment', { field: `${field}.type` });
  }
}

/** A budget after B-35. `steps` are the exact values on the way, for the trace; `value` is in cents or whole seconds. */
export type ModifiedBudget =
  | {
      readonly known: true;
      readonly kind: BudgetKind;
      readonly value: number;
      readonly exact: Fraction;
      readonly base: Fraction | null;
      readonly afterSetting: Fraction | null;
    }
  | { readonly known: false; readonly kind: BudgetKind; readonly missing: readonly string[] };

/** The factor an adjustment multiplies by, in basis points. */
function factorBp(adjustment: Exclude<Adjustment, { type: 'manual_amount' | 'manual_hours' }>): number {
  switch (adjustment.type) {
    case 'none':
      return 10_000;
    case 'percentage_increase':
      return 10_000 + adjustment.valueBp;
    case 'percentage_decrease':
      return 10_000 - adjustment.valueBp;
    case 'multiply':
      return adjustment.factorBp;
  }
}

/**
 * The budget in force (B-34, B-35): base, then the setting modification, then the adjustment, exact, rounded once (R1). A value
 * entered by hand replaces all of it, so it makes even an unknown base known. Inputs must have been checked. Refuses
 * `adjustment-unit-mismatch` when hours meet a money budget or the other way round.
 */
export function modifyBudget(
  budget: Budget,
  setting: SettingModification | null | undefined,
  adjustment: Adjustment | null | undefined,
): ModifiedBudget {
  const kind = kindOfBudget(budget.type);
  const source = baseOfBudget(budget);
  if (adjustment?.type === 'manual_amount' || adjustment?.type === 'manual_hours') {
    const [unit, value] =
      adjustment.type === 'manual_amount'
        ? (['money', adjustment.valueCents] as const)
        : (['hours', adjustment.valueSeconds] as const);
    if (unit !== kind) refuse('adjustment-unit-mismatch', { field: 'adjustment.type' });
    return { known: true, kind, value, exact: fraction(value), base: source.base, afterSetting: null };
  }
  if (source.base === null) return { known: false, kind, missing: source.missing };
  let exact = source.base;
  if (setting) exact = scaled(exact, setting.direction === 'increase' ? 10_000 + setting.bp : 10_000 - setting.bp);
  const afterSetting = setting ? exact : null;
  if (adjustment) exact = scaled(exact, factorBp(adjustment));
  const value = safeNumber(exact.d === 1n ? exact.n : roundHalfAwayFromZero(exact));
  return { known: true, kind, value, exact, base: source.base, afterSetting };
}

function scaled(value: Fraction, bp: number): Fraction {
  return bp === 10_000 ? value : multiply(value, fraction(bp, 10_000));
}
