import type { LocalDate } from '#kernel/instant.ts';
import type { EarnedWeek } from '#model/pay.ts';
import type { CountedEntry } from '../inputs/counted-records.ts';
import { cutAtWeeks } from './work-hours.ts';
import { type WorkCalendar, weeksBetween } from './workweek.ts';

/** Counted time with what cutting it at workweeks takes. */
export type EarnedEntry = Pick<CountedEntry, 'workerId' | 'seconds' | 'workDate' | 'start' | 'end'>;

/**
 * The workweeks in which a person earned a share of some counted time (B-204): from the first to the last with own time, idle ones
 * between them included; for a person without own time all weeks of the work, with no seconds.
 */
export function earnedWeeks(entries: readonly EarnedEntry[], workerId: string, calendar: WorkCalendar): readonly EarnedWeek[] {
  const own = entries.filter((entry) => entry.workerId === workerId);
  const seconds = secondsByWeek(own.length > 0 ? own : entries, calendar);
  const starts = [...seconds.keys()].sort();
  if (starts.length === 0) return [];
  return weeksBetween(starts[0]!, starts.at(-1)!).map((weekStart) => ({
    weekStart,
    earnedSeconds: own.length > 0 ? (seconds.get(weekStart) ?? 0) : 0,
  }));
}

function secondsByWeek(entries: readonly EarnedEntry[], calendar: WorkCalendar): ReadonlyMap<LocalDate, number> {
  const weeks = new Map<LocalDate, number>();
  for (const { seconds, ...time } of entries) {
    for (const [weekStart, inWeek] of cutAtWeeks({ ...time, durationSeconds: seconds }, calendar))
      weeks.set(weekStart, (weeks.get(weekStart) ?? 0) + inWeek);
  }
  return weeks;
}
