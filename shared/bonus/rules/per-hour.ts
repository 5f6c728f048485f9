import type { CrewMember } from './crew.ts';
import { defineRule } from './rule.ts';

/** B-66: the same dollars per hour for everybody. */
export const perHourRule = defineRule('B-66', 1, 'Per hour');

/** The weight: seconds. */
export function perHourWeight(member: CrewMember): number {
  return member.seconds;
}
