import { addDays } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import { listPartition } from '#model/keys.ts';
import { targetOfVerdict } from '#model/propay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { settleTarget } from '../on-inputs/settle-target.ts';
import type { BonusSession } from '../ports.ts';
import { settleEach } from '../settle-each.ts';

/** Visits whose verdict was that they lie beyond the horizon, and that no longer do (M-129). */
export async function awaitedTargets(session: BonusSession, scope: TenantScope): Promise<void> {
  const { table, now } = session.ports;
  const context = await session.context(scope);
  if (context === null) return;
  const horizonDate = addDays(localDateOf(now(), context.zone), context.horizonDays);
  const partition = listPartition(scope, 'NOPP');
  for (const branchId of ['-', ...Object.keys(context.branches)]) {
    const prefix = `${branchId}#awaiting_generation#`;
    const items = await table.queryAll(scope, { index: 'by', partition, from: prefix, to: `${prefix}${horizonDate}~` });
    await settleEach(session, scope, items.flatMap(targetOfVerdict), (target) => settleTarget(session, scope, target));
  }
}
