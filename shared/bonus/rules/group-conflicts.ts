import { canonicalJson } from '#kernel/canonical.ts';
import type { ConflictField, MemberTerms } from '#model/group.ts';
import { ROLES } from '../shapes.ts';
import { DEFAULT_LEAD_WEIGHT_BP } from './crew-lead-weighted.ts';
import { defineRule } from './rule.ts';
import { splitOf } from './worker-share.ts';

/** B-101: what the members of a group have to have in common. */
export const groupConflictRule = defineRule('B-101', 1, 'Conflict in a group');

const FIELDS: Readonly<Record<Exclude<ConflictField, 'pay_calendar' | 'budget_kind'>, (terms: MemberTerms) => unknown>> = {
  split: ({ splitEnabled, splitBp }) => splitOf(splitEnabled, splitBp),
  pool: ({ shares }) => shares,
  distribution: ({ distribution: { formula, leadWeightBp, ignoreHours }, leadInCrewPool, managerInCrewPool }) => ({
    formula,
    options: formula === 'crew_lead_weighted' ? [leadWeightBp ?? DEFAULT_LEAD_WEIGHT_BP, ignoreHours ?? false] : null,
    leadInCrewPool,
    managerInCrewPool,
  }),
  waiting: ({ waitingDays }) => waitingDays,
  retention: ({ retention }) =>
    ROLES.map((role) => heldBack(retention[role]?.retentionBp ?? 0, retention[role]?.retentionDays ?? 0)),
  warranty: ({ warrantyBp, warrantyDays }) => heldBack(warrantyBp, warrantyDays),
  statement_options: ({ statementAssignment, includeDeductions, rollOverNegative }) => ({
    statementAssignment,
    includeDeductions,
    rollOverNegative,
  }),
};

/** Days in which nothing is held back make no difference. */
function heldBack(bp: number, days: number): readonly number[] {
  return bp === 0 ? [] : [bp, days];
}

/** The settings in which two differ, in a fixed order; amounts by hand and who the other members are may differ. */
export function differingTerms(a: MemberTerms, b: MemberTerms): readonly ConflictField[] {
  const names = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
  return names.filter((name) => canonicalJson(FIELDS[name](a)) !== canonicalJson(FIELDS[name](b)));
}
