import type { Weight } from '#kernel/allocate.ts';
import { exactQuotient, type Whole } from '../exact.ts';
import type { CrewMember } from './crew.ts';
import { defineRule } from './rule.ts';

/** B-67: the same percentage of straight pay for everybody. */
export const wageWeightedRule = defineRule('B-67', 1, 'Equal rate');

/** The weight: Σ seconds · base wage over the person's entries; burden and overtime never enter it (B-44). */
export function wageWeight(member: CrewMember): Whole {
  return member.straight;
}

/**
 * The same proportions in smaller numbers. Wages are whole cents as a rule, so all weights share the factor 100; a common factor
 * changes no share (B-3), and without it the allocator's products mostly stay within the safe integers.
 */
export function lightened(weights: readonly Weight[]): readonly Weight[] {
  const light: Weight[] = [];
  for (const { id, weight } of weights) {
    if (typeof weight === 'bigint' || weight % 100 !== 0) return weights;
    light.push({ id, weight: exactQuotient(weight, 100) });
  }
  return light;
}
