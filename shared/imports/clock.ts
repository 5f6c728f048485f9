import { addSeconds, type Instant, isLocalDate, type LocalDate, parseInstant } from '#kernel/instant.ts';
import { localDateOf, localTimeOf, parseLocalTime } from '#kernel/zone.ts';
import { type CompiledPattern, compilePattern, type PatternUse } from './patterns.ts';
import type { Profile } from './profile.ts';

/** A point on the clock as a cell tells it: with an offset an instant, else a time of day, with or without a day of its own. */
export interface ClockValue {
  readonly instant: Instant | null;
  readonly date: LocalDate | null;
  /** `HH:mm:ss`. */
  readonly time: string;
}

/** How an instant follows from a wall clock: `moved` where that hour does not exist, `twice` where it exists twice. */
export interface PlacedClock {
  readonly instant: Instant;
  readonly change: 'moved' | 'twice' | null;
}

/** Remembered readings: the same few dates and times stand in nearly every row. */
const MAX_REMEMBERED = 5_000;

/** Reads dates and times as one profile writes them. A text that two of its patterns read differently is no date. */
export class ClockReader {
  readonly zone: string;
  readonly #overlap: Profile['locale']['dstOverlap'];
  readonly #patterns: Readonly<Record<PatternUse, readonly CompiledPattern[]>>;
  readonly #dates = new Map<string, LocalDate | null>();
  readonly #clocks = new Map<string, ClockValue | null>();
  readonly #placed = new Map<string, PlacedClock | null>();

  constructor(locale: Profile['locale'], tenantZone: string) {
    this.zone = locale.timeZone === 'tenant' ? tenantZone : locale.timeZone;
    this.#overlap = locale.dstOverlap;
    const compiled = (patterns: readonly string[], use: PatternUse) =>
      patterns.map((pattern) => compilePattern(pattern, use)).filter((one) => one !== null);
    this.#patterns = {
      date: compiled(locale.date, 'date'),
      time: compiled(locale.time, 'time'),
      dateTime: compiled(locale.dateTime, 'dateTime'),
    };
  }

  /** The day of a date, or of a date and time; null where the text is neither, or could be several days. */
  date(text: string): LocalDate | null {
    return remembered(this.#dates, text, () => {
      const days = new Set([...matches(text, this.#patterns.date), ...matches(text, this.#patterns.dateTime)].map(dateOf));
      if (days.size > 1) return null;
      const [day] = days;
      if (day !== undefined) return day;
      const instant = parseInstant(text);
      return instant === null ? null : localDateOf(instant, this.zone);
    });
  }

  /** A time of day, a date and time, or an instant, whose offset counts before any zone. */
  clock(text: string): ClockValue | null {
    return remembered(this.#clocks, text, () => {
      const found = new Map<string, ClockValue>();
      for (const parts of matches(text, this.#patterns.time)) add(found, null, timeOf(parts));
      for (const parts of matches(text, this.#patterns.dateTime)) add(found, dateOf(parts), timeOf(parts));
      if (found.size > 1) return null;
      const [clock] = found.values();
      if (clock !== undefined) return clock;
      const instant = parseInstant(text);
      return instant === null
        ? null
        : { instant, date: localDateOf(instant, this.zone), time: localTimeOf(instant, this.zone).slice(11) };
    });
  }

  /** The instant of a wall clock on a day; of two equal ones the profile's choice, or the later one where only that is not before `notBefore`. */
  place(date: LocalDate, time: string, notBefore?: Instant): PlacedClock | null {
    const placed = remembered(this.#placed, `${date}T${time}`, (local) => this.#placeFirst(local));
    if (placed?.change !== 'twice') return placed;
    const second = parseLocalTime(`${date}T${time}`, this.zone, addSeconds(placed.instant, 1))!;
    const later = this.#overlap === 'second' || (notBefore !== undefined && placed.instant < notBefore);
    return { instant: later ? second : placed.instant, change: 'twice' };
  }

  /** The first instant of a wall clock, and whether there is none or another one. */
  #placeFirst(local: string): PlacedClock | null {
    const first = parseLocalTime(local, this.zone);
    if (first === null) return null;
    if (localTimeOf(first, this.zone) !== local) return { instant: first, change: 'moved' };
    // Asked for one behind the first, the kernel gives the second where there is one.
    const second = parseLocalTime(local, this.zone, addSeconds(first, 1));
    return { instant: first, change: second === first ? null : 'twice' };
  }
}

type Parts = Readonly<Record<keyof CompiledPattern['groups'], string | undefined>>;

function* matches(text: string, patterns: readonly CompiledPattern[]): Iterable<Parts> {
  for (const { expression, groups } of patterns) {
    const match = expression.exec(text);
    if (match === null) continue;
    const part = (group: number) => (group === 0 ? undefined : match[group]);
    const parts: Parts = {
      year: part(groups.year),
      month: part(groups.month),
      day: part(groups.day),
      hour24: part(groups.hour24),
      hour12: part(groups.hour12),
      minute: part(groups.minute),
      second: part(groups.second),
      half: part(groups.half),
    };
    const dated = parts.year === undefined || isLocalDate(dateOf(parts));
    if (dated && (parts.minute === undefined || isTime(parts))) yield parts;
  }
}

function dateOf({ year, month, day }: Parts): LocalDate {
  return `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
}

function isTime({ hour24, hour12, minute, second }: Parts): boolean {
  const hours = hour24 !== undefined ? Number(hour24) <= 23 : Number(hour12) >= 1 && Number(hour12) <= 12;
  return hours && Number(minute) <= 59 && Number(second ?? 0) <= 59;
}

function timeOf({ hour24, hour12, minute, second, half }: Parts): string {
  const afternoon = half !== undefined && /^p/i.test(half);
  const hour = hour24 ?? String((Number(hour12) % 12) + (afternoon ? 12 : 0));
  return `${hour.padStart(2, '0')}:${minute}:${second ?? '00'}`;
}

function add(found: Map<string, ClockValue>, date: LocalDate | null, time: string): void {
  found.set(`${date} ${time}`, { instant: null, date, time });
}

function remembered<T>(memory: Map<string, T>, text: string, read: (text: string) => T): T {
  const known = memory.get(text);
  if (known !== undefined) return known;
  const value = read(text);
  if (memory.size >= MAX_REMEMBERED) memory.clear();
  memory.set(text, value);
  return value;
}
