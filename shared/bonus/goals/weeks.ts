import { addDays } from '#kernel/instant.ts';
import type { Period } from '#kernel/period.ts';
import type { EarnedWeek } from '#model/pay.ts';
import type { PremiumPolicy } from '#model/settings.ts';
import { type WorkedTime, workedByDay } from '../pay-law/work-hours.ts';
import { type WorkCalendar, weekStartOf, weeksBetween } from '../pay-law/workweek.ts';

/** Whether a reward is spread over its weeks by the hours worked in them: else nobody's time has to be read. */
export function spreadsByHours(policy: PremiumPolicy): boolean {
  return policy === 'by_earned_hours' || policy === 'equal_hours';
}

/**
 * The workweeks of a goal's period, each with what a reward is spread by (B-204): all hours that the person worked in it, as earned and as
 * total, or nothing where every week weighs the same.
 */
export function weeksOfGoal(
  { startDate, endDate }: Period,
  policy: PremiumPolicy,
  calendar: WorkCalendar,
  times: readonly WorkedTime[],
): readonly EarnedWeek[] {
  const starts = weeksBetween(weekStartOf(startDate, calendar), weekStartOf(endDate, calendar));
  if (!spreadsByHours(policy)) return starts.map((weekStart) => ({ weekStart, earnedSeconds: 0 }));
  const byDay = workedByDay(times, calendar);
  return starts.map((weekStart) => {
    const days = Array.from({ length: 7 }, (_, day) => byDay.get(addDays(weekStart, day)) ?? 0);
    const seconds = days.reduce((sum, one) => sum + one, 0);
    return { weekStart, earnedSeconds: seconds, totalSeconds: seconds };
  });
}
