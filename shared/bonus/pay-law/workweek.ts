import { addDays, type Instant, type LocalDate, weekday } from '#kernel/instant.ts';
import { localDateOf, localToInstant } from '#kernel/zone.ts';
import type { WorkweekStart } from '#model/settings.ts';
import { defineRule } from '../rules/rule.ts';

/** B-202: a fixed workweek, cut by instants. */
export const workweekRule = defineRule('B-202', 1, 'Workweek and hours worked');

/** How a branch counts its workdays and workweeks. A workday begins at the workweek's time of day and bears the date it begins on. */
export type WorkCalendar = { readonly start: WorkweekStart; readonly zone: string };

/** The first instant of a workday. */
export function startOfWorkday(date: LocalDate, { start, zone }: WorkCalendar): Instant {
  return localToInstant(`${date}T${start.time}`, zone);
}

/** The workday an instant lies in. Decided by instants alone, so that a day when the clocks change has neither gap nor overlap. */
export function workdayOf(instant: Instant, calendar: WorkCalendar): LocalDate {
  const date = localDateOf(instant, calendar.zone);
  if (instant < startOfWorkday(date, calendar)) return addDays(date, -1);
  const next = addDays(date, 1);
  return instant < startOfWorkday(next, calendar) ? date : next;
}

/** The first workday of the workweek that a workday belongs to: the name of the week. */
export function weekStartOf(workday: LocalDate, { start }: WorkCalendar): LocalDate {
  return addDays(workday, -((weekday(workday) - start.weekday + 7) % 7));
}

/** Every workweek from the one to the other, both named by their first day. */
export function weeksBetween(first: LocalDate, last: LocalDate): readonly LocalDate[] {
  const weeks: LocalDate[] = [];
  for (let week = first; week <= last; week = addDays(week, 7)) weeks.push(week);
  return weeks;
}
