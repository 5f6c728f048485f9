import type { Engine } from '../aws/engine.ts';
import { AwsError } from '../aws/error.ts';
import { type JsonObject, listOf, objectOf, textOf } from '../json.ts';

const CALL = 'DynamoDBStreams_20120810.';

/** How far a shard is done: the last sequence number before which nothing is open, and whether its end was reached. */
export type Checkpoint = { readonly sequenceNumber: string | null; readonly finished: boolean };

export type Shard = { readonly id: string; readonly parentId: string | null };

/** Lists the shards of a stream, oldest first. */
export async function listShards(engine: Engine, streamArn: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  for (let from: unknown; ; ) {
    const answer = await engine.call(`${CALL}DescribeStream`, {
      StreamArn: streamArn,
      ...(from === undefined ? {} : { ExclusiveStartShardId: from }),
    });
    const description = objectOf(answer.StreamDescription, 'StreamDescription');
    for (const shard of listOf(description.Shards)) {
      const { ShardId, ParentShardId } = objectOf(shard, 'Shard');
      shards.push({ id: textOf(ShardId, 'ShardId'), parentId: typeof ParentShardId === 'string' ? ParentShardId : null });
    }
    from = description.LastEvaluatedShardId;
    if (typeof from !== 'string') return shards;
  }
}

/** Reads one shard forward. */
export type ShardReader = {
  /** The next records; `ended` once a closed shard is read to its end. */
  read(): Promise<{ readonly records: readonly unknown[]; readonly ended: boolean }>;
};

/** Starts to read after a sequence number, or at the start position where nothing was read yet. */
export function readShard(options: {
  engine: Engine;
  streamArn: string;
  shardId: string;
  after: string | null;
  startsAt: 'TRIM_HORIZON' | 'LATEST';
  onTrimmed: () => void;
}): ShardReader {
  const { engine, streamArn, shardId, startsAt, onTrimmed } = options;
  let after = options.after;
  let iterator: string | undefined;

  const open = async (): Promise<string> => {
    const position: JsonObject =
      after === null ? { ShardIteratorType: startsAt } : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after };
    const answer = await engine.call(`${CALL}GetShardIterator`, { StreamArn: streamArn, ShardId: shardId, ...position });
    return textOf(answer.ShardIterator, 'ShardIterator');
  };

  return {
    read: async () => {
      try {
        iterator ??= await open();
        const answer = await engine.call(`${CALL}GetRecords`, { ShardIterator: iterator, Limit: 1000 });
        const records = listOf(answer.Records);
        const last = records.at(-1);
        if (last !== undefined)
          after = textOf(objectOf(objectOf(last, 'record').dynamodb, 'record').SequenceNumber, 'SequenceNumber');
        iterator = typeof answer.NextShardIterator === 'string' ? answer.NextShardIterator : undefined;
        return { records, ended: iterator === undefined };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        iterator = undefined;
        // Older than the stream keeps: what was trimmed is lost to this consumer, and it goes on with the oldest record.
        if (error.code === 'TrimmedDataAccessException') {
          after = null;
          onTrimmed();
        } else if (error.code !== 'ExpiredIteratorException') {
          throw error;
        }
        return { records: [], ended: false };
      }
    },
  };
}
