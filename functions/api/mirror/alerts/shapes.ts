import * as z from 'zod/mini';
import type { Role } from '#model/people.ts';
import { idText, instantText } from '../../edge.ts';

/** What asks for somebody, in the order of the answer, and the step that clears it (M-157, B-183). */
export const ALERT_ACTIONS = {
  missing_wages: 'Enter the worker’s wage at the source, or here.',
  missing_budgets: 'Enter the labour budget at the source, or add it here.',
  missing_managers: 'Assign a manager to the job, or to its branch and division.',
  ready_for_approval: 'Look at the figures and approve them.',
  progress_requests: 'Report how far along the work is.',
  people_left: 'Decide who goes on with the work: the source has deactivated the person, who stays on it until then.',
  managers_lowered: 'Name another manager of the job, or give the person the role back: work waits for their approval.',
  conflicts: 'Look at what the source says now, then keep or clear the override.',
  source_changed: 'Accept or dismiss what has changed since the approval.',
  held_items: 'Release the item, or wait for its day.',
  statements_to_pay: 'Pay the statement.',
  premiums_overdue: 'Pay the statement: its payday is past, and overtime premiums are wages due.',
  below_minimum_wage: 'Have payroll look at the weeks that the statement names: they are paid below the minimum wage.',
  reserve_left: 'Release what is still held back.',
  unfinished_groups: 'Confirm the unfinished work as belonging to this period, or move it to the next.',
  invitations_needed: 'Invite the person, or leave them without a login.',
  invitations_pending: 'Wait for them to accept, or send the invitation again.',
  invitations_failed: 'Correct the e-mail, then send the invitation again.',
  broken_settings: 'Change the setting: what it names is gone, or closed, at the source.',
  premium_policy_off: 'Make sure that payroll pays the overtime premium on bonuses, or switch the policy on.',
} as const;

export type AlertKind = keyof typeof ALERT_ACTIONS;

/** A crew lead or worker is asked for progress; all else is for those who run the program or audit it. */
export function kindsFor(role: Role): readonly AlertKind[] {
  if (role === 'crew_lead' || role === 'worker') return ['progress_requests'];
  return Object.keys(ALERT_ACTIONS) as AlertKind[];
}

const id = z.optional(idText);
const ids = z.optional(z.array(idText));
const itemSchema = z.strictObject({
  propayId: id,
  propayIds: ids,
  groupId: id,
  jobId: id,
  milestoneId: id,
  workerId: id,
  userId: id,
  lineItemId: id,
  statementId: id,
  branchId: id,
  divisionId: id,
  routeId: id,
  /** The setting that names what is gone. */
  setting: z.optional(z.string()),
  by: z.optional(z.nullable(z.string())),
  at: z.optional(z.nullable(instantText)),
  /** The overridden fields that are concerned. */
  fields: z.optional(z.array(z.string())),
  askedBp: z.optional(z.number()),
  askedAt: z.optional(z.nullable(instantText)),
  /** Where it is looked at and cleared. */
  href: z.string(),
});

/** One thing that asks for somebody: its ids, and where to go. */
export type AlertItem = z.infer<typeof itemSchema>;

export const alertsSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      kind: z.enum(Object.keys(ALERT_ACTIONS) as [AlertKind, ...AlertKind[]]),
      count: z.number(),
      items: z.array(itemSchema),
      action: z.string(),
    }),
  ),
});
