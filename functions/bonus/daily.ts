import type { Instant } from '#kernel/instant.ts';
import { isTenantId, scopeOf, type TenantScope } from '#model/scope.ts';
import { type BonusPorts, type BonusSession, errorLine, openSession } from './ports.ts';

/** What the clock's functions need beside the others'. */
export interface DailyPorts extends BonusPorts {
  /** Ids of the tenants whose daily work falls into an hour. */
  dueToday(hour: number): Promise<readonly string[]>;
}

/** The hourly tick as EventBridge sends it. */
export interface ScheduledEvent {
  readonly time: Instant;
}

export type DailyHandler = (event: ScheduledEvent, requestId: string) => Promise<void>;

/**
 * Answers the hourly tick: each tenant has its daily work done in its own hour. A tick that comes twice does the same again and changes
 * nothing. One tenant's failure stops no other; it fails the tick in the end, so that the tick comes again.
 */
export function dailyHandler(
  ports: DailyPorts,
  work: (session: BonusSession, scope: TenantScope, time: Instant) => Promise<void>,
): DailyHandler {
  return async ({ time }, requestId) => {
    const session = openSession(ports, requestId);
    let failed = 0;
    for (const tenantId of await ports.dueToday(Number(time.slice(11, 13)))) {
      if (!isTenantId(tenantId)) continue;
      const scope = scopeOf(tenantId);
      try {
        // A slot may name a tenant that is not set up (any more).
        if ((await session.context(scope)) !== null) await work(session, scope, time);
      } catch (error) {
        failed += 1;
        ports.log({ level: 'error', message: 'the daily work of a tenant failed', tenantId, ...errorLine(error) });
      }
    }
    // The others are done; the tick comes again for the failed ones, and what is done already changes nothing.
    if (failed > 0) throw new Error(`the daily work of ${failed} tenants failed`);
  };
}
