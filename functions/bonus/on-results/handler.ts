import type { StreamRecord } from '#store/stream-image.ts';
import { bonusPorts } from '../environment.ts';
import { resultsHandler } from './handle.ts';

const handle = resultsHandler(bonusPorts(process.env));

/** Lambda entry: batches of the table's stream with results, line items and statements. */
export const handler = (event: { readonly Records: readonly StreamRecord[] }, context: { readonly awsRequestId: string }) =>
  handle(event, context.awsRequestId);
