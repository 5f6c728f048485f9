import { addDays, daysBetween, instantFromMs, isLocalDate, isoWeek, parseInstant, weekStart } from '#kernel/instant.ts';
import { localDateOf, localTimeOf, localToInstant, offsetSeconds } from '#kernel/zone.ts';
import type { SourceDataset } from './dataset.ts';

/** A date alone, a wall-clock time, or an instant with `Z` or an offset; nothing else is touched. */
const STAMP = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/;

/** Sentinels such as 0001-01-01 or 9999-12-31 mean "never", not a day to be moved. */
function isOrdinary(date: string): boolean {
  return isLocalDate(date) && date >= '1990-01-01' && date <= '2099-12-31';
}

function offsetText(seconds: number): string {
  const minutes = Math.abs(seconds) / 60;
  const pair = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${seconds < 0 ? '-' : '+'}${pair(minutes / 60)}:${pair(minutes % 60)}`;
}

/**
 * Moves one date text by whole days. A date and a wall-clock time keep their time of day. An instant keeps the wall-clock time it has
 * in the zone, so its UTC time changes by an hour where the clocks changed in between; its own form (decimals, `Z`, offset) stays.
 * A wall-clock time that does not exist on the new day moves forward by the gap; one that occurs twice becomes the first. Text that
 * is no date comes back unchanged.
 */
export function moveStamp(text: string, days: number, zone: string): string {
  const match = STAMP.exec(text);
  const date = match?.[1];
  if (match === null || date === undefined || !isOrdinary(date)) return text;
  const [, , clock, decimals = '', offset] = match;
  if (clock === undefined) return addDays(date, days);
  if (offset === undefined) return `${addDays(date, days)}T${clock}${decimals}`;
  const instant = parseInstant(`${date}T${clock}${offset}`);
  if (instant === null) return text;
  const local = localTimeOf(instant, zone);
  const moved = localToInstant(`${addDays(local.slice(0, 10), days)}${local.slice(10)}`, zone);
  if (offset === 'Z') return `${moved.slice(0, 19)}${decimals}Z`;
  // An offset that was the zone's follows the zone; any other was chosen by the source and stays.
  const was = offsetSeconds(instant, zone);
  const shown = offset === offsetText(was) ? offsetSeconds(moved, zone) : offsetInSeconds(offset);
  const wall = instantFromMs(Date.parse(moved) + shown * 1000).slice(0, 19);
  return `${wall}${decimals}${offsetText(shown)}`;
}

function offsetInSeconds(offset: string): number {
  const size = Number(offset.slice(1, 3)) * 3600 + Number(offset.slice(4, 6)) * 60;
  return offset.startsWith('-') ? -size : size;
}

function moveValue(value: unknown, days: number, zone: string): unknown {
  if (typeof value === 'string') return moveStamp(value, days, zone);
  if (Array.isArray(value)) return value.map((item) => moveValue(item, days, zone));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, moveValue(held, days, zone)]));
}

/** The recorded company with every date of its rows and change steps moved by whole weeks, in the company's zone (see moveStamp). */
export function moveDates<D extends SourceDataset>(dataset: D, weeks: number): D {
  if (!Number.isInteger(weeks)) throw new RangeError('weeks must be a whole number: weekdays have to stay');
  const days = weeks * 7;
  const zone = dataset._about.timeZone;
  return {
    ...dataset,
    _about: { ...dataset._about, snapshotAt: moveStamp(dataset._about.snapshotAt, days, zone) },
    endpoints: moveValue(dataset.endpoints, days, zone),
    changes: moveValue(dataset.changes, days, zone),
  };
}

/**
 * A recording moved to end in the past week, with what it left running ended as its step `open_closed` says: nothing lies ahead, and nobody
 * works through a week.
 */
export function endedByNow(recorded: SourceDataset, nowMs: number): SourceDataset {
  const weeks = weeksToThisWeek(recorded, nowMs);
  const thisWeek = moveDates(recorded, weeks);
  const dataset = Date.parse(thisWeek._about.snapshotAt) <= nowMs ? thisWeek : moveDates(recorded, weeks - 1);
  const closed = dataset.changes.filter(({ step, row }) => step === 'open_closed' && row !== null);
  const endpoints = Object.entries(dataset.endpoints).map(([path, rows]) => {
    const ended = new Map(closed.filter((change) => change.path === path).map(({ key, row }) => [String(key), row!]));
    return [path, rows.map((row) => ({ ...(ended.get(String(row.id)) ?? row) }))];
  });
  return { ...dataset, endpoints: Object.fromEntries(endpoints) };
}

/** Weeks to move a recorded company by so that the week it ends in (Monday to Sunday, in its zone) is the week of `nowMs`. */
export function weeksToThisWeek(dataset: SourceDataset, nowMs: number): number {
  const zone = dataset._about.timeZone;
  const monday = (instant: string): string => weekStart(isoWeek(localDateOf(instant, zone)));
  const recorded = parseInstant(dataset._about.snapshotAt);
  if (recorded === null) throw new RangeError('the dataset does not tell when it was recorded');
  return daysBetween(monday(recorded), monday(instantFromMs(nowMs))) / 7;
}
