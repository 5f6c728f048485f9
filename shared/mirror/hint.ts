import { addSeconds, type Instant, msOf } from '#kernel/instant.ts';
import type { SyncState } from '#model/connection.ts';

/** Events come in swarms: the run waits for the rest of one. */
const COLLECT_SECONDS = 15;
/** At most one run in this time is begun for events, however many come; what is announced meanwhile waits for it. */
const SPACING_SECONDS = 300;
/** Longest an event is told again by its provider. An older one is a replay, and long since read. */
const LONGEST_AGE_MS = 86_400_000;

/** When the run may begin that an event asks for (M-76); null where one that will begin later is asked for already. Pure. */
export function hintDueAfter({ hintDue, hintedAt }: Pick<SyncState, 'hintDue' | 'hintedAt'>, now: Instant): Instant | null {
  if (hintDue !== null && hintDue > now) return null;
  const soonest = addSeconds(now, COLLECT_SECONDS);
  const spaced = hintedAt === null ? soonest : addSeconds(hintedAt, SPACING_SECONDS);
  return spaced > soonest ? spaced : soonest;
}

/** Whether an event is too old to be one that is told for the first time. */
export function isReplay(at: Instant | null, now: Instant): boolean {
  return at !== null && msOf(now) - msOf(at) > LONGEST_AGE_MS;
}
