import { survivorOf } from '#model/merged-people.ts';
import type { AuditEntry } from '#model/people.ts';
import type { TenantScope } from '#model/scope.ts';
import { issuePremiums } from '#pay/issue-premiums.ts';
import { readPersonPay } from '#pay/person-pay.ts';
import type { BonusSession } from '../ports.ts';
import { openStatements } from './open-statements.ts';

/** Whose pay a decision on a link moves (M-149): the person's of the one record, and of the other. */
export function peopleMovedBy({ entity, entityId, after }: AuditEntry): readonly string[] {
  const { space, targetId } = (entity === 'link' ? after : {}) as { readonly space?: string; readonly targetId?: string };
  return space === 'worker' && targetId !== undefined ? [entityId.slice(entityId.lastIndexOf('.') + 1), targetId] : [];
}

/**
 * What follows of a merge, or of its undoing, for pay (M-149): the statements on which open items stand now, and the premium that the hours
 * of one person add where they were those of two.
 */
export async function followPerson(session: BonusSession, scope: TenantScope, named: string): Promise<void> {
  const { table, now, ulid } = session.ports;
  const context = await session.context(scope);
  if (context === null) return;
  const workerId = survivorOf(context, named);
  const { items } = await readPersonPay(table, scope, context, workerId);
  const weeks = [...new Set(items.flatMap((item) => item.weeks.map(({ weekStart }) => weekStart)))];
  await issuePremiums({ table, now, ulid, requestId: session.requestId }, scope, context, { workerId, weeks, also: [] });
  await openStatements(session, scope, workerId);
}
