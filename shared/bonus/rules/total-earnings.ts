import type { CrewMember } from './crew.ts';
import { defineRule } from './rule.ts';

/** B-71: by all straight and overtime earnings of the bonus period, so that no overtime true-up is owed. */
export const totalEarningsRule = defineRule('B-71', 1, 'Share of total earnings');

/** The weight: the earnings in cents. Callers name missing earnings first (`missingEarnings`). */
export function earningsWeight(member: CrewMember): number {
  return member.earningsCents ?? 0;
}

/** The keys of those who would share but whose earnings are unknown (B-71). */
export function missingEarnings(members: readonly CrewMember[]): string[] {
  return members.filter((member) => member.earningsCents === null).map((member) => `earnings:${member.workerId}`);
}
