import { addDays, type Instant, type LocalDate } from '#kernel/instant.ts';
import type { BranchPayLaw, PremiumPolicy, StateRule, TenantContext } from '#model/settings.ts';
import { zoneOf } from '../creation.ts';
import { calendarIdOf } from '../pay/assignment.ts';
import { defineRule } from '../rules/rule.ts';
import { FEDERAL_MINIMUM_E4 } from './wage-floor.ts';
import type { WeekTerms } from './week-facts.ts';
import type { WorkCalendar } from './workweek.ts';

/** B-232: which policy is in force where: the branch's own, else the tenant's, else the default. */
export const payLawPolicyRule = defineRule('B-232', 1, 'Policies of pay law');

/** The parts of a tenant's context that policies of pay law are read from. */
export type PolicyContext = Pick<TenantContext, 'branches' | 'zone' | 'country' | 'state' | 'payLaw'>;

function ownOf({ payLaw }: PolicyContext, branchId: string | null): BranchPayLaw | null {
  return branchId === null ? null : (payLaw.branches[branchId] ?? null);
}

/** How bonuses of a branch's people are spread over workweeks, or `off` (B-201). */
export function premiumPolicyOf(context: PolicyContext, branchId: string | null): PremiumPolicy {
  return ownOf(context, branchId)?.premiumPolicy ?? context.payLaw.premiumPolicy;
}

/** The workweek of a branch's people (B-202). A person has one workweek: that of the own branch, wherever the work was. */
export function workCalendarOf(context: PolicyContext, branchId: string | null): WorkCalendar {
  return {
    start: ownOf(context, branchId)?.workweekStart ?? context.payLaw.workweekStart,
    zone: zoneOf(context, branchId),
  };
}

/** Whose overtime law a branch follows (B-212): what it says, else by the state of the tenant, since branches name none. */
export function stateRuleOf(context: PolicyContext, branchId: string | null): StateRule {
  return ownOf(context, branchId)?.stateRule ?? (isCalifornia(context) ? 'california' : 'federal');
}

function isCalifornia({ country, state }: PolicyContext): boolean {
  const name = state?.trim().toUpperCase();
  return country === 'US' && (name === 'CA' || name === 'CALIFORNIA');
}

/** Whether bonuses of a branch may be lowered afterwards (B-218): what it says, else not where California's law is followed. */
export function deductionsAllowed(context: PolicyContext, branchId: string | null): boolean {
  const own = ownOf(context, branchId)?.deductionPolicy ?? null;
  return own === null ? stateRuleOf(context, branchId) !== 'california' : own === 'allowed';
}

/** Whether the overtime premium does not apply to a person, by a claim with ground and actor (B-211); never inferred. */
export function isExempt({ payLaw }: PolicyContext, workerId: string): boolean {
  return payLaw.exemptions[workerId] !== undefined;
}

/**
 * Whether the time of a branch's people holds all hours worked from one day to another, both included (B-202): where the tenant says so
 * of its sources, else where the pay periods that cover these days were confirmed.
 */
export function hoursKnown(context: PolicyContext, branchId: string | null, from: LocalDate, to: LocalDate): boolean {
  if (context.payLaw.hoursSource === 'all') return true;
  const calendarId = calendarIdOf(context, branchId);
  const confirmed = (context.payLaw.confirmedHours ?? []).filter((period) => period.calendarId === calendarId);
  if (confirmed.length === 0) return false;
  for (let day = from; day <= to; day = addDays(day, 1))
    if (!confirmed.some(({ startDate, endDate }) => startDate <= day && day <= endDate)) return false;
  return true;
}

/** What the workweeks of a branch's people are judged by at a moment. */
export function termsOfWeeks(context: PolicyContext, branchId: string | null, now: Instant): WeekTerms {
  return {
    calendar: workCalendarOf(context, branchId),
    rule: stateRuleOf(context, branchId),
    hoursKnown: (from, to) => hoursKnown(context, branchId, from, to),
    now,
  };
}

/**
 * The minimum wage of a branch on a day, in ten-thousandths of a dollar per hour: the federal one or a higher one entered (B-216). Outside
 * of the United States only what was entered.
 */
export function minimumWageE4(context: PolicyContext, branchId: string | null, date: LocalDate): number {
  const rows = (ownOf(context, branchId)?.minimumWages ?? []).filter((row) => row.effectiveFrom <= date);
  const latest = rows.reduce<(typeof rows)[number] | null>(
    (best, row) => (best === null || row.effectiveFrom >= best.effectiveFrom ? row : best),
    null,
  );
  return Math.max(context.country === 'US' ? FEDERAL_MINIMUM_E4 : 0, latest?.wageE4 ?? 0);
}
