import type { AuditEntry } from '#model/people.ts';
import { systemEntry as entryOf } from '#pay/system-entry.ts';
import type { BonusSession } from './ports.ts';

/** An audit entry of something the system did by itself in this invocation (M-153). */
export function systemEntry(session: BonusSession, entry: Parameters<typeof entryOf>[1]): AuditEntry {
  return entryOf({ ...session.ports, requestId: session.requestId }, entry);
}
