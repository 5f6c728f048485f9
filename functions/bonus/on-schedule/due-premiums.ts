import { addDays } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import { parseLineItemId } from '#model/ids.ts';
import { listPartition } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { followPremiums } from '../on-results/follow-premiums.ts';
import { type BonusSession, forEachOf } from '../ports.ts';

const AT_ONCE = 8;
/** Days looked back, so that a day on which nothing could be done is made good. */
const DAYS_BACK = 8;

/**
 * Premiums of items that became payable by their date alone, of which no stream tells (B-207): the people with unpaid items that became
 * free in the last days.
 */
export async function duePremiums(session: BonusSession, scope: TenantScope): Promise<void> {
  const { table, now } = session.ports;
  const context = await session.context(scope);
  if (context === null) return;
  const todayDate = localDateOf(now(), context.zone);
  // A day more: a branch may be a day ahead of the tenant's zone.
  const rows = await table.queryAll(scope, {
    index: 'by',
    partition: listPartition(scope, 'LI'),
    from: `u#${addDays(todayDate, -DAYS_BACK)}`,
    to: `u#${addDays(todayDate, 1)}~`,
  });
  const workerIds = new Set(rows.flatMap((row) => parseLineItemId(String(row.bs).split('#')[2] ?? '')?.workerId ?? []));
  const failed = await forEachOf([...workerIds], AT_ONCE, (workerId) => followPremiums(session, scope, workerId));
  if (failed.length > 0) throw failed[0]!.error;
}
