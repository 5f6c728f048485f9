import { msOf } from '#kernel/instant.ts';
import type { TenantScope } from '#model/scope.ts';
import type { BonusSession } from '../ports.ts';

const METRICS = [
  { Namespace: 'Protiv', Dimensions: [[]], Metrics: [{ Name: 'ResultsVerified' }, { Name: 'ResultDifferences' }] },
];

/** Counts stored results that were worked out again, and those that were something else (I15): a difference raises an alarm. */
export function logVerified({ ports }: BonusSession, { tenantId }: TenantScope, checked: number, different: number): void {
  ports.log({
    level: different > 0 ? 'error' : 'info',
    message: 'verified',
    tenantId,
    _aws: { Timestamp: msOf(ports.now()), CloudWatchMetrics: METRICS },
    ResultsVerified: checked,
    ResultDifferences: different,
  });
}
