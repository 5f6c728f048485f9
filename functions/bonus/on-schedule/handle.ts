import { type DailyHandler, type DailyPorts, dailyHandler } from '../daily.ts';
import { refreshReferences } from '../on-inputs/refresh-references.ts';
import { endBatches } from '../on-results/end-batch.ts';
import { awaitedTargets } from './awaited.ts';
import { duePremiums } from './due-premiums.ts';
import { workOnGoals } from './goals.ts';

/** What the passing of time asks for: visits that came inside the horizon get their ProPay, periods that have begun their Pro-Goal. */
export function scheduleHandler(ports: DailyPorts): DailyHandler {
  return dailyHandler(ports, async (session, scope) => {
    await endBatches(session, scope);
    await refreshReferences(session, scope);
    await awaitedTargets(session, scope);
    await duePremiums(session, scope);
    await workOnGoals(session, scope);
  });
}
