import type { AuditEntry } from '#model/people.ts';
import type { BonusSession } from './ports.ts';

/** An audit entry of something the system did by itself (M-153). */
export function systemEntry(
  session: BonusSession,
  entry: Pick<AuditEntry, 'action' | 'entity' | 'entityId' | 'before' | 'after' | 'reason'>,
): AuditEntry {
  return {
    ...entry,
    id: session.ports.ulid(),
    at: session.ports.now(),
    actor: { kind: 'system', id: 'bonus' },
    requestId: session.requestId,
    source: 'system',
  };
}
