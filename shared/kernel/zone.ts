import { AppError } from './errors.ts';
import {
  dateOfDayNumber,
  dayNumberOf,
  type Instant,
  instantFromMs,
  isLocalDate,
  type LocalDate,
  localTextOfMs,
  msOf,
  readClock,
} from './instant.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** From here on every zone changes its offset on a whole minute of UTC (some did so at 00:01 local); earlier ones are not kept. */
const MINUTES_SINCE_MS = Date.UTC(1973, 0, 1);
/** Bounds of the caches: distinct spellings of zone names, and days per zone. */
const MAX_ZONES = 1000;
const MAX_DAYS = 20_000;

const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/;
const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;
const LOCAL = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/;

/** What is known of one zone. `days` and `minutes` hold offsets in ms; NaN marks a day on which the offset changes. */
type Zone = { readonly format: Intl.DateTimeFormat; readonly days: Map<number, number>; readonly minutes: Map<number, number> };

const zones = new Map<string, Zone>();

function openZone(name: string): Zone | null {
  const known = zones.get(name);
  if (known !== undefined) return known;
  // Bare offsets such as +05:00 have no daylight saving and are no zone names, though Intl takes them.
  if (!ZONE_NAME.test(name)) return null;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  if (zones.size >= MAX_ZONES) zones.clear();
  const zone: Zone = { format, days: new Map(), minutes: new Map() };
  zones.set(name, zone);
  return zone;
}

function zoneOf(name: string): Zone {
  const zone = openZone(name);
  if (zone === null)
    throw new AppError('invalid-zone', { category: 'customer', detail: `"${name.slice(0, 64)}" is no time zone` });
  return zone;
}

/** Whether the runtime knows the name as an IANA time zone (links such as US/Central included, bare offsets not). */
export function isZone(name: string): boolean {
  return openZone(name) !== null;
}

/** The zone's offset from UTC in ms at an instant, asked from Intl: local time = UTC + offset. */
function askOffset(zone: Zone, ms: number): number {
  const match = OFFSET.exec(zone.format.format(ms));
  if (match === null) throw new AppError('invalid-zone', { message: 'the runtime printed no UTC offset' });
  const seconds = Number(match[2] ?? 0) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0);
  return (match[1] === '-' ? -seconds : seconds) * 1000;
}

/** The offset in ms at an instant, remembered per UTC day, and per minute on the few days with a change. */
function offsetAt(zone: Zone, ms: number): number {
  const day = Math.floor(ms / DAY_MS);
  let offset = zone.days.get(day);
  if (offset === undefined) {
    const first = askOffset(zone, day * DAY_MS);
    offset = first === askOffset(zone, (day + 1) * DAY_MS) ? first : Number.NaN;
    if (zone.days.size >= MAX_DAYS) zone.days.clear();
    zone.days.set(day, offset);
  }
  if (!Number.isNaN(offset)) return offset;
  if (ms < MINUTES_SINCE_MS) return askOffset(zone, ms);
  const minute = Math.floor(ms / MINUTE_MS);
  let exact = zone.minutes.get(minute);
  if (exact === undefined) {
    exact = askOffset(zone, minute * MINUTE_MS);
    if (zone.minutes.size >= MAX_DAYS) zone.minutes.clear();
    zone.minutes.set(minute, exact);
  }
  return exact;
}

/** The zone's offset from UTC in seconds at an instant: −18000 for five hours behind. Throws `invalid-zone`. */
export function offsetSeconds(instant: Instant, zone: string): number {
  return offsetAt(zoneOf(zone), msOf(instant)) / 1000;
}

/** The calendar date on the zone's wall clock at an instant (B-8). Throws `invalid-zone`. */
export function localDateOf(instant: Instant, zone: string): LocalDate {
  const ms = msOf(instant);
  return dateOfDayNumber(Math.floor((ms + offsetAt(zoneOf(zone), ms)) / DAY_MS));
}

