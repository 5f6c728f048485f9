import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callDynamoDb, type StreamRecord } from '#local/dynamodb/index.ts';
import { localClientConfig, startTestTable, type TestTable } from '../../support/dynamodb.ts';

let table: TestTable;
let client: DynamoDBDocumentClient;
let now: number;
let StreamArn: string;
let ShardId: string;
const TableName = 'protiv';
type Body = Record<string, unknown>;
const call = async (operation: string, body: Body) => {
  const answer = await callDynamoDb(table.endpoint, `DynamoDBStreams_20120810.${operation}`, body);
  return { status: answer.status, ...(answer.body as Body) } as Body & { status: number };
};
const iteratorOf = async (ShardIteratorType: string, SequenceNumber?: string) =>
  (
    await call('GetShardIterator', {
      StreamArn,
      ShardId,
      ShardIteratorType,
      ...(SequenceNumber === undefined ? {} : { SequenceNumber }),
    })
  ).ShardIterator;
const records = async (ShardIterator: unknown, Limit?: number) => {
  const answer = await call('GetRecords', { ShardIterator, ...(Limit === undefined ? {} : { Limit }) });
  return { list: answer.Records as StreamRecord[], next: answer.NextShardIterator, type: answer.__type };
};
const keysOf = (list: readonly StreamRecord[]) => list.map(({ dynamodb }) => dynamodb.Keys.sk?.S);
const put = (sk: string, more: Body = {}) => client.send(new PutCommand({ TableName, Item: { pk: 'p', sk, ...more } }));

beforeEach(async () => {
  now = Date.parse('2026-03-02T08:00:00Z');
  table = await startTestTable({ now: () => now });
  client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(table.endpoint)));
  const [stream] = (await call('ListStreams', { TableName })).Streams as { StreamArn: string }[];
  StreamArn = stream!.StreamArn;
  const description = (await call('DescribeStream', { StreamArn })).StreamDescription as { Shards: { ShardId: string }[] };
  ShardId = description.Shards[0]!.ShardId;
});
afterEach(async () => {
  client.destroy();
  await table.stop();
});

describe('the stream over HTTP', () => {
  it('describes itself', async () => {
    expect(await call('DescribeStream', { StreamArn })).toMatchObject({
      StreamDescription: {
        StreamArn,
        TableName,
        StreamStatus: 'ENABLED',
        StreamViewType: 'NEW_AND_OLD_IMAGES',
        Shards: [{ ShardId }],
      },
    });
    expect(StreamArn).toMatch(/^arn:aws:dynamodb:us-east-1:000000000000:table\/protiv\/stream\/2026-03-02T08:00:00.000$/);
    expect(await call('DescribeStream', { StreamArn: `${StreamArn}x` })).toMatchObject({ status: 400 });
  });

  it('carries both images, the size and the time of each change', async () => {
    await put('1', { a: 1 });
    await client.send(
      new UpdateCommand({
        TableName,
        Key: { pk: 'p', sk: '1' },
        UpdateExpression: 'SET a = :a',
        ExpressionAttributeValues: { ':a': 2 },
      }),
    );
    const { list } = await records(await iteratorOf('TRIM_HORIZON'));
    expect(list[1]).toMatchObject({
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: now / 1000,
        Keys: { pk: { S: 'p' }, sk: { S: '1' } },
        OldImage: { a: { N: '1' } },
        NewImage: { a: { N: '2' } },
        StreamViewType: 'NEW_AND_OLD_IMAGES',
        SizeBytes: 6 + 9 + 9,
      },
    });
    expect(new Set(list.map(({ eventID }) => eventID)).size).toBe(2);
  });

  it('is read from the horizon, from the end, at and after a record, page by page', async () => {
    await put('1');
    const latest = await iteratorOf('LATEST');
    for (const sk of ['2', '3', '4']) await put(sk);
    expect(keysOf((await records(latest)).list)).toEqual(['2', '3', '4']);
    const first = await records(await iteratorOf('TRIM_HORIZON'), 2);
    expect(keysOf(first.list)).toEqual(['1', '2']);
    const second = await records(first.next);
    expect(keysOf(second.list)).toEqual(['3', '4']);
    expect((await records(second.next)).list).toEqual([]);
    const third = second.list[0]!.dynamodb.SequenceNumber;
    expect(keysOf((await records(await iteratorOf('AT_SEQUENCE_NUMBER', third))).list)).toEqual(['3', '4']);
    expect(keysOf((await records(await iteratorOf('AFTER_SEQUENCE_NUMBER', third))).list)).toEqual(['4']);
  });

  it('trims on command, lets iterators expire, and refuses what was trimmed', async () => {
    for (const sk of ['1', '2', '3']) await put(sk);
    const old = await iteratorOf('TRIM_HORIZON');
    const [first, second] = await table.engine.readStream(TableName);
    await table.engine.trimStream(TableName, second!.dynamodb.SequenceNumber);
    expect((await records(old)).type).toMatch(/TrimmedDataAccessException$/);
    expect(keysOf((await records(await iteratorOf('TRIM_HORIZON'))).list)).toEqual(['3']);
    expect(
      await call('GetShardIterator', {
        StreamArn,
        ShardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: first!.dynamodb.SequenceNumber,
      }),
    ).toMatchObject({
      status: 400,
    });
    const fresh = await iteratorOf('LATEST');
    now += 15 * 60_000 + 1;
    expect((await records(fresh)).type).toMatch(/ExpiredIteratorException$/);
  });

  it('marks what the expiry process removed, and spares what is not due', async () => {
    const seconds = now / 1000;
    await put('due', { expiresAt: seconds - 1 });
    await put('later', { expiresAt: seconds + 60 });
    await put('text', { expiresAt: String(seconds - 1) });
    await put('ancient', { expiresAt: seconds - 6 * 366 * 86_400 });
    await table.drainStream();
    expect(await table.engine.expireItems(now)).toBe(1);
    const [record, ...rest] = await table.drainStream();
    expect(rest).toEqual([]);
    expect(record).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { Keys: { sk: { S: 'due' } } },
    });
    const { list } = await records(await iteratorOf('TRIM_HORIZON'));
    expect(list.at(-1)?.userIdentity).toEqual({ Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' });
  });
});
