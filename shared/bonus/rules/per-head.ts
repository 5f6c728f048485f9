import type { CrewMember } from './crew.ts';
import { defineRule } from './rule.ts';

/** B-68: the same dollars for each person with counted time, whatever the hours. */
export const perHeadRule = defineRule('B-68', 1, 'Equal weighted');

/** The weight: 1. */
export function perHeadWeight(_member: CrewMember): number {
  return 1;
}
