// The Streams API over the records that `commit` writes. A stream has one shard that never closes while it is enabled.
import type { Operation } from './dynalite.ts';
import { changeSettings, type Engine, type StreamSettings, settingsOf } from './engine.ts';
import { entries, tableOf } from './storage.ts';
import type { StreamRecord } from './stream-record.ts';
import { type Body, invalid, WireError } from './wire.ts';

const DAY_MS = 86_400_000;
const ITERATOR_LIFE_MS = 15 * 60_000;
const ANSWER_LIMIT_BYTES = 1024 * 1024;
const SHARD = 'shardId-00000000000000000001-00000001';

type Iterator = { readonly arn: string; readonly after: string; readonly issued: number };

/** The ARN of the newest stream of a table, or undefined when it never had one. */
export function streamArnOf(engine: Engine, table: string): string | undefined {
  const stream = settingsOf(engine, table).stream;
  const description = engine.storage.tables.get(table);
  return stream && description && `${description.TableArn}/stream/${stream.label}`;
}

/** ListStreams. */
export function listStreams(engine: Engine, { TableName: only }: Body): Body {
  const names = [...engine.storage.tables.keys()].filter((name) => only === undefined || name === only);
  const withStream = names.flatMap((name) => {
    const stream = settingsOf(engine, name).stream;
    return stream ? [{ StreamArn: streamArnOf(engine, name), TableName: name, StreamLabel: stream.label }] : [];
  });
  return { Streams: withStream };
}

/** DescribeStream. */
export function describeStream(engine: Engine, body: Body): Body {
  const { table, stream } = streamOf(engine, body.StreamArn);
  const range = {
    StartingSequenceNumber: String(BigInt(stream.after) + 1n),
    ...(stream.enabled ? {} : { EndingSequenceNumber: String(engine.sequence) }),
  };
  return {
    StreamDescription: {
      StreamArn: body.StreamArn,
      StreamLabel: stream.label,
      StreamStatus: stream.enabled ? 'ENABLED' : 'DISABLED',
      StreamViewType: stream.viewType,
      CreationRequestDateTime: Date.parse(`${stream.label}Z`) / 1000,
      TableName: table,
      KeySchema: tableOf(engine.storage, table).KeySchema,
      Shards: [{ ShardId: SHARD, SequenceNumberRange: range }],
    },
  };
}

/** GetShardIterator. */
export function getShardIterator(engine: Engine, body: Body): Body {
  const { stream } = streamOf(engine, body.StreamArn);
  if (body.ShardId !== SHARD)
    throw new WireError('ResourceNotFoundException', 'Requested resource not found: Shard does not exist');
  const after = startOf(engine, stream, body.ShardIteratorType, body.SequenceNumber);
  return { ShardIterator: encode({ arn: String(body.StreamArn), after, issued: engine.now() }) };
}

/** GetRecords: at most 1,000 records and 1 MB. */
export async function getRecords(engine: Engine, body: Body): Promise<Body> {
  const iterator = decode(body.ShardIterator);
  const { table, stream } = streamOf(engine, iterator.arn);
  if (engine.now() - iterator.issued > ITERATOR_LIFE_MS)
    throw new WireError('ExpiredIteratorException', 'The shard iterator has expired');
  if (iterator.after < stream.after) throw trimmed();
  const limit = body.Limit === undefined ? 1000 : Number(body.Limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw invalid('Limit must be between 1 and 1000');
  const records = await readStream(engine, table, iterator.after, limit, ANSWER_LIMIT_BYTES);
  const after = records.at(-1)?.dynamodb.SequenceNumber ?? iterator.after;
  const ended = !stream.enabled && records.length < limit;
  return {
    Records: records,
    ...(ended ? {} : { NextShardIterator: encode({ arn: iterator.arn, after, issued: engine.now() }) }),
  };
}

/** The records of a table's stream after a sequence number, oldest first. */
export async function readStream(
  engine: Engine,
  table: string,
  after: string,
  limit: number,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  const range = { gt: `stream~${table}~${after}`, lt: `stream~${table}~~`, limit };
  let bytes = 0;
  for await (const [, value] of entries(engine.storage.db, range)) {
    const { record } = value as { record: StreamRecord };
    bytes += record.dynamodb.SizeBytes;
    if (records.length > 0 && bytes > maxBytes) break;
    records.push(record);
  }
  return records;
}

/** Removes the records of a table's stream up to and with a sequence number. */
export function trimStream(engine: Engine, table: string, uptoSequence: string): Promise<void> {
  return trimWhere(engine, table, (sequence) => sequence <= uptoSequence);
}

/** Removes the records of all streams that are older than the 24 hours for which the service keeps them. */
export async function trimOldRecords(engine: Engine): Promise<void> {
  const oldest = engine.now() - DAY_MS;
  for (const table of engine.settings.keys()) await trimWhere(engine, table, (_sequence, at) => at < oldest);
}

function trimWhere(engine: Engine, table: string, gone: (sequence: string, at: number) => boolean): Promise<void> {
  return engine.storage.exclusively(async () => {
    const stream = settingsOf(engine, table).stream;
    if (stream === undefined) return;
    const removals: Operation[] = [];
    for await (const [key, value] of entries(engine.storage.db, { gt: `stream~${table}~`, lt: `stream~${table}~~` })) {
      if (!gone(key.slice(-21), (value as { at: number }).at)) break;
      removals.push({ type: 'del', key });
    }
    const last = removals.at(-1)?.key.slice(-21);
    if (last === undefined) return;
    const after = last > stream.after ? last : stream.after;
    await changeSettings(engine, table, { stream: { ...stream, after } }, removals);
  });
}

function startOf(engine: Engine, stream: StreamSettings, type: unknown, sequence: unknown): string {
  if (type === 'TRIM_HORIZON') return stream.after;
  if (type === 'LATEST') return String(engine.sequence);
  if (type !== 'AT_SEQUENCE_NUMBER' && type !== 'AFTER_SEQUENCE_NUMBER')
    throw invalid(`Unknown ShardIteratorType: ${String(type)}`);
  if (typeof sequence !== 'string' || !/^\d{21}$/.test(sequence)) throw invalid('Invalid SequenceNumber');
  const after = type === 'AT_SEQUENCE_NUMBER' ? String(BigInt(sequence) - 1n) : sequence;
  if (after < stream.after) throw trimmed();
  return after;
}

function streamOf(engine: Engine, arn: unknown): { table: string; stream: StreamSettings } {
  for (const [table, { stream }] of engine.settings) {
    if (stream !== undefined && streamArnOf(engine, table) === arn) return { table, stream };
  }
  throw new WireError('ResourceNotFoundException', `Requested resource not found: Stream: ${String(arn)} not found`);
}

function trimmed(): WireError {
  return new WireError('TrimmedDataAccessException', 'The operation attempted to read past the oldest stream record in a shard');
}

function encode(iterator: Iterator): string {
  return Buffer.from(JSON.stringify(iterator)).toString('base64url');
}

function decode(text: unknown): Iterator {
  try {
    return JSON.parse(Buffer.from(String(text), 'base64url').toString());
  } catch {
    throw invalid('Invalid ShardIterator');
  }
}
