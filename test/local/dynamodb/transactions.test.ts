import { DynamoDBClient, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localClientConfig, startTestTable, type TestTable } from '../../support/dynamodb.ts';

let table: TestTable;
let client: DynamoDBDocumentClient;
let now = Date.parse('2026-03-02T08:00:00Z');
const TableName = 'protiv';
beforeAll(async () => {
  table = await startTestTable({ now: () => now });
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
type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;
const transact = (TransactItems: Actions, more: Partial<TransactWriteCommandInput> = {}) =>
  client.send(new TransactWriteCommand({ TransactItems, ...more }));
const put = (pk: string, more: Record<string, unknown> = {}): Actions[number] => ({
  Put: { TableName, Item: { pk, sk: '1', ...more } },
});
const get = async (pk: string) =>
  (await client.send(new GetCommand({ TableName, Key: { pk, sk: '1' }, ConsistentRead: true }))).Item;

describe('a transaction', () => {
  it('applies every action, and emits their records in order', async () => {
    await client.send(new PutCommand({ TableName, Item: { pk: 'gone', sk: '1' } }));
    await client.send(new PutCommand({ TableName, Item: { pk: 'seen', sk: '1', rev: 1 } }));
    await table.drainStream();
    await transact([
      put('new'),
      {
        Update: {
          TableName,
          Key: { pk: 'count', sk: '1' },
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': 1 },
        },
      },
      { Delete: { TableName, Key: { pk: 'gone', sk: '1' } } },
      {
        ConditionCheck: {
          TableName,
          Key: { pk: 'seen', sk: '1' },
          ConditionExpression: 'rev = :r',
          ExpressionAttributeValues: { ':r': 1 },
        },
      },
    ]);
    const records = await table.drainStream();
    expect(records.map(({ eventName, dynamodb }) => `${eventName} ${dynamodb.Keys.pk?.S}`)).toEqual([
      'INSERT new',
      'INSERT count',
      'REMOVE gone',
    ]);
    expect(table.counters.total({ operation: 'TransactWriteItems' })).toMatchObject({ itemWrites: 3, writeUnits: 8 });
  });

  it('gives one reason per action in order and leaves nothing behind when one fails', async () => {
    await client.send(new PutCommand({ TableName, Item: { pk: 'taken', sk: '1', text: 'mine' } }));
    await table.drainStream();
    const fresh = { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
    const attempt = transact([
      put('all-or-nothing', { bp: 'L#tx', bs: '1' }),
      { Put: { TableName, Item: { pk: 'taken', sk: '1' }, ...fresh } },
      {
        Update: {
          TableName,
          Key: { pk: 'x', sk: '1' },
          UpdateExpression: 'SET a.b = :v',
          ExpressionAttributeValues: { ':v': 1 },
        },
      },
    ]);
    await expect(attempt).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError]',
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { text: { S: 'mine' } } },
        { Code: 'ValidationError' },
      ],
    });
    expect(await get('all-or-nothing')).toBeUndefined();
    const list = {
      TableName,
      IndexName: 'by-index',
      KeyConditionExpression: 'bp = :b',
      ExpressionAttributeValues: { ':b': 'L#tx' },
    };
    expect((await client.send(new QueryCommand(list))).Count).toBe(0);
    expect(await table.drainStream()).toEqual([]);
  });

  it('names an item once, 100 actions and 4 MB at most', async () => {
    await expect(transact([put('twin'), { Delete: { TableName, Key: { pk: 'twin', sk: '1' } } }])).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
    await expect(transact(Array.from({ length: 101 }, (_, index) => put(`many${index}`)))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await transact(Array.from({ length: 100 }, (_, index) => put(`many${index}`)));
    const large = Array.from({ length: 12 }, (_, index) => put(`large${index}`, { text: 'x'.repeat(380_000) }));
    await expect(transact(large)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(transact([])).rejects.toMatchObject({ name: 'ValidationException' });
    const double: TransactWriteItem = { Put: { TableName, Item: {} }, Delete: { TableName, Key: {} } };
    await expect(transact([double as Actions[number]])).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('with a token happens once within ten minutes, and refuses the token for another request', async () => {
    const add = (by: number): Actions => [
      {
        Update: {
          TableName,
          Key: { pk: 'once', sk: '1' },
          UpdateExpression: 'ADD n :by',
          ExpressionAttributeValues: { ':by': by },
        },
      },
    ];
    const token = { ClientRequestToken: 'token-1', ReturnConsumedCapacity: 'TOTAL' as const };
    expect((await transact(add(1), token)).ConsumedCapacity).toMatchObject([{ WriteCapacityUnits: 2 }]);
    expect((await transact(add(1), token)).ConsumedCapacity).toMatchObject([{ ReadCapacityUnits: 2 }]);
    expect(await get('once')).toMatchObject({ n: 1 });
    await expect(transact(add(2), token)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    now += 10 * 60_000;
    await transact(add(2), token);
    expect(await get('once')).toMatchObject({ n: 3 });
  });

  it('keeps no token of a cancelled attempt', async () => {
    const write = () =>
      transact([{ Put: { TableName, Item: { pk: 'retry', sk: '1' }, ConditionExpression: 'attribute_not_exists(pk)' } }], {
        ClientRequestToken: 'token-2',
      });
    await client.send(new PutCommand({ TableName, Item: { pk: 'retry', sk: '1' } }));
    await expect(write()).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    await expect(write()).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  });

  it('lets exactly one of two racing payments through', async () => {
    await client.send(new PutCommand({ TableName, Item: { pk: 'line', sk: '1', state: 'due' } }));
    const pay = (state: string) =>
      transact([
        {
          Update: {
            TableName,
            Key: { pk: 'line', sk: '1' },
            UpdateExpression: 'SET #s = :to',
            ConditionExpression: '#s = :due',
            ExpressionAttributeNames: { '#s': 'state' },
            ExpressionAttributeValues: { ':to': state, ':due': 'due' },
          },
        },
        put(`result-${state}`),
      ]);
    const outcomes = await Promise.allSettled([pay('paid'), pay('voided')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect([await get('result-paid'), await get('result-voided')].filter(Boolean)).toHaveLength(1);
  });

  it('answers UnknownTable as ResourceNotFoundException', async () => {
    await expect(transact([{ Put: { TableName: 'nowhere', Item: { pk: 'a', sk: '1' } } }])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('a transactional read', () => {
  it('answers in order, with an empty place for what is not there, at double cost', async () => {
    await client.send(new PutCommand({ TableName, Item: { pk: 'here', sk: '1', n: 1 } }));
    table.counters.reset();
    const { Responses: responses } = await client.send(
      new TransactGetCommand({ TransactItems: ['none', 'here'].map((pk) => ({ Get: { TableName, Key: { pk, sk: '1' } } })) }),
    );
    expect(responses).toEqual([{}, { Item: { pk: 'here', sk: '1', n: 1 } }]);
    expect(table.counters.total({ operation: 'TransactGetItems' })).toMatchObject({ itemReads: 2, readUnits: 4 });
  });

  it('sees all of a concurrent transaction or nothing of it', async () => {
    const pair = (n: number) => transact([put('left', { n }), put('right', { n })]);
    await pair(0);
    const writes = (async () => {
      for (let n = 1; n <= 40; n += 1) await pair(n);
    })();
    for (let count = 0; count < 40; count += 1) {
      const { Responses: responses } = await client.send(
        new TransactGetCommand({ TransactItems: ['left', 'right'].map((pk) => ({ Get: { TableName, Key: { pk, sk: '1' } } })) }),
      );
      expect(responses?.[0]?.Item?.n).toBe(responses?.[1]?.Item?.n);
    }
    await writes;
  });
});
