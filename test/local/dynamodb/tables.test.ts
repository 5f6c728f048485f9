import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb } from '#local/dynamodb/index.ts';
import { localClientConfig, startTestTable, type TestTable } from '../../support/dynamodb.ts';

let table: TestTable;
let client: DynamoDBClient;
const TableName = 'protiv';
beforeAll(async () => {
  table = await startTestTable();
  client = new DynamoDBClient(localClientConfig(table.endpoint));
});
afterAll(async () => {
  client.destroy();
  await table.stop();
});

describe('tables', () => {
  it('describe their stream, indexes and settings', async () => {
    await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 5 }, { TableName });
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      LatestStreamArn: table.engine.streamArnOf(TableName),
      GlobalSecondaryIndexes: [
        { IndexName: 'id-index', IndexStatus: 'ACTIVE' },
        { IndexName: 'by-index', IndexStatus: 'ACTIVE' },
      ],
    });
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([TableName]);
    expect((await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: 'ENABLED',
      AttributeName: 'expiresAt',
    });
    await expect(client.send(new DescribeTableCommand({ TableName: 'nowhere' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('switch point-in-time recovery and TTL', async () => {
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
    const { ContinuousBackupsDescription } = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('ENABLED');
    const ttl = (Enabled: boolean) =>
      new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled } });
    await expect(client.send(ttl(true))).rejects.toMatchObject({ name: 'ValidationException' });
    await client.send(ttl(false));
    expect((await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: 'DISABLED',
    });
  });

  it('fill an index that comes later, and forget one that goes', async () => {
    const documents = DynamoDBDocumentClient.from(client);
    await documents.send(new PutCommand({ TableName, Item: { pk: 'a', sk: '1', colour: 'red' } }));
    await client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: ['pk', 'sk', 'ip', 'is', 'bp', 'bs', 'colour'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'byColour',
              KeySchema: [{ AttributeName: 'colour', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
            },
          },
          { Delete: { IndexName: 'by-index' } },
        ],
      }),
    );
    const query = (IndexName: string, name: string) =>
      documents.send(
        new QueryCommand({
          TableName,
          IndexName,
          KeyConditionExpression: `${name} = :v`,
          ExpressionAttributeValues: { ':v': 'red' },
        }),
      );
    expect((await query('byColour', 'colour')).Items).toEqual([{ pk: 'a', sk: '1', colour: 'red' }]);
    await expect(query('by', 'bp')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('start a new stream after the old one was switched off', async () => {
    const old = table.engine.streamArnOf(TableName);
    const stream = (StreamEnabled: boolean) =>
      new UpdateTableCommand({
        TableName,
        StreamSpecification: { StreamEnabled, ...(StreamEnabled ? { StreamViewType: 'KEYS_ONLY' as const } : {}) },
      });
    await client.send(stream(false));
    const documents = DynamoDBDocumentClient.from(client);
    await documents.send(new PutCommand({ TableName, Item: { pk: 'unseen', sk: '1' } }));
    await client.send(stream(true));
    await documents.send(new PutCommand({ TableName, Item: { pk: 'seen', sk: '1' } }));
    const records = await table.drainStream();
    expect(records.at(-1)).toMatchObject({ eventName: 'INSERT', dynamodb: { Keys: { pk: { S: 'seen' } } } });
    expect(records.at(-1)?.dynamodb.NewImage).toBeUndefined();
    expect(records.some(({ dynamodb }) => dynamodb.Keys.pk?.S === 'unseen')).toBe(false);
    expect(table.engine.streamArnOf(TableName)).not.toBe(old);
  });

  it('refuse index names below three characters, as the service does', async () => {
    const engine = await startDynamoDb();
    const keys = [{ AttributeName: 'pk', KeyType: 'HASH' }];
    const body = {
      TableName: 'strict',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: keys,
      GlobalSecondaryIndexes: [{ IndexName: 'id', KeySchema: keys, Projection: { ProjectionType: 'ALL' } }],
    };
    expect(await engine.handle({ target: 'DynamoDB_20120810.CreateTable', body })).toMatchObject({ status: 400 });
    await engine.stop();
  });
});

describe('the endpoint', () => {
  it('answers what it does not know or cannot read with an error, and listens on loopback only', async () => {
    expect(await table.engine.handle({ target: 'DynamoDB_20120810.ExecuteStatement', body: {} })).toMatchObject({ status: 400 });
    const response = await fetch(table.endpoint, { method: 'POST', body: '{' });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('SerializationException')]);
    expect(new URL(table.endpoint).hostname).toBe('127.0.0.1');
  });

  it('starts in less than half a second', async () => {
    const start = performance.now();
    await (await startDynamoDb()).stop();
    expect(performance.now() - start).toBeLessThan(500);
  });
});
