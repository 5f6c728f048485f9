import { addSeconds, type Instant, instantFromMs } from '#kernel/instant.ts';
import { offsetSeconds } from '#kernel/zone.ts';

const SHORTEST_MS = 12 * 60_000;
const LONGEST_MS = 40 * 60_000;

/** How long a timer of the demo runs, in milliseconds. It follows from the entry's id, so that it needs no memory over restarts. */
export function timerLengthMs(id: unknown): number {
  let mixed = 0;
  for (const letter of String(id)) mixed = (mixed * 31 + letter.charCodeAt(0)) % 1_000_003;
  return SHORTEST_MS + (mixed % (LONGEST_MS - SHORTEST_MS));
}

/** An instant as sources write it: whole seconds, `Z`. */
export function wholeSecond(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** The same as the wall clock of a zone shows it, with its offset. */
export function localSecond(ms: number, zone: string): { readonly text: string; readonly offsetHours: number } {
  const at: Instant = instantFromMs(ms);
  const offset = offsetSeconds(at, zone);
  const sign = offset < 0 ? '-' : '+';
  const hours = String(Math.floor(Math.abs(offset) / 3_600)).padStart(2, '0');
  const minutes = String((Math.abs(offset) % 3_600) / 60).padStart(2, '0');
  return { text: `${addSeconds(at, offset).slice(0, 19)}${sign}${hours}:${minutes}`, offsetHours: offset / 3_600 };
}
