import type { StreamRecord } from '#store/stream-image.ts';
import type { BonusPorts } from '../ports.ts';
import { type AnnouncePorts, announce } from './announce.ts';
import { processResults } from './process-results.ts';
import { sealAudit } from './seal-audit.ts';
import { tellChanges } from './tell-changes.ts';

/** What the function of results reaches beside the table: the queues of those who wait to be told. */
export interface ResultsPorts extends BonusPorts, AnnouncePorts {}

/** The function behind its entry: follows results, line items and approvals, announces what is new; reports per record. */
export function resultsHandler(ports: ResultsPorts): (
  event: { readonly Records: readonly StreamRecord[] },
  requestId: string,
) => Promise<{
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}> {
  return async ({ Records }, requestId) => {
    const untold = await tellChanges(ports, Records);
    const failed = [
      ...(await announce(ports, Records)),
      ...untold,
      ...(await sealAudit(ports, Records, untold)),
      ...(await processResults(ports, Records, requestId)),
    ];
    return { batchItemFailures: [...new Set(failed)].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
