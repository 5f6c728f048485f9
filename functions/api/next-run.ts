import { addSeconds, type Instant } from '#kernel/instant.ts';
import { pausedUntil, waitsForPerson } from '#mirror/connection-state.ts';
import type { Connection, SyncState } from '#model/connection.ts';
import { minuteOfCycle } from '#store/slots.ts';
import { nextRunAt } from '#sync/dispatch.ts';

/** When the schedule next runs a connection (M-11); null while it makes no calls: disconnected, or waiting for new credentials. */
export function scheduledRunAt(
  connection: Pick<Connection, 'id' | 'settings' | 'disconnectedAt'>,
  sync: Pick<SyncState, 'state' | 'cause' | 'tick'>,
  now: Instant,
): Instant | null {
  if (connection.disconnectedAt !== null || waitsForPerson(sync)) return null;
  const { cycleMinutes } = connection.settings;
  const paused = pausedUntil(sync);
  // The tick at the end of the pause itself starts a run.
  const from = paused !== null && paused > now ? addSeconds(paused, -60) : now;
  return nextRunAt(from, cycleMinutes, minuteOfCycle(connection.id, cycleMinutes));
}
