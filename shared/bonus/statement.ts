import { refuse } from '#kernel/errors.ts';
import type { LocalDate } from '#kernel/instant.ts';
import { MAX_CENTS } from '#kernel/money.ts';
import { nextPeriod, type PayCalendar, type Period, periodOf, previousPeriod } from '#kernel/period.ts';
import { flagAt, integerAt, listAt, objectAt, refuseShape } from './check.ts';
import { defineRule } from './rules/rule.ts';

/** B-134: which pay period an item is paid in. */
export const assignmentRule = defineRule('B-134', 1, 'Statement of an item');
/** B-135: what a statement pays. */
export const totalsRule = defineRule('B-135', 1, 'Totals of a statement');
/** B-136: what happens to a negative net. */
export const rolloverRule = defineRule('B-136', 1, 'Negative net balance');

/** Whether an item joins the period of its effective date or the one before (B-134). */
export type StatementAssignment = 'current' | 'previous';

/**
 * The pay period of an item (B-134): the one its effective date lies in, or the one before by option, then the first from there on
 * whose statement of that worker is not closed (Paid or Voided). `closedPeriodStarts` are the start dates of the closed ones.
 */
export function assignPeriod(
  calendar: PayCalendar,
  effectiveDate: LocalDate,
  assignment: StatementAssignment,
  closedPeriodStarts: Iterable<LocalDate>,
): Period {
  const closed = new Set(closedPeriodStarts);
  const current = periodOf(calendar, effectiveDate);
  let period = assignment === 'previous' ? previousPeriod(calendar, current.startDate) : current;
  // Each step leaves one closed period behind, so the set bounds the loop.
  while (closed.has(period.startDate)) period = nextPeriod(calendar, period.startDate);
  return period;
}

/** An item In Process or Paid as a statement adds it up. `carry`: a deduction that may roll over; `includeDeductions` default on. */
export type StatementItem = {
  readonly id: string;
  readonly kind: 'bonus' | 'deduction' | 'premium';
  readonly cents: number;
  readonly includeDeductions?: boolean | null;
  readonly carry?: boolean | null;
};

/** The totals of a statement; deductions, ignored deductions and rollovers are 0 or negative, the rest as it stands. */
export type StatementTotals = {
  readonly bonusesCents: number;
  readonly deductionsCents: number;
  readonly ignoredDeductionsCents: number;
  readonly netBalanceCents: number;
  readonly premiumCents: number;
  readonly payableCents: number;
  readonly rolloverOutCents: number;
  readonly writtenOffCents: number;
};

/** Checks items: a bonus or premium is not negative, a deduction not positive; refuses `invalid-number` and `invalid-body`. */
export function assertStatementItems(value: unknown, field: string): asserts value is readonly StatementItem[] {
  listAt(value, field).forEach((item, index) => {
    const place = `${field}[${index}]`;
    const { kind, cents, includeDeductions, carry } = objectAt(item, place);
    if (kind !== 'bonus' && kind !== 'deduction' && kind !== 'premium') refuseShape(`${place}.kind`, 'unknown kind');
    if (kind === 'deduction') integerAt(cents, `${place}.cents`, -MAX_CENTS, 0);
    else integerAt(cents, `${place}.cents`, 0, MAX_CENTS);
    flagAt(includeDeductions, `${place}.includeDeductions`, true);
    flagAt(carry, `${place}.carry`, false);
  });
}

/** Checks the amount carried in from the statement before: 0 or negative, else `invalid-number`. */
export function assertRollover(value: unknown, field: string): asserts value is number {
  if (typeof value === 'number' && value > 0) refuse('invalid-number', { field, detail: 'must not be above 0' });
  integerAt(value, field, -MAX_CENTS, 0);
}

/**
 * The totals of a statement (B-135, B-136). Premiums are wages due and stay apart: neither deduction nor rollover touches them. Of a
 * negative net, what came in by rollover and what counted deductions may carry rolls over; the rest is written off.
 */
export function statementTotals(items: readonly StatementItem[], rolloverInCents: number): StatementTotals {
  let bonuses = 0;
  let deductions = 0;
  let ignored = 0;
  let premium = 0;
  let carryable = 0 - rolloverInCents;
  for (const { kind, cents, includeDeductions, carry } of items) {
    if (kind === 'premium') premium += cents;
    else if (kind === 'bonus') bonuses += cents;
    else if (includeDeductions === false) ignored += cents;
    else {
      deductions += cents;
      if (carry) carryable -= cents;
    }
  }
  const net = bonuses + deductions + rolloverInCents;
  const short = Math.max(0, 0 - net);
  const carried = Math.min(short, carryable);
  return {
    bonusesCents: bonuses,
    deductionsCents: deductions,
    ignoredDeductionsCents: ignored,
    netBalanceCents: net,
    premiumCents: premium,
    payableCents: Math.max(0, net) + premium,
    rolloverOutCents: 0 - carried,
    writtenOffCents: short - carried,
  };
}
