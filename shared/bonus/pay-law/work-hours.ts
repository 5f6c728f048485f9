import { allocateAmounts } from '#kernel/allocate.ts';
import { addDays, addSeconds, type Instant, type LocalDate, msOf } from '#kernel/instant.ts';
import type { TimeCategory } from '#model/entities.ts';
import type { StateRule } from '#model/settings.ts';
import type { WeekHours } from '../shapes.ts';
import { WEEKLY_LIMIT_SECONDS } from './federal-premium.ts';
import { startOfWorkday, type WorkCalendar, weekStartOf, weeksBetween, workdayOf } from './workweek.ts';

/** One piece of recorded time. `durationSeconds` is net of unpaid breaks, so it may be less than the span (M-33). */
export type WorkedTime = {
  readonly kind: TimeCategory | 'drive';
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly workDate: LocalDate;
  readonly durationSeconds: number;
};

const HOUR = 3_600;
const DAILY_LIMIT = 8 * HOUR;
const DOUBLE_TIME_FROM = 12 * HOUR;

/** What counts as hours worked (M-36): not leave, not unpaid breaks. A shift is the span around all of it (M-37). */
const COUNTS: Readonly<Record<WorkedTime['kind'], 'worked' | 'span' | null>> = {
  work: 'worked',
  shop: 'worked',
  break_paid: 'worked',
  drive: 'worked',
  shift: 'span',
  leave: null,
  break_unpaid: null,
};

/** Whether time of a kind is hours worked, as such or as the span around them. */
export function countsAsWorked(kind: WorkedTime['kind']): boolean {
  return COUNTS[kind] !== null;
}

/** Total, overtime and double-time seconds of one worker's workweek, from any list of the worker's time (B-202, B-212). */
export function hoursOfWeek(
  times: readonly WorkedTime[],
  weekStart: LocalDate,
  calendar: WorkCalendar,
  rule: StateRule,
): WeekHours {
  const byDay = workedByDay(times, calendar);
  return overtimeOfDays(
    Array.from({ length: 7 }, (_, day) => byDay.get(addDays(weekStart, day)) ?? 0),
    rule,
  );
}

/** One worker's hours worked by workday: the larger of the shifts and all other worked time (M-37). */
export function workedByDay(times: readonly WorkedTime[], calendar: WorkCalendar): ReadonlyMap<LocalDate, number> {
  const days = new Map<LocalDate, { worked: number; span: number }>();
  for (const time of times) {
    const counts = COUNTS[time.kind];
    if (counts === null) continue;
    for (const { workday, seconds } of cutAtWorkdays(time, calendar)) {
      const day = days.get(workday) ?? { worked: 0, span: 0 };
      day[counts] += seconds;
      days.set(workday, day);
    }
  }
  return new Map([...days].map(([workday, { worked, span }]) => [workday, Math.max(worked, span)]));
}

/**
 * Cuts recorded time at the starts of workdays (M-35). A duration other than the span is divided by the time that passed in each part
 * (B-3), so no second is lost. Time without instants belongs to its work date.
 */
export function cutAtWorkdays(
  time: Omit<WorkedTime, 'kind'>,
  calendar: WorkCalendar,
): readonly { readonly workday: LocalDate; readonly seconds: number }[] {
  const span = spanOf(time);
  if (span === null) return [{ workday: time.workDate, seconds: time.durationSeconds }];
  const first = workdayOf(span.start, calendar);
  const parts: { id: LocalDate; weight: number }[] = [];
  let from = span.start;
  for (let workday = first; from < span.end; workday = addDays(workday, 1)) {
    const next = startOfWorkday(addDays(workday, 1), calendar);
    const to = next < span.end ? next : span.end;
    parts.push({ id: workday, weight: msOf(to) - msOf(from) });
    from = to;
  }
  if (parts.length < 2) return [{ workday: first, seconds: time.durationSeconds }];
  const seconds = allocateAmounts(time.durationSeconds, parts);
  return parts.map(({ id }, index) => ({ workday: id, seconds: seconds[index]! }));
}

