import type { Whole } from '../exact.ts';
import type { CrewMember } from './crew.ts';
import { defineRule } from './rule.ts';

/** B-67: the same percentage of straight pay for everybody. */
export const wageWeightedRule = defineRule('B-67', 1, 'Equal rate');

/** The weight: Σ seconds · base wage over the person's entries; burden and overtime never enter it (B-44). */
export function wageWeight(member: CrewMember): Whole {
  return member.straight;
}
