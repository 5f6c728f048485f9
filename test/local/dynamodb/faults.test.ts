import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localClientConfig, startTestTable, type TestTable } from '../../support/dynamodb.ts';

let table: TestTable;
let client: DynamoDBDocumentClient;
let now: number;
const TableName = 'protiv';
const Item = { pk: 'p', sk: '1', n: 1, ip: 'number', is: 'x' };
const get = async (pk = 'p') => (await client.send(new GetCommand({ TableName, Key: { pk, sk: '1' } }))).Item;
beforeEach(async () => {
  now = Date.parse('2026-03-02T08:00:00Z');
  table = await startTestTable({ now: () => now });
  client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...localClientConfig(table.endpoint), maxAttempts: 1 }));
});
afterEach(async () => {
  client.destroy();
  await table.stop();
});

describe('faults on command', () => {
  it('throttle as often as told, and only what is meant', async () => {
    table.faults.inject({
      kind: 'throttle',
      operation: 'PutItem',
      times: 2,
      where: ({ Item: item }) => JSON.stringify(item).includes('"p"'),
    });
    const put = (pk: string) => client.send(new PutCommand({ TableName, Item: { ...Item, pk } }));
    await put('other');
    for (let count = 0; count < 2; count += 1)
      await expect(put('p')).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    await put('p');
    expect(table.faults.fired('throttle')).toBe(2);
  });

  it('are ridden out by a client that retries', async () => {
    const patient = DynamoDBDocumentClient.from(new DynamoDBClient({ ...localClientConfig(table.endpoint), maxAttempts: 4 }));
    table.faults.inject({ kind: 'throttle', times: 2 });
    await patient.send(new PutCommand({ TableName, Item }));
    expect(await get()).toEqual(Item);
    patient.destroy();
  });

  it('cancel a transaction with TransactionConflict on the action named, and a single write likewise', async () => {
    table.faults.inject({ kind: 'conflict', action: 1, times: 2 });
    const TransactItems = ['a', 'b'].map((pk) => ({ Put: { TableName, Item: { pk, sk: '1' } } }));
    await expect(client.send(new TransactWriteCommand({ TransactItems }))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
    });
    await expect(client.send(new PutCommand({ TableName, Item }))).rejects.toMatchObject({
      name: 'TransactionConflictException',
    });
    expect(await get('a')).toBeUndefined();
  });

  it('do part of a batch and name the rest', async () => {
    const requests = ['a', 'b', 'c'].map((pk) => ({ PutRequest: { Item: { pk, sk: '1' } } }));
    table.faults.inject({ kind: 'partial', keep: 2 });
    const write = await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
    expect(write.UnprocessedItems).toEqual({ [TableName]: [requests[2]] });
    expect([await get('b'), await get('c')]).toEqual([{ pk: 'b', sk: '1' }, undefined]);
    table.faults.inject({ kind: 'partial' });
    const Keys = ['a', 'b'].map((pk) => ({ pk, sk: '1' }));
    const read = await client.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }));
    expect(read.Responses?.[TableName]).toHaveLength(1);
    expect(read.UnprocessedKeys).toEqual({ [TableName]: { Keys: [Keys[1]], ConsistentRead: true } });
  });

  it('apply a write and then fail: with a 500, or with a cut connection', async () => {
    const add = () =>
      client.send(
        new UpdateCommand({
          TableName,
          Key: { pk: 'p', sk: '1' },
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': 1 },
        }),
      );
    table.faults.inject({ kind: 'unknown', operation: 'UpdateItem' });
    await expect(add()).rejects.toMatchObject({ name: 'InternalServerError' });
    table.faults.inject({ kind: 'unknown', operation: 'UpdateItem', as: 'disconnect' });
    await expect(add()).rejects.toThrow();
    expect(await get()).toMatchObject({ n: 2 });
    table.faults.inject({ kind: 'unknown', as: 'disconnect' });
    const body = { TableName, Key: { pk: { S: 'p' }, sk: { S: '1' } } };
    expect(await table.engine.handle({ target: 'DynamoDB_20120810.GetItem', body })).toEqual({ status: 0, body: null });
  });

  it('fail before anything is applied, and wait', async () => {
    table.faults.inject({ kind: 'error' });
    await expect(client.send(new PutCommand({ TableName, Item }))).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(await get()).toBeUndefined();
    table.faults.inject({ kind: 'latency', waitMs: 60 });
    const start = performance.now();
    await get();
    expect(performance.now() - start).toBeGreaterThan(50);
  });

  it('let global indexes lag behind the table, in order, and end with it', async () => {
    const listed = async () => {
      const query = {
        TableName,
        IndexName: 'id-index',
        KeyConditionExpression: 'ip = :p',
        ExpressionAttributeValues: { ':p': 'number' },
      };
      return (await client.send(new QueryCommand(query))).Items?.map(({ is }) => is);
    };
    table.faults.indexLagMs = 500;
    await client.send(new PutCommand({ TableName, Item }));
    now += 300;
    await client.send(new PutCommand({ TableName, Item: { ...Item, is: 'y' } }));
    expect([await get(), await listed()]).toEqual([{ ...Item, is: 'y' }, []]);
    now += 200;
    expect(await listed()).toEqual(['x']);
    now += 300;
    expect(await listed()).toEqual(['y']);
    await client.send(new PutCommand({ TableName, Item: { pk: 'p', sk: '1' } }));
    table.faults.clear();
    expect(await listed()).toEqual([]);
  });
});
