import * as z from 'zod/mini';
import { zoneOf } from '#bonus/creation.ts';
import { calendarById, calendarIdOf } from '#bonus/pay/assignment.ts';
import { refuse } from '#kernel/errors.ts';
import type { Instant } from '#kernel/instant.ts';
import { assertWageE4 } from '#kernel/money.ts';
import { periodOf } from '#kernel/period.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { BranchPayLaw, ConfirmedPeriod, PayLaw, TenantContext } from '#model/settings.ts';
import { dateText, idText, instantText } from '../edge.ts';
import { invalidField } from '../problem.ts';

const premiumPolicy = z.enum(['off', 'by_earned_hours', 'equal_weeks', 'equal_hours']);
const workweekStart = z.strictObject({
  weekday: z.int().check(z.minimum(1), z.maximum(7)),
  time: z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/)),
});

/** Who decided something is filled in, and read back as it was: whatever is sent for it is not believed. */
const author = z.optional(z.string().check(z.maxLength(120)));

/** Confirmed pay periods are kept for about four years of weekly pay; older ones can be taken off the list. */
const MOST_CONFIRMED = 200;

/** The policies of pay law (B-232). */
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
      by: author,
    }),
  ),
  confirmedHours: z
    .array(
      z.strictObject({
        calendarId: idText,
        startDate: dateText,
        endDate: z.optional(dateText),
        by: author,
        at: z.optional(instantText),
      }),
    )
    .check(z.maxLength(MOST_CONFIRMED)),
  switchedOff: z.record(idText, z.strictObject({ by: author, at: z.optional(instantText) })),
  paydayDays: z.int().check(z.minimum(0), z.maximum(60)),
});

/** Who saves the area, and why. */
export interface PayLawChange {
  readonly by: string;
  readonly at: Instant;
  readonly reason: string | null;
  readonly context: TenantContext;
}

/**
 * The policies as they would be saved: minimum wages within their range, one a day and oldest first; every exemption with whoever claims
 * it (B-211), every confirmed pay period and every policy that is off with whoever said so (B-201, B-202). Letting bonuses be lowered, or
 * no longer, needs a reason (B-218).
 */
export function checkedPayLaw(values: PayLaw, before: PayLaw, change: PayLawChange): PayLaw {
  const { by, reason } = change;
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
  return {
    ...values,
    branches: Object.fromEntries(branches),
    exemptions: Object.fromEntries(exemptions),
    confirmedHours: confirmedPeriods(values, before, change),
    switchedOff: switchedOff(values, before, change),
  };
}

/** The confirmed pay periods, oldest first: each a whole period of its calendar, and over. */
function confirmedPeriods(values: PayLaw, before: PayLaw, { by, at, context }: PayLawChange): readonly ConfirmedPeriod[] {
  const known = new Map((before.confirmedHours ?? []).map((period) => [nameOf(period), period]));
  const confirmed = new Map<string, ConfirmedPeriod>();
  for (const [index, { calendarId, startDate }] of (values.confirmedHours ?? []).entries()) {
    const field = `values.confirmedHours[${index}]`;
    const name = nameOf({ calendarId, startDate });
    if (confirmed.has(name)) refuse('duplicate-id', { field, detail: 'the period is named twice' });
    confirmed.set(name, known.get(name) ?? { ...periodToConfirm(context, { calendarId, startDate }, at, field), by, at });
  }
  return [...confirmed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, period]) => period);
}

type PeriodName = Pick<ConfirmedPeriod, 'calendarId' | 'startDate'>;
const nameOf = ({ calendarId, startDate }: PeriodName): string => `${startDate} ${calendarId}`;

function periodToConfirm(context: TenantContext, { calendarId, startDate }: PeriodName, now: Instant, field: string) {
  const branchId = calendarId === 'tenant' ? null : calendarId;
  if (calendarIdOf(context, branchId) !== calendarId)
    refuse('unknown-reference', { field: `${field}.calendarId`, detail: 'tenant, or a branch with a calendar of its own' });
  const period = periodOf(calendarById(context, calendarId), startDate);
  if (period.startDate !== startDate)
    refuse('invalid-body', { field: `${field}.startDate`, detail: `the pay period begins on ${period.startDate}` });
  if (period.endDate >= localDateOf(now, zoneOf(context, branchId)))
    refuse('period-open', { field: `${field}.startDate`, detail: 'hours can be confirmed once the period is over' });
  return { calendarId, ...period };
}

/** Who chose, for the tenant or a branch, that no premium is owed. */
function switchedOff(values: PayLaw, before: PayLaw, { by, at }: PayLawChange): PayLaw['switchedOff'] {
  const earlier = offIn(before);
  const chosen = offIn(values).flatMap((place) => {
    const known = before.switchedOff[place];
    if (earlier.includes(place)) return known === undefined ? [] : [[place, known] as const];
    return [[place, { by, at }] as const];
  });
  return Object.fromEntries(chosen);
}

/** Where a premium policy is off: `tenant`, or branches by id. */
function offIn({ premiumPolicy, branches }: PayLaw): readonly string[] {
  const own = Object.entries(branches).flatMap(([id, branch]) => (branch.premiumPolicy === 'off' ? [id] : []));
  return premiumPolicy === 'off' ? ['tenant', ...own] : own;
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
