import type { ItemOrigin } from '#bonus/commands/approve.ts';
import { type EarnedEntry, earnedWeeks } from '#bonus/pay-law/earned-weeks.ts';
import { premiumPolicyOf, workCalendarOf } from '#bonus/pay-law/policies.ts';
import { hoursOfWeek } from '#bonus/pay-law/work-hours.ts';
import { workedRecords } from '#bonus/pay-law/worked-records.ts';
import type { Formula } from '#bonus/shapes.ts';
import type { EarnedWeek } from '#model/pay.ts';
import type { TenantScope } from '#model/scope.ts';
import type { PremiumPolicy, TenantContext } from '#model/settings.ts';
import type { Table } from '#store/table.ts';
import { readWorkerBranches } from '#store/worker-time.ts';
import { readWeekTime } from './week-time.ts';

/** What an approval hands out money for: the people, their counted time, and how the crew shares. */
export interface EarnedBy {
  readonly workerIds: readonly string[];
  readonly entries: readonly EarnedEntry[];
  readonly formula: Formula;
}

/**
 * In which workweeks each person earned the money of an approval, and how it is spread over them (B-201, B-204): fixed with the items,
 * so that later edits of the time never move it. All hours worked are read only where the spreading goes by them.
 */
export async function readEarned(
  table: Table,
  scope: TenantScope,
  context: TenantContext,
  { workerIds, entries, formula }: EarnedBy,
): Promise<Pick<ItemOrigin, 'weeksOf' | 'premiumMethodOf'>> {
  const branches = await readWorkerBranches(table, scope, workerIds);
  const policies = new Map<string, PremiumPolicy>();
  const weeks = new Map<string, readonly EarnedWeek[]>();
  for (const [workerId, branchId] of branches) {
    const calendar = workCalendarOf(context, branchId);
    const policy = premiumPolicyOf(context, branchId);
    policies.set(workerId, policy);
    const earned = earnedWeeks(entries, workerId, calendar);
    if (policy !== 'equal_hours') weeks.set(workerId, earned);
    else {
      const { times } = workedRecords(
        await readWeekTime(
          table,
          scope,
          workerId,
          earned.map((week) => week.weekStart),
          [],
        ),
      );
      weeks.set(
        workerId,
        earned.map((week) => ({ ...week, totalSeconds: hoursOfWeek(times, week.weekStart, calendar, 'federal').totalSeconds })),
      );
    }
  }
  return {
    weeksOf: (workerId) => weeks.get(workerId) ?? [],
    premiumMethodOf: (workerId, role) =>
      role === 'crew' && formula === 'total_earnings' ? 'embedded' : (policies.get(workerId) ?? premiumPolicyOf(context, null)),
  };
}
