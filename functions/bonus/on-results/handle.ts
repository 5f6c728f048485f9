import type { StreamRecord } from '#store/stream-image.ts';
import type { BonusPorts } from '../ports.ts';
import { processResults } from './process-results.ts';

/** The function behind its entry: follows results, line items and approvals; reports per record. */
export function resultsHandler(ports: BonusPorts): (
  event: { readonly Records: readonly StreamRecord[] },
  requestId: string,
) => Promise<{
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}> {
  return async ({ Records }, requestId) => {
    const failed = await processResults(ports, Records, requestId);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
