import { refuse } from '#kernel/errors.ts';
import { addDays, type LocalDate, weekday } from '#kernel/instant.ts';
import { type PayCalendar, type Period, periodOf } from '#kernel/period.ts';
import type { Cadence, GoalSchedule } from '#model/pro-goal.ts';
import { dateAt } from '../check.ts';

/** A Monday, the first day of a month, of a quarter and of a year: periods count from here where nobody says otherwise. */
export const DEFAULT_ANCHOR: LocalDate = '2024-01-01';

/** Checks a schedule as somebody saves it: refuses `invalid-calendar`, and `invalid-body` where a date is none. */
export function assertSchedule(schedule: GoalSchedule): void {
  if (schedule.type === 'once') {
    const { startDate, endDate } = schedule.period;
    dateAt(startDate, 'period.startDate');
    dateAt(endDate, 'period.endDate');
    if (endDate < startDate) refuse('invalid-calendar', { field: 'period.endDate', detail: 'must not lie before the first day' });
    return;
  }
  dateAt(schedule.anchorDate, 'anchorDate');
  if (isByMonths(schedule.cadence) && Number(schedule.anchorDate.slice(8)) > 28)
    refuse('invalid-calendar', { field: 'anchorDate', detail: 'must be one of the first 28 days of its month' });
}

const isByMonths = (cadence: Cadence): boolean => cadence !== 'weekly' && cadence !== 'biweekly';

/** The period of a cadence that a date lies in. Periods tile all of time, before the anchor as well as after it. */
export function cadencePeriodOf(cadence: Cadence, anchorDate: LocalDate, date: LocalDate): Period {
  return cadence === 'yearly' ? yearOf(anchorDate, date) : periodOf(calendarOf(cadence, anchorDate), date);
}

function calendarOf(cadence: Exclude<Cadence, 'yearly'>, anchorDate: LocalDate): PayCalendar {
  const startDay = Number(anchorDate.slice(8));
  switch (cadence) {
    case 'weekly':
      return { frequency: 'weekly', startWeekday: weekday(anchorDate) };
    case 'biweekly':
      return { frequency: 'biweekly', anchorDate };
    case 'monthly':
      return { frequency: 'monthly', startDay };
    case 'quarterly':
      return { frequency: 'quarterly', startMonth: ((Number(anchorDate.slice(5, 7)) - 1) % 3) + 1, startDay };
  }
}

function yearOf(anchorDate: LocalDate, date: LocalDate): Period {
  const dayOfYear = anchorDate.slice(4);
  const year = Number(date.slice(0, 4)) - (date.slice(4) < dayOfYear ? 1 : 0);
  const dateIn = (which: number): LocalDate => `${String(which).padStart(4, '0')}${dayOfYear}`;
  return { startDate: dateIn(year), endDate: addDays(dateIn(year + 1), -1) };
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
