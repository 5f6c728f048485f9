import { encodePageMessage } from '#events/page-message.ts';
import { tenantIdOfKey } from '#model/keys.ts';
import { waitsToBeSent } from '#model/user.ts';
import { encodeMailMessage } from '#notices/mail-message.ts';
import type { MessageQueue, QueueMessage } from '#platform/message-queue.ts';
import { feedPageNumber } from '#store/feed-repository.ts';
import { changeOf, type StreamRecord } from '#store/stream-image.ts';
import type { Item } from '#store/table.ts';
import { decodeUser } from '#store/user-repository.ts';
import { type BonusPorts, errorLine } from '../ports.ts';

/** Where others wait to be told. */
export interface AnnouncePorts extends Pick<BonusPorts, 'log'> {
  /** New pages of feeds. */
  readonly events: MessageQueue;
  /** Mails to be written. */
  readonly mails: MessageQueue;
}

interface Announcement {
  readonly sequence: string;
  readonly message: QueueMessage;
}

/**
 * Announces what is new in a batch of the stream: pages of feeds, which are written once and never changed, and invitations that somebody has
 * just asked for. Answers the records that could not be announced.
 */
export async function announce(
  { events, mails, log }: AnnouncePorts,
  records: readonly StreamRecord[],
): Promise<readonly string[]> {
  const pages = announcementsOf(records, 'fe', (item, tenantId) => encodePageMessage({ tenantId, page: feedPageNumber(item) }));
  const invitations = announcementsOf(records, 'us', (item, tenantId) => {
    const user = decodeUser(item);
    // One that has a secret is being sent already; asking for it again takes the secret away.
    const isAsked = waitsToBeSent(user) && user.invitation.secretHash === null;
    return isAsked ? encodeMailMessage({ kind: 'invitation', tenantId, userId: user.id }) : null;
  });
  const failed = await Promise.all([send(events, pages, log), send(mails, invitations, log)]);
  return failed.flat();
}

async function send(
  queue: MessageQueue,
  announcements: readonly Announcement[],
  log: BonusPorts['log'],
): Promise<readonly string[]> {
  if (announcements.length === 0) return [];
  try {
    await queue.send(announcements.map(({ message }) => message));
    return [];
  } catch (error) {
    log({ level: 'error', message: 'something new could not be announced', ...errorLine(error) });
    // Which of them went is not known: all of them again, and whoever is told twice knows it.
    return announcements.map(({ sequence }) => sequence);
  }
}

/** The announcements of the records of one kind; pages are told when they are born, whatever else by its present form. */
function announcementsOf(
  records: readonly StreamRecord[],
  mark: 'fe' | 'us',
  messageOf: (item: Item, tenantId: string) => QueueMessage | null,
): readonly Announcement[] {
  return records
    .filter(({ eventName, dynamodb }) => isMarked(dynamodb?.NewImage, mark) && (mark === 'us' || eventName === 'INSERT'))
    .map(changeOf)
    .flatMap(({ after, sequence }) => {
      const tenantId = after === null ? null : tenantIdOfKey(after.pk);
      const message = after === null || tenantId === null ? null : messageOf(after, tenantId);
      return message === null ? [] : [{ sequence, message }];
    });
}

/** Looked at before the image is read: a batch holds few of these among many other records. */
function isMarked(image: Readonly<Record<string, unknown>> | undefined, mark: string): boolean {
  return (image?.et as { readonly S?: string } | undefined)?.S === mark;
}
