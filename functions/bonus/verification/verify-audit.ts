import { addDays, dayNumberOf, type Instant, msOf } from '#kernel/instant.ts';
import type { TenantScope } from '#model/scope.ts';
import { brokenMonths, listAuditHeads, readAuditMonth, wakeEntries } from '#store/audit-chain.ts';
import type { BonusSession } from '../ports.ts';

const METRICS = [{ Namespace: 'Protiv', Dimensions: [[]], Metrics: [{ Name: 'AuditEntriesVerified' }, { Name: 'AuditFaults' }] }];

/**
 * Walks along the audit log (M-153): this month and the one before each night, the older ones in turn. A broken link, and an entry that
 * nobody has sealed within an hour, raise an alarm; such an entry is shown to the follower of results once more, which tells and seals it. The log keeps the present end of the chain, where
 * nobody who can write the table can change it.
 */
export async function verifyAudit({ ports }: BonusSession, scope: TenantScope, time: Instant): Promise<void> {
  const { table, log, now } = ports;
  const heads = await listAuditHeads(table, scope);
  const broken = [...brokenMonths(heads)];
  let checked = 0;
  let unsealed = 0;
  for (const month of monthsOf(
    time,
    heads.map((head) => head.month),
  )) {
    const found = await readAuditMonth(table, scope, month, heads, now());
    checked += found.checked;
    unsealed += found.unsealed.length;
    broken.push(...found.broken);
    await wakeEntries(table, scope, found.unsealed, now());
  }
  const faults = broken.length + unsealed;
  log({
    level: faults > 0 ? 'error' : 'info',
    message: 'audit log verified',
    tenantId: scope.tenantId,
    head: heads.at(-1)?.hash ?? null,
    unsealed,
    broken: broken.slice(0, 20),
    _aws: { Timestamp: msOf(now()), CloudWatchMetrics: METRICS },
    AuditEntriesVerified: checked,
    AuditFaults: faults,
  });
}

/** This month, the one before, and one of the others that has its turn today. */
function monthsOf(time: Instant, known: readonly string[]): ReadonlySet<string> {
  const month = time.slice(0, 7);
  const before = addDays(`${month}-01`, -1).slice(0, 7);
  const turn = known.length === 0 ? [] : [known[dayNumberOf(time.slice(0, 10)) % known.length]!];
  return new Set([month, before, ...turn]);
}
