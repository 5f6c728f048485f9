import { defineRule } from './rule.ts';

/** B-15: one ProPay for a job, or one for each visit of a recurring job. */
export const cardinalityRule = defineRule('B-15', 1, 'Cardinality');

/** How many ProPays a job has room for; null while the recurrence flag is unknown. */
export function proPayCount(recurring: boolean | null, milestones: readonly { readonly canceled: boolean }[]): number | null {
  if (recurring === null) return null;
  return recurring ? milestones.filter((milestone) => !milestone.canceled).length : 1;
}
