import type { Instant } from '#kernel/instant.ts';
import type { AuditEntry } from '#model/people.ts';

/** What an audit entry of the system takes from the invocation it happens in. */
export interface AuditSource {
  readonly requestId: string;
  now(): Instant;
  ulid(): string;
}

/** An audit entry of something the bonus layer did by itself (M-153). */
export function systemEntry(
  { requestId, now, ulid }: AuditSource,
  entry: Pick<AuditEntry, 'action' | 'entity' | 'entityId' | 'before' | 'after' | 'reason'>,
): AuditEntry {
  return { ...entry, id: ulid(), at: now(), actor: { kind: 'system', id: 'bonus' }, requestId, source: 'system' };
}
