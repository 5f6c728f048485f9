import { calendarById } from '#bonus/pay/assignment.ts';
import { weeksOf } from '#bonus/pay-law/counted-bonuses.ts';
import { type FlatBonus, flatBonus, isFlat } from '#bonus/pay-law/flat-premiums.ts';
import type { PlannedWeek } from '#bonus/pay-law/plan-weeks.ts';
import { periodFacts, type WeekTerms } from '#bonus/pay-law/week-facts.ts';
import { workedRecords } from '#bonus/pay-law/worked-records.ts';
import { addDays } from '#kernel/instant.ts';
import { type Period, periodOf } from '#kernel/period.ts';
import type { LineItem } from '#model/pay.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import type { Table } from '#store/table.ts';
import { readPersonTime } from './person-pay.ts';

/** A workweek reaches at most six days beyond a period, and a work date lies at most two days beside its instants. */
const MARGIN_DAYS = 8;

/**
 * The flat sums whose first week this is, each with the hours of the pay period in which it was earned (B-212): of a goal its evaluation
 * period, of a manual bonus the pay period it was made in.
 */
export async function readFlats(
  table: Table,
  scope: TenantScope,
  { workerId, context }: { readonly workerId: string; readonly context: TenantContext },
  { weekStart, bonuses }: PlannedWeek,
  terms: WeekTerms,
): Promise<readonly FlatBonus[]> {
  const flats: FlatBonus[] = [];
  for (const { item } of bonuses) {
    if (!isFlat(item) || firstWeek(item, terms) !== weekStart) continue;
    const period = earnedPeriod(item, context);
    const records = await readPersonTime(table, scope, context, workerId, {
      from: addDays(period.startDate, -MARGIN_DAYS),
      to: addDays(period.endDate, MARGIN_DAYS),
      also: [],
    });
    const { hours, time, complete } = periodFacts(workedRecords(records), period, terms);
    flats.push(flatBonus(item, hours, time, complete));
  }
  return flats;
}

function firstWeek(item: LineItem, { calendar }: WeekTerms): string | undefined {
  return weeksOf(item, calendar)
    .map((week) => week.weekStart)
    .sort()[0];
}

function earnedPeriod(item: LineItem, context: TenantContext): Period {
  if (item.workFrom !== null && item.workTo !== null) return { startDate: item.workFrom, endDate: item.workTo };
  return periodOf(calendarById(context, item.calendarId), item.approvalDate);
}
