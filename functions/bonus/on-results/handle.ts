import type { MessageQueue } from '#platform/message-queue.ts';
import type { StreamRecord } from '#store/stream-image.ts';
import type { BonusPorts } from '../ports.ts';
import { announcePages } from './announce-pages.ts';
import { processResults } from './process-results.ts';

/** What the function of results reaches beside the table: the queue in which new pages of feeds are announced. */
export interface ResultsPorts extends BonusPorts {
  readonly events: MessageQueue;
}

/** The function behind its entry: follows results, line items and approvals, announces pages of feeds; reports per record. */
export function resultsHandler(ports: ResultsPorts): (
  event: { readonly Records: readonly StreamRecord[] },
  requestId: string,
) => Promise<{
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}> {
  return async ({ Records }, requestId) => {
    const failed = [...(await announcePages(ports, Records)), ...(await processResults(ports, Records, requestId))];
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
