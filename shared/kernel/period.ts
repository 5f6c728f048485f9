import { canonicalJson } from './canonical.ts';
import { refuse } from './errors.ts';
import { addDays, dateOfDayNumber, dayNumberOf, isLocalDate, type LocalDate } from './instant.ts';

/** How time is cut into pay periods (B-131). Weekdays run from 1 Monday to 7 Sunday; days from 1 to 28. */
export type PayFrequency =
  | { readonly frequency: 'weekly'; readonly startWeekday: number }
  | { readonly frequency: 'biweekly'; readonly anchorDate: LocalDate }
  | { readonly frequency: 'semimonthly'; readonly startDays: readonly [number, number] }
  | { readonly frequency: 'monthly'; readonly startDay: number }
  | { readonly frequency: 'quarterly'; readonly startMonth: number; readonly startDay: number };

/**
 * The pay calendar of a tenant or branch (B-130). `changed`: from when on it holds, and the calendar before that (B-132); days before
 * the change keep the periods they had.
 */
export type PayCalendar = PayFrequency & { readonly changed?: { readonly from: LocalDate; readonly before: PayCalendar } };

/** A pay period; both bounds belong to it. */
export type Period = { readonly startDate: LocalDate; readonly endDate: LocalDate };

/** The calendar of a tenant that has chosen none (B-130): two weeks from a Monday. */
export const DEFAULT_CALENDAR: PayCalendar = { frequency: 'biweekly', anchorDate: '2024-01-01' };

/** 1970-01-05, a Monday, as a day number: weeks are counted from here. */
const FIRST_MONDAY = 4;

/**
 * Checks a calendar as given and returns it with the defaults of B-131 filled in (semimonthly 1 and 16, monthly day 1, quarterly
 * month 1 and day 1). Anything else, such as a day above 28, equal start days or an unknown frequency, is refused as
 * `invalid-calendar` naming the field.
 */
export function validateCalendar(calendar: unknown): PayCalendar {
  if (typeof calendar !== 'object' || calendar === null) refuse('invalid-calendar', { field: 'calendar' });
  const given: { readonly [Key in CalendarField]?: unknown } = calendar;
  switch (given.frequency) {
    case 'weekly':
      return { frequency: 'weekly', startWeekday: whole(given.startWeekday, 'startWeekday', 7) };
    case 'biweekly':
      if (!isLocalDate(given.anchorDate)) refuse('invalid-calendar', { field: 'anchorDate', detail: 'must be a date' });
      return { frequency: 'biweekly', anchorDate: given.anchorDate };
    case 'semimonthly':
      return { frequency: 'semimonthly', startDays: twoDays(given.startDays ?? [1, 16]) };
    case 'monthly':
      return { frequency: 'monthly', startDay: whole(given.startDay ?? 1, 'startDay', 28) };
    case 'quarterly':
      return {
        frequency: 'quarterly',
        startMonth: whole(given.startMonth ?? 1, 'startMonth', 3),
        startDay: whole(given.startDay ?? 1, 'startDay', 28),
      };
    default:
      return refuse('invalid-calendar', { field: 'frequency', detail: 'unknown frequency' });
  }
}

type CalendarField = 'frequency' | 'startWeekday' | 'anchorDate' | 'startDays' | 'startDay' | 'startMonth';

function whole(value: unknown, field: CalendarField, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value;
  return refuse('invalid-calendar', { field, detail: `must be a whole number from 1 to ${max}` });
}

function twoDays(value: unknown): readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) refuse('invalid-calendar', { field: 'startDays', detail: 'must be two days' });
  const list: readonly unknown[] = value;
  const first = whole(list[0], 'startDays', 28);
  const second = whole(list[1], 'startDays', 28);
  if (first >= second) refuse('invalid-calendar', { field: 'startDays', detail: 'the first day must come before the second' });
  return [first, second];
}

/**
 * The pay period a date lies in (B-131). Periods tile all of time without gap or overlap, before an anchor as well as after it.
 * Around a change
 * of calendar too. The calendar must be valid (see `validateCalendar`).
 */
export function periodOf(calendar: PayCalendar, date: LocalDate): Period {
  const { changed } = calendar;
  if (changed === undefined) return regularPeriod(calendar, date);
  if (date < changed.from) return periodOf(changed.before, date);
  const { startDate, endDate } = regularPeriod(calendar, date);
  return { startDate: startDate < changed.from ? changed.from : startDate, endDate };
}

