import { addDays, daysBetween, type Instant, type LocalDate, weekday } from '#kernel/instant.ts';
import { localDateOf, localToInstant } from '#kernel/zone.ts';
import { defineRule } from '../rules/rule.ts';

/** B-202: a fixed workweek, cut by instants. */
export const workweekRule = defineRule('B-202', 1, 'Workweek and hours worked');

/** When a branch's workweek begins, by the clock of its zone: ISO weekday (1 Monday to 7 Sunday) and `HH:mm`. */
export type WorkweekStart = { readonly weekday: number; readonly time: string };

/** What a workweek begins with where nobody set it (B-232). */
export const DEFAULT_WORKWEEK_START: WorkweekStart = { weekday: 1, time: '00:00' };

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
  return Array.from({ length: daysBetween(first, last) / 7 + 1 }, (_, index) => addDays(first, 7 * index));
}
