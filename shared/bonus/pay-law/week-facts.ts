import { addDays, type Instant, type LocalDate } from '#kernel/instant.ts';
import type { Period } from '#kernel/period.ts';
import type { PremiumWorking } from '#model/pay.ts';
import type { StateRule } from '#model/settings.ts';
import type { WeekHours } from '../shapes.ts';
import type { StateWeek } from './california.ts';
import { countsAsWorked, cutAtWorkdays, hoursBetween, hoursOfWeek, type WorkedTime, workedByDay } from './work-hours.ts';
import type { WorkedRecord, workedRecords } from './worked-records.ts';
import { startOfWorkday, type WorkCalendar } from './workweek.ts';

/** All that a premium needs of a workweek's hours. */
export interface WeekFacts {
  readonly federal: WeekHours;
  /** By the state's rule; the same where the state has none of its own. */
  readonly state: WeekHours;
  /** Whether no hour can be missing: the time holds all hours, the week is over, no clock runs in it (B-202). */
  readonly complete: boolean;
  readonly hours: PremiumWorking['hours'];
}

/** What the hours of a week are judged by. */
export interface WeekTerms {
  readonly calendar: WorkCalendar;
  readonly rule: StateRule;
  /** Whether the time holds all hours from one day to another, both included (B-202). */
  hoursKnown(from: LocalDate, to: LocalDate): boolean;
  readonly now: Instant;
}

/** The hours of one worker's workweek out of the time that may lie in it (B-202). */
export function weekFacts(
  { times, open }: ReturnType<typeof workedRecords>,
  weekStart: LocalDate,
  { calendar, rule, hoursKnown, now }: WeekTerms,
): WeekFacts {
  const after = addDays(weekStart, 7);
  const over = now >= startOfWorkday(after, calendar);
  return {
    federal: hoursOfWeek(times, weekStart, calendar, 'federal'),
    state: hoursOfWeek(times, weekStart, calendar, rule),
    complete: over && hoursKnown(weekStart, addDays(weekStart, 6)) && !runsIn(open, weekStart, after, calendar),
    hours: recordsIn(times, weekStart, after, calendar),
  };
}

/**
 * The hours of a pay period, from its first workday to its last (B-212): a flat sum is divided by the hours that are no overtime. What
 * of a workweek lies outside of the period counts for where overtime begins, and for nothing else.
 */
export function periodFacts(
  { times, open }: ReturnType<typeof workedRecords>,
  { startDate, endDate }: Period,
  { calendar, rule, hoursKnown, now }: WeekTerms,
): { readonly hours: StateWeek; readonly time: PremiumWorking['hours']; readonly complete: boolean } {
  const byDay = workedByDay(times, calendar);
  const federal = hoursBetween(byDay, startDate, endDate, calendar, 'federal');
  const state = hoursBetween(byDay, startDate, endDate, calendar, rule);
  const after = addDays(endDate, 1);
  const over = now >= startOfWorkday(after, calendar);
  return {
    hours: {
      totalSeconds: federal.totalSeconds,
      federalOvertimeSeconds: federal.overtimeSeconds,
      stateOvertimeSeconds: state.overtimeSeconds,
      stateDoubleTimeSeconds: state.doubleTimeSeconds,
    },
    time: recordsIn(times, startDate, after, calendar),
    complete: over && hoursKnown(startDate, endDate) && !runsIn(open, startDate, after, calendar),
  };
}

/** The records with time between two workdays, the second excluded, each with the seconds it has there. */
function recordsIn(
  times: readonly WorkedRecord[],
  from: LocalDate,
  to: LocalDate,
  calendar: WorkCalendar,
): PremiumWorking['hours'] {
  return times
    .filter((record) => countsAsWorked(record.kind))
    .map(({ entity, id, revision, ...time }) => ({ entity, id, revision, seconds: secondsIn(time, from, to, calendar) }))
    .filter(({ seconds }) => seconds > 0)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether a clock runs that was started between two workdays. */
function runsIn(open: readonly WorkedRecord[], from: LocalDate, to: LocalDate, calendar: WorkCalendar): boolean {
  return open.some((record) => secondsIn({ ...record, durationSeconds: 1 }, from, to, calendar) > 0);
}

function secondsIn(time: Omit<WorkedTime, 'kind'>, from: LocalDate, to: LocalDate, calendar: WorkCalendar): number {
  return cutAtWorkdays(time, calendar)
    .filter(({ workday }) => workday >= from && workday < to)
    .reduce((sum, part) => sum + part.seconds, 0);
}
