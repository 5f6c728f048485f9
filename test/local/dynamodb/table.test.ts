import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localClientConfig, startTestTable, type TestTable } from '../../support/dynamodb.ts';

describe('the test table', () => {
  let table: TestTable;
  let client: DynamoDBDocumentClient;
  beforeAll(async () => {
    table = await startTestTable();
    client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(table.endpoint)));
  });
  afterAll(async () => {
    client.destroy();
    await table.stop();
  });

  it('stores, finds by index, and streams what changed', async () => {
    const TableName = table.tableName;
    await client.send(new PutCommand({ TableName, Item: { pk: 'T#1#J#a', sk: 'J', et: 'jb', ip: 'T#1#N#17', is: 'jb#a' } }));
    await client.send(new TransactWriteCommand({ TransactItems: [{ Delete: { TableName, Key: { pk: 'T#1#J#a', sk: 'J' } } }] }));
    await client.send(new PutCommand({ TableName, Item: { pk: 'T#1#J#b', sk: 'J', et: 'jb', ip: 'T#1#N#17', is: 'jb#b' } }));
    const byNumber = {
      TableName,
      IndexName: 'id-index',
      KeyConditionExpression: 'ip = :p',
      ExpressionAttributeValues: { ':p': 'T#1#N#17' },
    };
    expect((await client.send(new QueryCommand(byNumber))).Items).toEqual([
      { ip: 'T#1#N#17', is: 'jb#b', pk: 'T#1#J#b', sk: 'J' },
    ]);
    expect((await client.send(new GetCommand({ TableName, Key: { pk: 'T#1#J#b', sk: 'J' } }))).Item).toMatchObject({ et: 'jb' });
    const records = await table.drainStream();
    expect(records.map(({ eventName, dynamodb }) => [eventName, dynamodb.Keys.pk?.S])).toEqual([
      ['INSERT', 'T#1#J#a'],
      ['REMOVE', 'T#1#J#a'],
      ['INSERT', 'T#1#J#b'],
    ]);
    expect(records[1]).toMatchObject({
      eventSource: 'aws:dynamodb',
      dynamodb: { OldImage: { et: { S: 'jb' } }, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    expect(records[1]?.dynamodb.NewImage).toBeUndefined();
    expect(records[0]?.eventSourceARN).toBe(table.engine.streamArnOf('protiv'));
    expect(await table.drainStream()).toEqual([]);
  });
});
