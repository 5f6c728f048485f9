import { encodePageMessage } from '#events/page-message.ts';
import { tenantIdOfKey } from '#model/keys.ts';
import type { MessageQueue } from '#platform/message-queue.ts';
import { feedPageNumber } from '#store/feed-repository.ts';
import { changeOf, type StreamRecord } from '#store/stream-image.ts';
import { type BonusPorts, errorLine } from '../ports.ts';

/**
 * Announces the pages of feeds that are new in a batch of the stream. A page is written once and never changed, and nothing but its coming
 * concerns anybody. Answers the records of pages that could not be announced.
 */
export async function announcePages(
  { events, log }: { readonly events: MessageQueue } & Pick<BonusPorts, 'log'>,
  records: readonly StreamRecord[],
): Promise<readonly string[]> {
  const pages = records
    .filter(({ eventName, dynamodb }) => eventName === 'INSERT' && isPage(dynamodb?.NewImage))
    .map(changeOf)
    .flatMap(({ after, sequence }) => {
      const tenantId = after === null ? null : tenantIdOfKey(after.pk);
      return after === null || tenantId === null ? [] : [{ sequence, message: { tenantId, page: feedPageNumber(after) } }];
    });
  if (pages.length === 0) return [];
  try {
    await events.send(pages.map(({ message }) => encodePageMessage(message)));
    return [];
  } catch (error) {
    log({ level: 'error', message: 'new pages of a feed could not be announced', ...errorLine(error) });
    // Which of them went is not known: all of them again, and whoever is told twice knows it.
    return pages.map(({ sequence }) => sequence);
  }
}

/** Looked at before the image is read: a batch holds few pages among many other records. */
function isPage(image: Readonly<Record<string, unknown>> | undefined): boolean {
  return (image?.et as { readonly S?: string } | undefined)?.S === 'fe';
}
