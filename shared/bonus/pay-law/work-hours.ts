import { allocateAmounts } from '#kernel/allocate.ts';
import { addDays, addSeconds, type Instant, type LocalDate, msOf } from '#kernel/instant.ts';
import type { TimeCategory } from '#model/entities.ts';
import type { StateRule } from '#model/settings.ts';
import type { WeekHours } from '../shapes.ts';
import { federalOvertime, WEEKLY_LIMIT_SECONDS } from './federal-premium.ts';
import { startOfWorkday, type WorkCalendar, workdayOf } from './workweek.ts';

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

/** From when to when; an end that is missing follows from the duration. */
function spanOf({ start, end, durationSeconds }: Omit<WorkedTime, 'kind'>): { start: Instant; end: Instant } | null {
  if (start !== null) return { start, end: end ?? addSeconds(start, durationSeconds) };
  return end === null ? null : { start: addSeconds(end, -durationSeconds), end };
}

/**
 * Overtime of a workweek by its seven workdays. Federal: beyond 40 hours. California: beyond 8 hours a day, double time beyond 12; on
 * the seventh day worked in a row overtime from the start and double time beyond 8; and straight hours beyond 40 a week.
 */
export function overtimeOfDays(days: readonly number[], rule: StateRule): WeekHours {
  const totalSeconds = days.reduce((sum, seconds) => sum + seconds, 0);
  if (rule === 'federal') {
    return { totalSeconds, overtimeSeconds: federalOvertime(totalSeconds), doubleTimeSeconds: 0 };
  }
  const everyDay = days.length === 7 && days.every((seconds) => seconds > 0);
  let straight = 0;
  let doubleTimeSeconds = 0;
  for (const [index, seconds] of days.entries()) {
    const seventh = everyDay && index === 6;
    if (!seventh) straight += Math.min(seconds, DAILY_LIMIT);
    doubleTimeSeconds += Math.max(0, seconds - (seventh ? DAILY_LIMIT : DOUBLE_TIME_FROM));
  }
  straight = Math.min(straight, WEEKLY_LIMIT_SECONDS);
  return { totalSeconds, overtimeSeconds: totalSeconds - straight - doubleTimeSeconds, doubleTimeSeconds };
}
