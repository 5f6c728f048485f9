import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localClientConfig, startTestTable, type TestTable } from '../../support/dynamodb.ts';

let table: TestTable;
let client: DynamoDBDocumentClient;
const TableName = 'protiv';
beforeAll(async () => {
  table = await startTestTable();
  client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...localClientConfig(table.endpoint), maxAttempts: 1 }));
});
beforeEach(async () => {
  await table.drainStream();
  table.counters.reset();
});
afterAll(async () => {
  client.destroy();
  await table.stop();
});
const put = (Item: Record<string, unknown>) => client.send(new PutCommand({ TableName, Item }));

describe('single writes', () => {
  it('hand back the item that a failed condition met, and write nothing', async () => {
    await put({ pk: 'cond', sk: '1', rev: 4 });
    await table.drainStream();
    const write = new UpdateCommand({
      TableName,
      Key: { pk: 'cond', sk: '1' },
      UpdateExpression: 'SET rev = :next',
      ConditionExpression: 'rev = :seen',
      ExpressionAttributeValues: { ':next': 6, ':seen': 5 },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(client.send(write)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { rev: { N: '4' } },
    });
    expect(await table.drainStream()).toEqual([]);
  });

  it('leave Attributes away where there are none', async () => {
    const created = await client.send(
      new UpdateCommand({
        TableName,
        Key: { pk: 'attr', sk: '1' },
        UpdateExpression: 'SET a = :a',
        ExpressionAttributeValues: { ':a': 1 },
        ReturnValues: 'UPDATED_OLD',
      }),
    );
    expect(created.Attributes).toBeUndefined();
    const deleted = await client.send(new DeleteCommand({ TableName, Key: { pk: 'attr', sk: 'none' }, ReturnValues: 'ALL_OLD' }));
    expect(deleted.Attributes).toBeUndefined();
  });

  it('emit nothing when the item stays as it was, whatever the order of attributes and of set members', async () => {
    await put({ pk: 'noop', sk: '1', a: 1, tags: new Set(['x', 'y']) });
    await table.drainStream();
    await put({ tags: new Set(['y', 'x']), a: 1, sk: '1', pk: 'noop' });
    await client.send(new DeleteCommand({ TableName, Key: { pk: 'noop', sk: 'never there' } }));
    expect(await table.drainStream()).toEqual([]);
  });

  it('keep one writer from losing the update of another', async () => {
    const add = () =>
      client.send(
        new UpdateCommand({
          TableName,
          Key: { pk: 'sum', sk: '1' },
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': 1 },
        }),
      );
    await Promise.all(Array.from({ length: 50 }, add));
    expect((await client.send(new GetCommand({ TableName, Key: { pk: 'sum', sk: '1' } }))).Item).toMatchObject({ n: 50 });
    expect(await table.drainStream()).toHaveLength(50);
  });

  it('refuse an empty or mistyped index key, and remove list elements by their old positions', async () => {
    await expect(put({ pk: 'key', sk: '1', ip: '', is: 'x' })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put({ pk: 'key', sk: '1', ip: 7, is: 'x' })).rejects.toMatchObject({ name: 'ValidationException' });
    await put({ pk: 'list', sk: '1', tools: ['chisel', 'hammer', 'nails', 'saw'] });
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName,
        Key: { pk: 'list', sk: '1' },
        UpdateExpression: 'REMOVE tools[1], tools[2]',
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes?.tools).toEqual(['chisel', 'saw']);
  });

  it('evaluate conditions on FALSE and on the empty string', async () => {
    await put({ pk: 'falsy', sk: '1', flag: false, text: '' });
    const holds = async (ConditionExpression: string, ExpressionAttributeValues: Record<string, unknown>) => {
      const names = ConditionExpression.includes('#text') ? { ExpressionAttributeNames: { '#text': 'text' } } : {};
      const Item = { pk: 'falsy', sk: '1', flag: false, text: '' };
      await client.send(new PutCommand({ TableName, Item, ConditionExpression, ExpressionAttributeValues, ...names }));
    };
    await holds('flag IN (:no)', { ':no': false });
    await holds('attribute_type(flag, :type)', { ':type': 'BOOL' });
    await holds('#text IN (:empty)', { ':empty': '' });
    await holds('attribute_type(#text, :type) AND #text BETWEEN :empty AND :z', { ':type': 'S', ':empty': '', ':z': 'z' });
    await expect(holds('NOT flag IN (:no)', { ':no': false })).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });
});

