import { integerAt } from '../check.ts';
import type { CrewMember } from './crew.ts';
import { defineRule } from './rule.ts';

/** B-69: a lead's hour, or head, counts more. */
export const leadWeightedRule = defineRule('B-69', 1, 'Crew lead weighted');

/** A lead's weight when none is chosen: one and a half. */
export const DEFAULT_LEAD_WEIGHT_BP = 15_000;

/** Checks the lead weight: 10000 to 50000, else `invalid-weight`. */
export function assertLeadWeight(value: unknown, field: string): void {
  if (value !== undefined && value !== null) integerAt(value, field, 10_000, 50_000, 'invalid-weight');
}

/** The weight: seconds (1 where hours are ignored) times the lead weight, 10000 for everybody else. Every lead gets the lead weight. */
export function leadWeightedWeight(
  member: CrewMember,
  options: { readonly leadWeightBp?: number | null; readonly ignoreHours?: boolean | null },
): number {
  const bp = member.isLead ? (options.leadWeightBp ?? DEFAULT_LEAD_WEIGHT_BP) : 10_000;
  return options.ignoreHours ? bp : member.seconds * bp;
}
