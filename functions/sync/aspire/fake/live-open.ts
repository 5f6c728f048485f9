import { isLocalDate, parseInstant } from '#kernel/instant.ts';
import { localTimeOf, localToInstant } from '#kernel/zone.ts';
import type { Row } from '../../../../shared/fake-source/dataset.ts';
import type { SeededRandom } from '../../../../shared/fake-source/random.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import type { Crew } from './live-crews.ts';

/** An open entry of the demo's own changes, and when it is going to end. */
export type Running = { readonly id: number; readonly startMs: number; readonly endMs: number };

const MINUTE_MS = 60_000;
/** Length of one entry in minutes, drawn per entry: one open entry per crew, so about two new rows an hour and crew. */
const SHORTEST = 20;
const LONGEST = 40;
/** An entry is dated back by no more than this. */
const DATED_BACK_MS = 19 * MINUTE_MS;

/** Ids of new entries count quarter seconds from here, so that a restarted demo never gives an id a second time. */
const EPOCH_MS = Date.UTC(2026, 0, 1);
const FIRST_ID = 10_000_000;
/** Ids a moment has for one tenant before the next second's begin is passed by far. */
const IDS_AT_ONCE = 64;

/** A wall-clock time without an offset, as this source writes them; years far off stand for "never". */
const WALL_CLOCK = /^(19|20)\d\d-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?$/;

/**
 * The moment of a time field in ms; null for what is no time. Anything can be put into a row at the control door, and the demo must go
 * on beside it.
 */
export function fieldMs(value: unknown, zone: string, notBefore?: string): number | null {
  if (typeof value !== 'string') return null;
  const isLocal = WALL_CLOCK.test(value) && isLocalDate(value.slice(0, 10));
  const instant = isLocal ? localToInstant(value, zone, notBefore) : parseInstant(value);
  return instant === null ? null : Date.parse(instant);
}

/** The lowest id of an entry made at this moment. */
export function firstIdAt(nowMs: number): number {
  return FIRST_ID + Math.floor((nowMs - EPOCH_MS) / 1000) * 4;
}

/** The planned length of a new entry in milliseconds. */
export function plannedMs(random: SeededRandom): number {
  return random.between(SHORTEST, LONGEST) * MINUTE_MS;
}

/**
 * Open entries of the recording are carried on: those of today end within a quarter of an hour. One that was open when the demo was
 * started, on a day now past, ended within a quarter of an hour of that moment; any other of an earlier day stays open, as recorded.
 */
export function recordedOpen(data: TenantData, crew: Crew, nowMs: number, random: SeededRandom): Running[] {
  const dayOf = (instant: string): string => localTimeOf(instant, crew.zone).slice(0, 10);
  const today = dayOf(new Date(nowMs).toISOString());
  const { startedAt } = data.dataset._about;
  const recorded = new Map((data.dataset.endpoints['/WorkTicketTimes'] ?? []).map((row) => [row.WorkTicketTimeID, row]));
  return crew.open.flatMap((row) => {
    const base = recorded.get(row.WorkTicketTimeID);
    const startMs = fieldMs(row.StartTime, crew.zone);
    if (base === undefined || startMs === null || startMs > nowMs) return [];
    const day = String(row.StartTime).slice(0, 10);
    const wasOpen = typeof startedAt === 'string' && (base.EndTime ?? null) === null && day === dayOf(startedAt);
    if (day !== today && !wasOpen) return [];
    const fromMs = day === today ? nowMs : Date.parse(String(startedAt));
    const endMs = Math.max(fromMs, startMs + MINUTE_MS) + random.between(0, 15) * MINUTE_MS;
    return [{ id: Number(row.WorkTicketTimeID), startMs, endMs }];
  });
}

/**
 * Open entries that the own changes of an earlier process have left behind, known by an id that tells their moment. They get a length
 * as any other, so that after hours of standstill they end when they would have ended.
 */
export function leftOpen(crew: Crew, nowMs: number, random: SeededRandom): Running[] {
  return crew.open.filter(isOwn).flatMap((row) => {
    const notBefore = new Date(Date.parse(String(row.CreatedDateTime)) - DATED_BACK_MS).toISOString();
    const startMs = fieldMs(row.StartTime, crew.zone, notBefore);
    if (startMs === null || startMs > nowMs) return [];
    return [{ id: Number(row.WorkTicketTimeID), startMs, endMs: startMs + plannedMs(random) }];
  });
}

function isOwn(row: Row): boolean {
  const above = Number(row.WorkTicketTimeID) - firstIdAt(Date.parse(String(row.CreatedDateTime)));
  return above >= 0 && above < IDS_AT_ONCE;
}
