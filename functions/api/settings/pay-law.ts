import * as z from 'zod/mini';
import { refuse } from '#kernel/errors.ts';
import { assertWageE4 } from '#kernel/money.ts';
import type { BranchPayLaw, PayLaw } from '#model/settings.ts';
import { dateText, idText } from '../edge.ts';
import { invalidField } from '../problem.ts';

const premiumPolicy = z.enum(['off', 'by_earned_hours', 'equal_weeks', 'equal_hours']);
const workweekStart = z.strictObject({
  weekday: z.int().check(z.minimum(1), z.maximum(7)),
  time: z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/)),
});

/** The policies of pay law (B-232). Who claims an exemption is filled in: whatever is sent for it is not believed. */
export const payLawValues = z.strictObject({
  premiumPolicy,
  premiumTiming: z.enum(['with_item', 'at_approval']),
  workweekStart,
  hoursSource: z.enum(['all', 'jobs_only']),
  branches: z.record(
    idText,
    z.strictObject({
      premiumPolicy: z.nullable(premiumPolicy),
      workweekStart: z.nullable(workweekStart),
      stateRule: z.nullable(z.enum(['federal', 'california'])),
      deductionPolicy: z.nullable(z.enum(['allowed', 'blocked'])),
      minimumWages: z
        .array(z.strictObject({ effectiveFrom: dateText, wageE4: z.int().check(z.minimum(0)) }))
        .check(z.maxLength(100)),
    }),
  ),
  exemptions: z.record(
    idText,
    z.strictObject({
      ground: z.string().check(z.minLength(1), z.maxLength(200)),
      by: z.optional(z.string().check(z.maxLength(120))),
    }),
  ),
});

/** Who saves the area, and why. */
export interface PayLawChange {
  readonly by: string;
  readonly reason: string | null;
}

/**
 * The policies as they would be saved: minimum wages within their range, one a day and oldest first; every exemption with whoever claims
 * it (B-211). Letting bonuses be lowered, or no longer, needs a reason (B-218).
 */
export function checkedPayLaw(values: PayLaw, before: PayLaw, { by, reason }: PayLawChange): PayLaw {
  const policyOf = (area: PayLaw, id: string) => area.branches[id]?.deductionPolicy ?? null;
  const named = Object.keys({ ...before.branches, ...values.branches });
  if (reason === null && named.some((id) => policyOf(values, id) !== policyOf(before, id)))
    throw invalidField('/reason', 'says why the policy of deductions changes');
  const branches = Object.entries(values.branches).map(
    ([id, own]) => [id, { ...own, minimumWages: checkedWages(own, `values.branches.${id}.minimumWages`) }] as const,
  );
  const exemptions = Object.entries(values.exemptions).map(([id, { ground }]) => {
    const known = before.exemptions[id];
    return [id, known?.ground === ground ? known : { ground, by }] as const;
  });
  return { ...values, branches: Object.fromEntries(branches), exemptions: Object.fromEntries(exemptions) };
}

function checkedWages({ minimumWages }: BranchPayLaw, field: string): BranchPayLaw['minimumWages'] {
  const sorted = [...minimumWages].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  for (const [index, { effectiveFrom, wageE4 }] of sorted.entries()) {
    assertWageE4(wageE4, `${field}[${index}].wageE4`);
    if (sorted[index - 1]?.effectiveFrom === effectiveFrom)
      refuse('duplicate-id', { field: `${field}[${index}].effectiveFrom`, detail: 'two wages begin on this day' });
  }
  return sorted;
}
