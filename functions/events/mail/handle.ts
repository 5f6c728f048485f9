import { scopeOf } from '#model/scope.ts';
import { decodeMailMessage } from '#notices/mail-message.ts';
import type { LogLine } from '#platform/log.ts';
import { type BatchAnswer, handleEach, type QueueEvent } from '../queue-batch.ts';
import { type MailPorts, sendInvitation } from './send-invitation.ts';

/** Receives after which the queue gives a message up. */
const MAX_RECEIVES = 4;

/** The function behind its entry: writes and sends the mails that messages ask for. */
export function mailHandler(ports: MailPorts & { log(line: LogLine): void }): (event: QueueEvent) => Promise<BatchAnswer> {
  return ({ Records }) =>
    handleEach(Records, ports, async (body, receives) => {
      const { tenantId, userId } = decodeMailMessage(body);
      await sendInvitation(ports, scopeOf(tenantId), userId, receives >= MAX_RECEIVES);
    });
}
