import type { InvokeResult } from '../lambda/pool.ts';
import type { GiveUpReason } from './stream-batch.ts';
import type { StreamMappingOptions } from './stream-mapping.ts';
import type { StreamEntry } from './stream-record.ts';

/** Tells the failure destination where the given-up records stand; the records themselves are not in the message. */
export function giveUp(
  options: StreamMappingOptions,
  shardId: string,
  entries: readonly StreamEntry[],
  reason: GiveUpReason,
  result: InvokeResult | null,
  invocations: number,
): void {
  const { settings, pool, queues, iam, caller, table, clock, onLost } = options;
  const instant = (ms: number) => new Date(ms).toISOString();
  const message = {
    requestContext: {
      requestId: result?.requestId ?? '',
      functionArn: pool.definition.arn,
      condition: reason,
      approximateInvokeCount: invocations,
    },
    responseContext:
      result === null ? null : { statusCode: 200, executedVersion: '$LATEST', functionError: result.functionError },
    version: '1.0',
    timestamp: instant(clock.now()),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: entries[0]!.sequenceNumber,
      endSequenceNumber: entries.at(-1)!.sequenceNumber,
      approximateArrivalOfFirstRecord: instant(entries[0]!.createdMs),
      approximateArrivalOfLastRecord: instant(entries.at(-1)!.createdMs),
      batchSize: entries.length,
      streamArn: table.streamArn,
    },
  };
  const queue = settings.failureArn === null ? undefined : queues.byArn(settings.failureArn);
  if (queue === undefined || !iam.allows(caller, { action: 'sqs:SendMessage', resource: queue.definition.arn })) {
    onLost(`${settings.id}: ${entries.length} records were given up (${reason}) and no queue takes the message`);
    return;
  }
  queue.send(JSON.stringify(message));
}
