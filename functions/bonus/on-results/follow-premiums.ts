import type { TenantScope } from '#model/scope.ts';
import { issuePremiums } from '#pay/issue-premiums.ts';
import type { BonusSession } from '../ports.ts';

/** Issues the premiums that a worker's items call for as they are now: made, released, voided, or payable since today (B-206, B-207). */
export async function followPremiums(session: BonusSession, scope: TenantScope, workerId: string): Promise<void> {
  const context = await session.context(scope);
  if (context === null) return;
  const { table, now, ulid } = session.ports;
  await issuePremiums({ table, now, ulid, requestId: session.requestId }, scope, context, { workerId, weeks: [], also: [] });
}