/** Recorded time cut at the beginnings of workweeks (B-202): the seconds in each week that it reaches into. */
export function cutAtWeeks(time: Omit<WorkedTime, 'kind'>, calendar: WorkCalendar): ReadonlyMap<LocalDate, number> {
  const weeks = new Map<LocalDate, number>();
  for (const { workday, seconds } of cutAtWorkdays(time, calendar)) {
    const weekStart = weekStartOf(workday, calendar);
    if (seconds > 0) weeks.set(weekStart, (weeks.get(weekStart) ?? 0) + seconds);
  }
  return weeks;
}

/** From when to when; an end that is missing follows from the duration. */
function spanOf({ start, end, durationSeconds }: Omit<WorkedTime, 'kind'>): { start: Instant; end: Instant } | null {
  if (start !== null) return { start, end: end ?? addSeconds(start, durationSeconds) };
  return end === null ? null : { start: addSeconds(end, -durationSeconds), end };
}

/** Overtime of a workweek by its seven workdays (B-202, B-212). */
export function overtimeOfDays(days: readonly number[], rule: StateRule): WeekHours {
  const classes = classified(days, rule);
  return totalOf(days.map((seconds, index) => ({ seconds, ...classes[index]! })));
}

/**
 * Hours worked from one workday to another, both included, and how much of them is overtime; each workweek is judged whole, so a part of
 * it keeps the overtime of its own days.
 */
export function hoursBetween(
  byDay: ReadonlyMap<LocalDate, number>,
  from: LocalDate,
  to: LocalDate,
  calendar: WorkCalendar,
  rule: StateRule,
): WeekHours {
  const inside: ClassifiedDay[] = [];
  for (const weekStart of weeksBetween(weekStartOf(from, calendar), weekStartOf(to, calendar))) {
    const week = Array.from({ length: 7 }, (_, index) => addDays(weekStart, index));
    const days = week.map((workday) => byDay.get(workday) ?? 0);
    const classes = classified(days, rule);
    for (const [index, workday] of week.entries())
      if (workday >= from && workday <= to) inside.push({ seconds: days[index]!, ...classes[index]! });
  }
  return totalOf(inside);
}

type DayOvertime = { readonly overtime: number; readonly doubleTime: number };
type ClassifiedDay = DayOvertime & { readonly seconds: number };

function totalOf(days: readonly ClassifiedDay[]): WeekHours {
  const sum = (of: (day: ClassifiedDay) => number): number => days.reduce((total, day) => total + of(day), 0);
  return {
    totalSeconds: sum((day) => day.seconds),
    overtimeSeconds: sum((day) => day.overtime),
    doubleTimeSeconds: sum((day) => day.doubleTime),
  };
}

/**
 * The overtime of each of a workweek's seven days. Federal: what comes after 40 hours. California: beyond 8 hours a day, double time
 * beyond 12; on the seventh day worked in a row overtime from the start and double time beyond 8; and straight hours after 40 a week.
 */
function classified(days: readonly number[], rule: StateRule): readonly DayOvertime[] {
  const everyDay = rule === 'california' && days.length === 7 && days.every((seconds) => seconds > 0);
  let straight = 0;
  return days.map((seconds, index) => {
    const seventh = everyDay && index === 6;
    const doubleTime = rule === 'federal' ? 0 : Math.max(0, seconds - (seventh ? DAILY_LIMIT : DOUBLE_TIME_FROM));
    const straightToday = rule === 'federal' ? seconds : seventh ? 0 : Math.min(seconds, DAILY_LIMIT);
    const kept = Math.min(straightToday, WEEKLY_LIMIT_SECONDS - straight);
    straight += kept;
    return { overtime: seconds - doubleTime - kept, doubleTime };
  });
}