describe('reads and batches', () => {
  it('refuse a strong read of a global index', async () => {
    const query = new QueryCommand({
      TableName,
      IndexName: 'by-index',
      KeyConditionExpression: 'bp = :b',
      ExpressionAttributeValues: { ':b': 'x' },
      ConsistentRead: true,
    });
    await expect(client.send(query)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('find, move and lose index entries with their items', async () => {
    const keys = async (bp: string) => {
      const query = {
        TableName,
        IndexName: 'by-index',
        KeyConditionExpression: 'bp = :b',
        ExpressionAttributeValues: { ':b': bp },
      };
      return (await client.send(new QueryCommand(query))).Items?.map(({ sk }) => sk);
    };
    await put({ pk: 'idx', sk: '1', bp: 'L#old', bs: '2' });
    await put({ pk: 'idx', sk: '2', bp: 'L#old', bs: '1' });
    expect(await keys('L#old')).toEqual(['2', '1']);
    await put({ pk: 'idx', sk: '2', bp: 'L#new', bs: '1' });
    await put({ pk: 'idx', sk: '1' });
    expect([await keys('L#old'), await keys('L#new')]).toEqual([[], ['2']]);
  });

  it('write and read batches and page a query with LastEvaluatedKey', async () => {
    const items = Array.from({ length: 25 }, (_, index) => ({
      pk: 'batch',
      sk: String(index).padStart(2, '0'),
      text: 'x'.repeat(50_000),
    }));
    await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }));
    expect(await table.drainStream()).toHaveLength(25);
    const found = await client.send(
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys: items.slice(0, 5).map(({ pk, sk }) => ({ pk, sk })) } } }),
    );
    expect(found.Responses?.[TableName]).toHaveLength(5);
    const seen: unknown[] = [];
    let pages = 0;
    for (let from: Record<string, unknown> | undefined, more = true; more; more = from !== undefined) {
      const page = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': 'batch' },
          ExclusiveStartKey: from,
        }),
      );
      seen.push(...(page.Items ?? []).map(({ sk }) => sk));
      from = page.LastEvaluatedKey;
      pages += 1;
    }
    expect(pages).toBe(2);
    expect(seen).toEqual(items.map(({ sk }) => sk));
  });
});

describe('a large batch read', () => {
  it('comes back in part, with the request for the rest as it was sent', async () => {
    const items = Array.from({ length: 8 }, (_, index) => ({ pk: 'huge', sk: String(index), a: 1, text: 'x'.repeat(300_000) }));
    for (const item of items) await put(item);
    const Keys = items.map(({ pk, sk }) => ({ pk, sk }));
    let wanted: Record<string, unknown> | undefined = {
      Keys,
      ConsistentRead: true,
      ProjectionExpression: 'sk, #t',
      ExpressionAttributeNames: { '#t': 'text' },
    };
    const seen: unknown[] = [];
    let calls = 0;
    while (wanted !== undefined) {
      const answer: BatchGetCommandOutput = await client.send(
        new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [], ...wanted } } }),
      );
      for (const item of answer.Responses?.[TableName] ?? []) seen.push(item);
      wanted = answer.UnprocessedKeys?.[TableName];
      calls += 1;
    }
    expect(calls).toBeGreaterThan(1);
    expect(seen).toHaveLength(8);
    expect(seen).toEqual(expect.arrayContaining(items.map(({ sk, text }) => ({ sk, text }))));
  });
});

describe('costs', () => {
  it('count index entries only when a key changes, and failed conditions too', async () => {
    const send = async (Item: Record<string, unknown>) =>
      (await client.send(new PutCommand({ TableName, Item, ReturnConsumedCapacity: 'INDEXES' }))).ConsumedCapacity;
    expect(await send({ pk: 'cost', sk: '1', ip: 'a', is: 'b' })).toMatchObject({
      CapacityUnits: 2,
      GlobalSecondaryIndexes: { 'id-index': { CapacityUnits: 1 } },
    });
    expect(await send({ pk: 'cost', sk: '1', ip: 'a', is: 'b', text: 'x'.repeat(1100) })).toMatchObject({
      CapacityUnits: 2,
      Table: { CapacityUnits: 2 },
    });
    expect(await send({ pk: 'cost', sk: '1', ip: 'a', is: 'c' })).toMatchObject({ CapacityUnits: 4 });
    table.counters.reset();
    const refused = new PutCommand({ TableName, Item: { pk: 'cost', sk: '1' }, ConditionExpression: 'attribute_not_exists(pk)' });
    await expect(client.send(refused)).rejects.toThrow();
    expect(table.counters.total({ operation: 'PutItem', table: TableName })).toMatchObject({
      requests: 1,
      itemWrites: 0,
      writeUnits: 1,
    });
  });

  it('round each item of a batch and the sum of a query up to 4 KB', async () => {
    const items = Array.from({ length: 10 }, (_, index) => ({ pk: 'read', sk: String(index), text: 'x'.repeat(390) }));
    await Promise.all(items.map(put));
    table.counters.reset();
    await client.send(
      new BatchGetCommand({
        RequestItems: { [TableName]: { Keys: items.map(({ pk, sk }) => ({ pk, sk })), ConsistentRead: true } },
      }),
    );
    expect(table.counters.total({ operation: 'BatchGetItem' })).toMatchObject({ requests: 1, itemReads: 10, readUnits: 10 });
    const query = {
      TableName,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': 'read' },
      ConsistentRead: true,
    };
    await client.send(new QueryCommand(query));
    expect(table.counters.total({ operation: 'Query' })).toMatchObject({ requests: 1, itemReads: 10, readUnits: 1 });
  });
});
