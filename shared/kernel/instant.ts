import { AppError } from './errors.ts';

/** A point in time: ISO 8601 in UTC with exactly three decimals, `2026-03-01T17:45:00.000Z`. Text order is time order. */
export type Instant = string;

/** A calendar date without a zone, `YYYY-MM-DD`. Text order is calendar order. */
export type LocalDate = string;

/** An ISO week, `2026-W09`: Monday to Sunday, numbered so that week 1 holds the first Thursday of the year. */
export type IsoWeek = string;

const DAY_MS = 86_400_000;
const INSTANT = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/;
const WEEK = /^(\d{4})-W(\d\d)$/;

function digit(text: string, index: number): number {
  const value = text.charCodeAt(index) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

/** Two digits of a text as a number; NaN when one is no digit. */
function pair(text: string, index: number): number {
  return digit(text, index) * 10 + digit(text, index + 1);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

const PAIRS = Array.from({ length: 100 }, (_, value) => pad(value, 2));
/** The minutes of a day as they stand between date and seconds, `T07:30:`. */
const MINUTES = Array.from({ length: 1440 }, (_, minute) => `T${PAIRS[Math.floor(minute / 60)]}:${PAIRS[minute % 60]}:`);

/** Days since 1970-01-01 of a Gregorian date; counting years from March puts the leap day last, so months need no table. */
function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of a day number; the inverse of `dayNumberOf`. Throws `invalid-date` outside the years 0000 to 9999. */
export function dateOfDayNumber(days: number): LocalDate {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (!(year >= 0 && year <= 9999))
    throw new AppError('invalid-date', { message: `day ${days} lies outside the years 0 to 9999` });
  return `${PAIRS[Math.floor(year / 100)]}${PAIRS[year % 100]}-${PAIRS[month]}-${PAIRS[day]}`;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Day number of a date text, or NaN when it is no real date. */
function readDate(text: string): number {
  return text.length === 10 ? readLeadingDate(text) : Number.NaN;
}

/** Day number of the date that a text begins with, or NaN when that is no real date. */
function readLeadingDate(text: string): number {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return Number.NaN;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  return dayNumber(year, month, day);
}

/** Whether the value is a date that exists, as `YYYY-MM-DD`. */
export function isLocalDate(value: unknown): value is LocalDate {
  return typeof value === 'string' && !Number.isNaN(readDate(value));
}

/** Days from 1970-01-01 to the date; throws `invalid-date` when the text is no date. */
export function dayNumberOf(date: LocalDate): number {
  const days = readDate(date);
  if (Number.isNaN(days)) throw new AppError('invalid-date', { message: `"${date.slice(0, 40)}" is no date` });
  return days;
}

/** The date `days` calendar days later (earlier when negative). */
export function addDays(date: LocalDate, days: number): LocalDate {
  return dateOfDayNumber(dayNumberOf(date) + days);
}

/** Calendar days from a to b: positive when b is later. */
export function daysBetween(a: LocalDate, b: LocalDate): number {
  return dayNumberOf(b) - dayNumberOf(a);
}

/** ISO weekday of a date: 1 Monday to 7 Sunday. */
export function weekday(date: LocalDate): number {
  return weekdayOfDayNumber(dayNumberOf(date));
}

function weekdayOfDayNumber(days: number): number {
  // 1970-01-01 was a Thursday.
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

/** Weeks of dates asked for before: a list of a tenant's work names the same few hundred days again and again. */
const weeks = new Map<LocalDate, IsoWeek>();
const MAX_WEEKS = 10_000;

/** The ISO week of a date; around New Year its year may differ from the date's. */
export function isoWeek(date: LocalDate): IsoWeek {
  const known = weeks.get(date);
  if (known !== undefined) return known;
  const week = workOutWeek(date);
  if (weeks.size >= MAX_WEEKS) weeks.clear();
  weeks.set(date, week);
  return week;
}

function workOutWeek(date: LocalDate): IsoWeek {
  const days = dayNumberOf(date);
  const thursday = days - weekdayOfDayNumber(days) + 4;
  const year = Number(dateOfDayNumber(thursday).slice(0, 4));
  return `${pad(year, 4)}-W${pad(Math.floor((thursday - dayNumber(year, 1, 1)) / 7) + 1, 2)}`;
}

/** The Monday an ISO week starts on; throws `invalid-date` for a week that does not exist, such as week 53 of a short year. */
export function weekStart(week: IsoWeek): LocalDate {
  const match = WEEK.exec(week);
  if (match !== null) {
    const january4 = dayNumber(Number(match[1]), 1, 4);
    const monday = dateOfDayNumber(january4 - weekdayOfDayNumber(january4) + 1 + (Number(match[2]) - 1) * 7);
    if (isoWeek(monday) === week) return monday;
  }
  throw new AppError('invalid-date', { message: `"${week.slice(0, 40)}" is no ISO week` });
}

/**
 * Reads an instant with any UTC offset (`Z`, `+05:30`, `-0500`, `+02`) and normalises it to UTC milliseconds; up to nine decimals
 * are read, those beyond milliseconds are cut off. Seconds may be missing. Null for text without an offset (a local time needs a
 * zone, see zone.ts), for dates and times that do not exist, and outside the years 0000 to 9999.
 */
export function parseInstant(text: string): Instant | null {
  // What nearly every source sends, with or without milliseconds or as a local time up to its seconds, is told by position.
  if (text.length === 24 && !Number.isNaN(readNormalForm(text))) return text;
  if (text.length === 20 && text.charCodeAt(19) === 90 && !Number.isNaN(readClock(text))) return `${text.slice(0, 19)}.000Z`;
  if (text.length === 19 && text.charCodeAt(16) === 58) return null;
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const days = readDate(match[1]!);
  const hour = Number(match[2]);
  const minute = Number(match[3]);
  const second = Number(match[4] ?? 0);
  const offsetHours = Number(match[7] ?? 0);
  const offsetMinutes = Number(match[8] ?? 0);
  if (Number.isNaN(days) || hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return null;
  const millis = Number((match[5] ?? '').slice(0, 3).padEnd(3, '0'));
  const offset = (offsetHours * 60 + offsetMinutes) * (match[6] === '-' ? -60_000 : 60_000);
  const ms = days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + millis - offset;
  return ms < FIRST_MS || ms > LAST_MS ? null : instantFromMs(ms);
}

const FIRST_MS = dayNumber(0, 1, 1) * DAY_MS;
const LAST_MS = dayNumber(10_000, 1, 1) * DAY_MS - 1;

/** The instant of milliseconds since 1970. Throws `invalid-instant` when they are no integer or outside the years 0000 to 9999. */
export function instantFromMs(ms: number): Instant {
  return `${localTextOfMs(ms)}Z`;
}

/** `YYYY-MM-DDTHH:mm:ss.sss` of milliseconds counted as if the wall clock were UTC. */
export function localTextOfMs(ms: number): string {
  if (!Number.isInteger(ms) || ms < FIRST_MS || ms > LAST_MS) {
    throw new AppError('invalid-instant', { message: `${ms} ms is no instant of the years 0 to 9999` });
  }
  const days = Math.floor(ms / DAY_MS);
  const rest = ms - days * DAY_MS;
  const seconds = Math.floor(rest / 1000);
  const millis = rest - seconds * 1000;
  const minutes = Math.floor(seconds / 60);
  const decimals = millis === 0 ? '.000' : `.${pad(millis, 3)}`;
  return `${dateOfDayNumber(days)}${MINUTES[minutes]}${PAIRS[seconds - minutes * 60]}${decimals}`;
}

/** Milliseconds since 1970 of an instant; throws `invalid-instant` when the text is none. */
export function msOf(instant: Instant): number {
  // The normal form is read by position; anything else takes the tolerant reader.
  const ms = instant.length === 24 ? readNormalForm(instant) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const normal = parseInstant(instant);
  if (normal === null) throw new AppError('invalid-instant', { message: `"${instant.slice(0, 40)}" is no instant` });
  return readNormalForm(normal);
}

/** Milliseconds of an instant's normal form, or NaN when a text of its length is not of this form. */
function readNormalForm(text: string): number {
  if (text.charCodeAt(19) !== 46 || text.charCodeAt(23) !== 90) return Number.NaN;
  return readClock(text) + digit(text, 20) * 100 + pair(text, 21);
}

/**
 * Milliseconds of the `YYYY-MM-DDTHH:mm:ss` that a text begins with, counted as if the wall clock were UTC; what follows is not looked
 * at. NaN when the text does not begin like this or names no time that exists.
 */
export function readClock(text: string): number {
  const hour = pair(text, 11);
  const minute = pair(text, 14);
  const second = pair(text, 17);
  if (text.charCodeAt(10) !== 84 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return Number.NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  return readLeadingDate(text) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** The instant `seconds` elapsed seconds later (earlier when negative). */
export function addSeconds(instant: Instant, seconds: number): Instant {
  return instantFromMs(msOf(instant) + seconds * 1000);
}

/**
 * Whole elapsed seconds from a to b, negative when b is earlier. Each instant counts as the second it lies in, so that the parts of
 * an interval cut anywhere always add up to the whole (B-8: no second is lost or counted twice).
 */
export function secondsBetween(a: Instant, b: Instant): number {
  return Math.floor(msOf(b) / 1000) - Math.floor(msOf(a) / 1000);
}
