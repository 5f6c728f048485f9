import { refuse } from '#kernel/errors.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';
import { daysFrom, isPeriodStart, monthsFrom, type Period } from '#kernel/period.ts';
import type { Cadence, GoalSchedule } from '#model/pro-goal.ts';
import { dateAt } from '../check.ts';

/** A Monday, the first day of a month, of a quarter and of a year: periods count from here where nobody says otherwise. */
export const DEFAULT_ANCHOR: LocalDate = '2024-01-01';

/** A goal runs for a year at most, as the longest cadence does. */
const LONGEST_DAYS = 366;

/** Checks a schedule as somebody saves it: refuses `invalid-calendar`, and `invalid-body` where a date is none. */
export function assertSchedule(schedule: GoalSchedule): void {
  if (schedule.type === 'once') {
    const { startDate, endDate } = schedule.period;
    dateAt(startDate, 'period.startDate');
    dateAt(endDate, 'period.endDate');
    if (endDate < startDate || endDate > addDays(startDate, LONGEST_DAYS - 1))
      refuse('invalid-calendar', { field: 'period.endDate', detail: `must lie within ${LONGEST_DAYS} days from the first day` });
    return;
  }
  dateAt(schedule.anchorDate, 'anchorDate');
  if (MONTHS[schedule.cadence] !== undefined && !isPeriodStart(schedule.anchorDate))
    refuse('invalid-calendar', { field: 'anchorDate', detail: 'must be one of the first 28 days of its month' });
}

const DAYS: Readonly<Partial<Record<Cadence, number>>> = { weekly: 7, biweekly: 14 };
const MONTHS: Readonly<Partial<Record<Cadence, number>>> = { monthly: 1, quarterly: 3, yearly: 12 };

/** The period of a cadence that a date lies in. Periods tile all of time, before the anchor as well as after it. */
export function cadencePeriodOf(cadence: Cadence, anchorDate: LocalDate, date: LocalDate): Period {
  const days = DAYS[cadence];
  return days === undefined ? monthsFrom(anchorDate, MONTHS[cadence]!, date) : daysFrom(anchorDate, days, date);
}

/**
 * The period that follows the last one made: it begins the day after, so that a change of cadence leaves no gap (as B-132), and ends
 * where the present cadence's period ends. Before any was made it is the first that begins on `fromDate` or later. Null: there is none.
 */
export function nextGoalPeriod(schedule: GoalSchedule, last: Period | null, fromDate: LocalDate): Period | null {
  if (schedule.type === 'once') {
    const { period } = schedule;
    return period.startDate >= fromDate && (last === null || period.startDate > last.endDate) ? period : null;
  }
  const { cadence, anchorDate } = schedule;
  const containing = cadencePeriodOf(cadence, anchorDate, fromDate);
  const first = containing.startDate === fromDate ? fromDate : addDays(containing.endDate, 1);
  const following = last === null ? null : addDays(last.endDate, 1);
  const startDate = following === null || following < fromDate ? first : following;
  return { startDate, endDate: cadencePeriodOf(cadence, anchorDate, startDate).endDate };
}

/**
 * The period that begins on a day, for a goal started by hand. Null where none does. The day after the last period made begins one
 * also where the cadence was changed since.
 */
export function goalPeriodFrom(schedule: GoalSchedule, last: Period | null, startDate: LocalDate): Period | null {
  if (schedule.type === 'once') return schedule.period.startDate === startDate ? schedule.period : null;
  const period = cadencePeriodOf(schedule.cadence, schedule.anchorDate, startDate);
  const follows = last !== null && addDays(last.endDate, 1) === startDate;
  return period.startDate === startDate || follows ? { startDate, endDate: period.endDate } : null;
}