/** The zone's wall clock at an instant, `YYYY-MM-DDTHH:mm:ss`; fractions of a second are cut. Throws `invalid-zone`. */
export function localTimeOf(instant: Instant, zone: string): string {
  const ms = msOf(instant);
  return localTextOfMs(ms + offsetAt(zoneOf(zone), ms)).slice(0, 19);
}

/** The instants (0, 1 or 2, in order) at which the zone's wall clock shows a time, and the offset before a change near it. */
function candidates(zone: Zone, localMs: number): { readonly instants: readonly number[]; readonly offsetBefore: number } {
  // No zone is a day or more from UTC, so one day either side lies safely before and after any change at this local time.
  const offsetBefore = offsetAt(zone, localMs - DAY_MS);
  const offsetAfter = offsetAt(zone, localMs + DAY_MS);
  const early = localMs - offsetBefore;
  if (offsetBefore === offsetAfter) return { instants: [early], offsetBefore };
  const late = localMs - offsetAfter;
  const instants: number[] = [];
  if (offsetAt(zone, early) === offsetBefore) instants.push(early);
  if (offsetAt(zone, late) === offsetAfter) instants.push(late);
  return { instants: instants.sort((a, b) => a - b), offsetBefore };
}

/**
 * The instant of a wall-clock time in a zone (M-35). A time inside a spring gap moves forward by the gap; an ambiguous autumn time is
 * the first occurrence, or the second when the first lies before `notBefore` (the start, when the end of an entry is read). `local`
 * is `YYYY-MM-DDTHH:mm`, optionally with seconds and decimals (cut to ms). Throws `invalid-local-time` and `invalid-zone`.
 */
export function localToInstant(local: string, zone: string, notBefore?: Instant): Instant {
  const instant = parseLocalTime(local, zone, notBefore);
  if (instant !== null) return instant;
  throw new AppError('invalid-local-time', { category: 'customer', detail: `"${local.slice(0, 40)}" is no local time` });
}

/** The same for text from outside: null where it is no wall-clock time. Throws `invalid-zone`. */
export function parseLocalTime(local: string, zone: string, notBefore?: Instant): Instant | null {
  const localMs = readLocal(local);
  if (Number.isNaN(localMs)) return null;
  const { instants, offsetBefore } = candidates(zoneOf(zone), localMs);
  const [first, second] = instants;
  if (first === undefined) return instantFromMs(localMs - offsetBefore);
  return instantFromMs(second !== undefined && notBefore !== undefined && first < msOf(notBefore) ? second : first);
}

/** Milliseconds of a wall-clock time counted as if it were UTC; NaN when the text is none. */
function readLocal(text: string): number {
  const usual = text.length === 19 ? readClock(text) : Number.NaN;
  if (!Number.isNaN(usual)) return usual;
  const match = LOCAL.exec(text);
  if (match === null || !isLocalDate(match[1])) return Number.NaN;
  const hour = Number(match[2]);
  const minute = Number(match[3]);
  const second = Number(match[4] ?? 0);
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  const millis = Number((match[5] ?? '').slice(0, 3).padEnd(3, '0'));
  return dayNumberOf(match[1]) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + millis;
}

/** The first instant of a date in a zone: midnight, or the end of the gap where the clocks skip midnight. Throws `invalid-zone`. */
export function startOfDay(date: LocalDate, zone: string): Instant {
  const known = zoneOf(zone);
  const localMs = dayNumberOf(date) * DAY_MS;
  const { instants, offsetBefore } = candidates(known, localMs);
  if (instants[0] !== undefined) return instantFromMs(instants[0]);
  // Midnight is skipped: the day starts at the change itself, which a bisection finds to the millisecond.
  let before = localMs - DAY_MS;
  let after = localMs + DAY_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(known, middle) === offsetBefore) before = middle;
    else after = middle;
  }
  return instantFromMs(after);
}
