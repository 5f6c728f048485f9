import type { Instant } from '#kernel/instant.ts';
import { isTenantId, scopeOf } from '#model/scope.ts';
import { refreshReferences } from '../on-inputs/refresh-references.ts';
import { endBatches } from '../on-results/end-batch.ts';
import { type BonusPorts, errorLine, openSession } from '../ports.ts';
import { awaitedTargets, verify } from './daily-work.ts';
import { duePremiums } from './due-premiums.ts';
import { workOnGoals } from './goals.ts';
import { verifyGroups } from './verify-groups.ts';

/** What the clock's function needs beside the others'. */
export interface SchedulePorts extends BonusPorts {
  /** Ids of the tenants whose daily work falls into an hour. */
  dueToday(hour: number): Promise<readonly string[]>;
}

/** The hourly tick as EventBridge sends it. */
export interface ScheduledEvent {
  readonly time: Instant;
}

/**
 * The hourly tick: each tenant has its daily work done in its own hour. Visits that came inside the horizon get their ProPay, periods that
 * have begun their Pro-Goal; every open ProPay and a seventh of the jobs are worked out again and compared with what is stored. A tick that
 * comes twice does the same again and changes nothing; what an index or a lost record has hidden from the stream is found here within a week.
 */
export function scheduleHandler(ports: SchedulePorts): (event: ScheduledEvent, requestId: string) => Promise<void> {
  return async ({ time }, requestId) => {
    const session = openSession(ports, requestId);
    let failed = 0;
    for (const tenantId of await ports.dueToday(Number(time.slice(11, 13)))) {
      if (!isTenantId(tenantId)) continue;
      const scope = scopeOf(tenantId);
      try {
        // A slot may name a tenant that is not set up (any more).
        if ((await session.context(scope)) === null) continue;
        await endBatches(session, scope);
        await refreshReferences(session, scope);
        await awaitedTargets(session, scope);
        await duePremiums(session, scope);
        await workOnGoals(session, scope);
        await verify(session, scope, time);
        await verifyGroups(session, scope, time);
      } catch (error) {
        failed += 1;
        ports.log({ level: 'error', message: 'the daily work of a tenant failed', tenantId, ...errorLine(error) });
      }
    }
    // The others are done; the tick comes again for the failed ones, and what is done already changes nothing.
    if (failed > 0) throw new Error(`the daily work of ${failed} tenants failed`);
  };
}
