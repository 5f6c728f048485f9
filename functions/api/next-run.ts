import { catalogue } from '#functions/sync/catalogue.ts';
import { addSeconds, type Instant } from '#kernel/instant.ts';
import { pausedUntil, waitsForPerson } from '#mirror/connection-state.ts';
import type { Connection, SyncState } from '#model/connection.ts';
import { minuteOfCycle } from '#store/slots.ts';
import { nextRunAt } from '#sync/dispatch.ts';

/** When the schedule next runs a connection (M-11); null while it makes no calls: disconnected, waiting for somebody, or a source of files. */
export function scheduledRunAt(
  connection: Pick<Connection, 'id' | 'provider' | 'settings' | 'disconnectedAt'>,
  sync: Pick<SyncState, 'state' | 'cause' | 'tick'>,
  now: Instant,
): Instant | null {
  const takesFiles = catalogue.some(({ provider, takesFiles }) => takesFiles && provider === connection.provider);
  if (connection.disconnectedAt !== null || takesFiles || waitsForPerson(sync)) return null;
  const { cycleMinutes } = connection.settings;
  const paused = pausedUntil(sync);
  // The tick at the end of the pause itself starts a run.
  const from = paused !== null && paused > now ? addSeconds(paused, -60) : now;
  return nextRunAt(from, cycleMinutes, minuteOfCycle(connection.id, cycleMinutes));
}
