import { addSeconds, type Instant, msOf } from '#kernel/instant.ts';
import type { RunMessage } from '#mirror/start.ts';
import { parseConnectionId } from '#model/ids.ts';
import type { IntegrationManifest } from '#model/manifest.ts';
import type { Slots } from '#store/slots.ts';

const MINUTE_MS = 60_000;

/**
 * What a schedule tick starts: the connections whose minute has come since the last tick, one message each. A lost tick is made up,
 * at most one cycle of it; a repeated or late one finds the tick moved on and starts nothing (faults 1 to 3).
 */
export async function dispatchTick(
  slots: Slots,
  manifest: Pick<IntegrationManifest, 'provider' | 'cycles'>,
  at: Instant,
  send: (messages: readonly RunMessage[]) => Promise<void>,
): Promise<number> {
  const minute = Math.floor(msOf(at) / MINUTE_MS);
  const now = new Date(minute * MINUTE_MS).toISOString();
  const last = await slots.lastTick(manifest.provider);
  if (last !== null && last >= now) return 0;
  const since = last === null ? minute - 1 : Math.floor(msOf(last) / MINUTE_MS);
  const messages: RunMessage[] = [];
  for (const cycle of manifest.cycles) {
    for (const slot of minutesOfCycle(since, minute, cycle)) {
      for (const connectionId of await slots.due(manifest.provider, cycle, slot)) {
        messages.push({ v: 1, tenantId: parseConnectionId(connectionId)!.tenantId, connectionId, kind: 'tick', tick: now });
      }
    }
  }
  // Messages first, tick afterwards: a crash in between repeats the messages, which the tick inside them makes harmless.
  await send(messages);
  await slots.moveTick(manifest.provider, last, now);
  return messages.length;
}

/** The minutes of a cycle that lie after `since` and up to `until`, each once. */
export function minutesOfCycle(since: number, until: number, cycle: number): number[] {
  const minutes = new Set<number>();
  for (let minute = Math.max(since + 1, until - cycle + 1); minute <= until; minute++) minutes.add(minute % cycle);
  return [...minutes].sort((a, b) => a - b);
}

/** When a connection's slot comes next, for the integration page (M-11). */
export function nextRunAt(now: Instant, cycleMinutes: number, minuteOfCycle: number): Instant {
  const minute = Math.floor(msOf(now) / MINUTE_MS);
  const wait = (((minuteOfCycle - (minute % cycleMinutes)) % cycleMinutes) + cycleMinutes) % cycleMinutes;
  return addSeconds(new Date(minute * MINUTE_MS).toISOString(), (wait === 0 ? cycleMinutes : wait) * 60);
}
