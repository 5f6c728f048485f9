import type { EarnedOrigin } from '#bonus/commands/approve.ts';
import { type CrewShare, holdsPremium } from '#bonus/pay-law/crew-share.ts';
import { type EarnedEntry, earnedWeeks } from '#bonus/pay-law/earned-weeks.ts';
import { premiumPolicyOf, workCalendarOf } from '#bonus/pay-law/policies.ts';
import { hoursOfWeek } from '#bonus/pay-law/work-hours.ts';
import { workedRecords } from '#bonus/pay-law/worked-records.ts';
import type { WorkCalendar } from '#bonus/pay-law/workweek.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { EarnedWeek, LineItem } from '#model/pay.ts';
import type { TenantScope } from '#model/scope.ts';
import type { PremiumPolicy, TenantContext } from '#model/settings.ts';
import type { Table } from '#store/table.ts';
import { readWorkerBranches } from '#store/worker-time.ts';
import { readWeekTime } from './week-time.ts';

/** What an approval hands out money for: the people, their counted time, and how the crew shares. */
export interface EarnedBy {
  readonly workerIds: readonly string[];
  readonly entries: readonly EarnedEntry[];
  readonly crewShare: CrewShare;
}

/**
 * In which workweeks each person earned the money of an approval, and how it is spread over them (B-201, B-204): fixed with the items,
 * so that later edits of the time never move it. All hours worked are read only where the spreading goes by them.
 */
export async function readEarned(
  table: Table,
  scope: TenantScope,
  context: TenantContext,
  { workerIds, entries, crewShare }: EarnedBy,
): Promise<EarnedOrigin> {
  const branches = await readWorkerBranches(table, scope, workerIds);
  const policies = new Map<string, PremiumPolicy>();
  const weeks = new Map<string, readonly EarnedWeek[]>();
  for (const [workerId, branchId] of branches) {
    const calendar = workCalendarOf(context, branchId);
    const policy = premiumPolicyOf(context, branchId);
    policies.set(workerId, policy);
    weeks.set(
      workerId,
      await withHours(table, scope, workerId, earnedWeeks(entries, workerId, calendar), { policy, calendar, context }),
    );
  }
  return {
    weeksOf: (workerId) => weeks.get(workerId) ?? [],
    premiumMethodOf: (workerId, role) =>
      role === 'crew' && holdsPremium(crewShare) ? 'embedded' : (policies.get(workerId) ?? premiumPolicyOf(context, null)),
    crewShare,
  };
}

/** The weeks that a manual bonus covers, which somebody has named, and how it is spread over them (B-201, B-204). */
export async function readNamedWeeks(
  table: Table,
  scope: TenantScope,
  context: TenantContext,
  named: { readonly workerId: string; readonly branchId: string | null; readonly weekStarts: readonly LocalDate[] },
): Promise<Pick<LineItem, 'weeks' | 'premiumMethod'>> {
  const { workerId, branchId } = named;
  const policy = premiumPolicyOf(context, branchId);
  const calendar = workCalendarOf(context, branchId);
  const weeks = named.weekStarts.map((weekStart) => ({ weekStart, earnedSeconds: 0 }));
  return { weeks: await withHours(table, scope, workerId, weeks, { policy, calendar, context }), premiumMethod: policy };
}

interface HoursTerms {
  readonly policy: PremiumPolicy;
  readonly calendar: WorkCalendar;
  readonly context: TenantContext;
}

/** The weeks with all hours worked in them, where the policy spreads by them. */
async function withHours(
  table: Table,
  scope: TenantScope,
  workerId: string,
  weeks: readonly EarnedWeek[],
  { policy, calendar, context }: HoursTerms,
): Promise<readonly EarnedWeek[]> {
  if (policy !== 'equal_hours') return weeks;
  const starts = weeks.map((week) => week.weekStart);
  const { times } = workedRecords(await readWeekTime(table, scope, context, workerId, starts, []));
  return weeks.map((week) => ({
    ...week,
    totalSeconds: hoursOfWeek(times, week.weekStart, calendar, 'federal').totalSeconds,
  }));
}