/**
 * A calendar after a change on a day (B-132): the new one acts from the start of the next period, so the first new period may be short
 * and no earlier one changes. A change that has not come into force yet gives way to the new one. Calendars are compared by what they
 * say, so that saving the same again changes nothing.
 */
export function changeCalendar(current: PayCalendar, next: PayFrequency, todayDate: LocalDate): PayCalendar {
  const inForce = current.changed !== undefined && todayDate < current.changed.from ? current.changed.before : current;
  if (saysSame(inForce, next)) return inForce;
  return { ...next, changed: { from: addDays(periodOf(inForce, todayDate).endDate, 1), before: inForce } };
}

/** True when two calendars cut time alike, whatever was before them. */
export function saysSame({ changed: _before, ...a }: PayCalendar, { changed: _after, ...b }: PayCalendar): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function regularPeriod(calendar: PayFrequency, date: LocalDate): Period {
  switch (calendar.frequency) {
    case 'weekly':
      return daysPeriod(FIRST_MONDAY + calendar.startWeekday - 1, 7, date);
    case 'biweekly':
      return daysPeriod(dayNumberOf(calendar.anchorDate), 14, date);
    case 'semimonthly':
      return halfMonth(calendar.startDays, date);
    case 'monthly':
      return monthsPeriod(0, 1, calendar.startDay, date);
    case 'quarterly':
      return monthsPeriod(calendar.startMonth - 1, 3, calendar.startDay, date);
  }
}

/** The period after the one that the date (as a rule its start) lies in. */
export function nextPeriod(calendar: PayCalendar, startDate: LocalDate): Period {
  return periodOf(calendar, addDays(periodOf(calendar, startDate).endDate, 1));
}

/** The period before the one that the date (as a rule its start) lies in. */
export function previousPeriod(calendar: PayCalendar, startDate: LocalDate): Period {
  return periodOf(calendar, addDays(periodOf(calendar, startDate).startDate, -1));
}

/** The period of a whole number of days that a date lies in, counted both ways from a first day. */
export function daysFrom(firstDate: LocalDate, lengthDays: number, date: LocalDate): Period {
  return daysPeriod(dayNumberOf(firstDate), lengthDays, date);
}

/** The same in whole months; the first day must be one of the first 28 of its month (see `isPeriodStart`). */
export function monthsFrom(firstDate: LocalDate, lengthMonths: number, date: LocalDate): Period {
  const startDay = Number(firstDate.slice(8));
  return monthsPeriod(monthIndex(firstDate, startDay), lengthMonths, startDay, date);
}

/** Whether every month has such a day, so that periods of months can begin on it. */
export function isPeriodStart(date: LocalDate): boolean {
  return Number(date.slice(8)) <= 28;
}

/** Periods of a fixed number of days counted both ways from the day number of one start. */
function daysPeriod(anchorDay: number, lengthDays: number, date: LocalDate): Period {
  const day = dayNumberOf(date);
  const start = anchorDay + Math.floor((day - anchorDay) / lengthDays) * lengthDays;
  return { startDate: dateOfDayNumber(start), endDate: dateOfDayNumber(start + lengthDays - 1) };
}

/** Months since year 0 of a date that starts its month's period on `startDay`: before that day the previous month counts. */
function monthIndex(date: LocalDate, startDay: number): number {
  dayNumberOf(date);
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 - (Number(date.slice(8)) < startDay ? 1 : 0);
}

function dateInMonth(months: number, day: number): LocalDate {
  const year = Math.floor(months / 12);
  return `${String(year).padStart(4, '0')}-${String(months - year * 12 + 1).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Periods of `lengthMonths` months that start on `startDay` of each month congruent to `offset`. */
function monthsPeriod(offset: number, lengthMonths: number, startDay: number, date: LocalDate): Period {
  const month = monthIndex(date, startDay);
  const start = offset + Math.floor((month - offset) / lengthMonths) * lengthMonths;
  return { startDate: dateInMonth(start, startDay), endDate: addDays(dateInMonth(start + lengthMonths, startDay), -1) };
}

function halfMonth([first, second]: readonly [number, number], date: LocalDate): Period {
  const month = monthIndex(date, first);
  const startOfSecond = dateInMonth(month, second);
  return date < startOfSecond
    ? { startDate: dateInMonth(month, first), endDate: addDays(startOfSecond, -1) }
    : { startDate: startOfSecond, endDate: addDays(dateInMonth(month + 1, first), -1) };
}
