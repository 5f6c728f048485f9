import { allocateAmounts, type Weight } from '#kernel/allocate.ts';
import { refuse } from '#kernel/errors.ts';
import { MAX_CENTS } from '#kernel/money.ts';
import { flagAt, integerAt, listAt, objectAt, textAt } from '../check.ts';
import type { Whole } from '../exact.ts';
import type { Distribution, Formula, WorkerShare } from '../shapes.ts';
import type { CrewMember } from './crew.ts';
import { assertLeadWeight, leadWeightedRule, leadWeightedWeight } from './crew-lead-weighted.ts';
import { manualRule, manualShares } from './manual.ts';
import { perHeadRule, perHeadWeight } from './per-head.ts';
import { perHourRule, perHourWeight } from './per-hour.ts';
import type { Rule } from './rule.ts';
import { earningsWeight, totalEarningsRule } from './total-earnings.ts';
import { lightened, wageWeight, wageWeightedRule } from './wage-weighted.ts';

/** The formulas of B-65: the rule behind each pinned id, and its label, which is text and selects nothing (B-74). */
export const formulas: Readonly<Record<Formula, { readonly rule: Rule; readonly label: string }>> = {
  per_hour: { rule: perHourRule, label: 'Per hour' },
  wage_weighted: { rule: wageWeightedRule, label: 'Equal Rate' },
  per_head: { rule: perHeadRule, label: 'Equal Weighted' },
  crew_lead_weighted: { rule: leadWeightedRule, label: 'Crew Lead Weighted' },
  manual: { rule: manualRule, label: 'Manual' },
  total_earnings: { rule: totalEarningsRule, label: 'Share of total earnings' },
};

function isFormula(value: unknown): value is Formula {
  return typeof value === 'string' && Object.hasOwn(formulas, value);
}

/** Checks a distribution: `unknown-formula` (B-74), `invalid-weight` (B-69), `invalid-amount` and `duplicate-id` (B-70), `invalid-number`. */
export function assertDistribution(value: unknown, field: string): asserts value is Distribution {
  const distribution = objectAt(value, field);
  if (!isFormula(distribution.formula)) refuse('unknown-formula', { field: `${field}.formula` });
  assertLeadWeight(distribution.leadWeightBp, `${field}.leadWeightBp`);
  flagAt(distribution.ignoreHours, `${field}.ignoreHours`, false);
  sharesAt(distribution.amounts, `${field}.amounts`, 'invalid-amount');
  sharesAt(distribution.earnings, `${field}.earnings`, 'invalid-number');
}

function sharesAt(value: unknown, field: string, whenNegative: string): void {
  if (value === undefined || value === null) return;
  const seen = new Set<string>();
  listAt(value, field).forEach((item, index) => {
    const place = `${field}[${index}]`;
    const { workerId, cents } = objectAt(item, place);
    const id = textAt(workerId, `${place}.workerId`);
    if (seen.has(id)) refuse('duplicate-id', { field: `${place}.workerId` });
    seen.add(id);
    if (typeof cents === 'number' && cents < 0) refuse(whenNegative, { field: `${place}.cents`, detail: 'must not be negative' });
    integerAt(cents, `${place}.cents`, 0, MAX_CENTS);
  });
}

/** The formula in use: by hand falls back to hours for a negative pool (B-70), because nobody enters deductions there. */
export function formulaFor(poolCents: number, distribution: Distribution): Formula {
  return distribution.formula === 'manual' && poolCents < 0 ? 'per_hour' : distribution.formula;
}

/** A member's weight under a formula that has weights (B-65). */
export function weightOf(formula: Exclude<Formula, 'manual'>, member: CrewMember, distribution: Distribution): Whole {
  switch (formula) {
    case 'per_hour':
      return perHourWeight(member);
    case 'wage_weighted':
      return wageWeight(member);
    case 'per_head':
      return perHeadWeight(member);
    case 'crew_lead_weighted':
      return leadWeightedWeight(member, distribution);
    case 'total_earnings':
      return earningsWeight(member);
  }
}

/**
 * Divides the crew pool among its members (B-65 to B-71): the shares in their order, or null when nobody can be paid, so that the
 * pool stays with the company (B-58). Members are those of B-65, already without the excluded and switched-out. Refuses
 * `not-in-crew` and `manual-sum-mismatch` (B-70).
 */
export function distribute(poolCents: number, distribution: Distribution, members: readonly CrewMember[]): number[] | null {
  const formula = formulaFor(poolCents, distribution);
  if (formula === 'manual') {
    if (distribution.unsettled !== undefined) return members.length === 0 ? null : members.map(() => 0);
    const shares = manualShares(members.length === 0 ? 0 : poolCents, members, distribution.amounts ?? []);
    return members.length === 0 ? null : shares;
  }
  const weights = members.map((member) => ({ id: member.workerId, weight: weightOf(formula, member, distribution) }));
  if (weights.every(({ weight }) => weight === 0 || weight === 0n)) return null;
  return allocateAmounts(poolCents, lightenedFor(formula, weights));
}

/** The weights of a formula in the smallest numbers that divide a pool the same. */
export function lightenedFor(formula: Formula, weights: readonly Weight[]): readonly Weight[] {
  return formula === 'wage_weighted' ? lightened(weights) : weights;
}

/** The earnings given with a distribution, by worker (B-71). */
export function earningsByWorker(earnings: readonly WorkerShare[] | null | undefined): ReadonlyMap<string, number> {
  return new Map((earnings ?? []).map(({ workerId, cents }) => [workerId, cents]));
}
