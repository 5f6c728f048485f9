import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, ScanCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb } from '#local/dynamodb/index.ts';
import { localClientConfig } from '../../support/dynamodb.ts';

const TableName = 'durable';
const keySchema = (partition: string) => [{ AttributeName: partition, KeyType: 'HASH' as const }];
let path: string;
beforeAll(() => {
  path = mkdtempSync(join(tmpdir(), 'dynamodb-'));
});
afterAll(() => rmSync(path, { recursive: true, force: true }));

const clientOf = (endpoint: string) =>
  DynamoDBDocumentClient.from(new DynamoDBClient({ ...localClientConfig(endpoint), maxAttempts: 1 }));

async function startProcess(): Promise<{ child: ChildProcess; endpoint: string }> {
  const script = fileURLToPath(new URL('./engine-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout!, 'data');
  return { child, endpoint: String(line).trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

describe('a killed engine', () => {
  it('has every acknowledged write, no half transaction, and a stream that tells the whole table', async () => {
    const acknowledged = new Set<number>();
    let next = 0;
    for (let round = 0; round < 4; round += 1) {
      const { child, endpoint } = await startProcess();
      const client = clientOf(endpoint);
      if (round === 0) {
        await client.send(
          new CreateTableCommand({
            TableName,
            BillingMode: 'PAY_PER_REQUEST',
            AttributeDefinitions: ['pk', 'batch'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
            KeySchema: keySchema('pk'),
            GlobalSecondaryIndexes: [
              { IndexName: 'byBatch', KeySchema: keySchema('batch'), Projection: { ProjectionType: 'KEYS_ONLY' } },
            ],
            StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
          }),
        );
      }
      let alive = true;
      const writer = async () => {
        while (alive) {
          const number = next;
          next += 1;
          const TransactItems = ['a', 'b', 'c'].map((part) => ({
            Put: { TableName, Item: { pk: `${number}${part}`, batch: String(number) } },
          }));
          const sum = {
            Update: {
              TableName,
              Key: { pk: `sum${number % 3}` },
              UpdateExpression: 'ADD n :one',
              ExpressionAttributeValues: { ':one': 1 },
            },
          };
          const request = new TransactWriteCommand({
            TransactItems: [...TransactItems, sum],
            ClientRequestToken: `token-${number}`,
          });
          const done = await client.send(request).then(
            () => true,
            () => false,
          );
          if (done) acknowledged.add(number);
        }
      };
      const writers = Array.from({ length: 4 }, writer);
      await sleep(150 + 37 * round);
      await kill(child);
      alive = false;
      await Promise.all(writers);
      client.destroy();
    }
    expect(acknowledged.size).toBeGreaterThan(50);

    const engine = await startDynamoDb({ path });
    const client = clientOf(engine.endpoint);
    try {
      const all = async (IndexName?: string) => {
        const items: Record<string, unknown>[] = [];
        for (let from: Record<string, unknown> | undefined, more = true; more; more = from !== undefined) {
          const page = await client.send(new ScanCommand({ TableName, IndexName, ExclusiveStartKey: from }));
          items.push(...(page.Items ?? []));
          from = page.LastEvaluatedKey;
        }
        return items;
      };
      const items = await all();
      const parts = new Map<string, number>();
      for (const { batch } of items) if (typeof batch === 'string') parts.set(batch, (parts.get(batch) ?? 0) + 1);
      for (const number of acknowledged) expect(parts.get(String(number))).toBe(3);
      expect([...parts.values()].every((count) => count === 3)).toBe(true);
      const sums = items.filter(({ n }) => n !== undefined).reduce((sum, { n }) => sum + Number(n), 0);
      expect(sums).toBe(parts.size);
      expect(await all('byBatch')).toHaveLength(3 * parts.size);

      const records = await engine.readStream(TableName);
      const replayed = new Map<string, unknown>();
      let previous = '';
      for (const { dynamodb } of records) {
        expect(dynamodb.SequenceNumber > previous).toBe(true);
        previous = dynamodb.SequenceNumber;
        const key = String(dynamodb.Keys.pk?.S);
        expect(replayed.get(key)).toEqual(dynamodb.OldImage);
        replayed.set(key, dynamodb.NewImage);
      }
      expect(replayed.size).toBe(items.length);

      // A token outlives the process too: the retry of an acknowledged transaction adds nothing.
      const [one] = acknowledged;
      const before = await client.send(new GetCommand({ TableName, Key: { pk: `sum${one! % 3}` } }));
      const TransactItems = ['a', 'b', 'c'].map((part) => ({
        Put: { TableName, Item: { pk: `${one}${part}`, batch: String(one) } },
      }));
      const sum = {
        Update: {
          TableName,
          Key: { pk: `sum${one! % 3}` },
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': 1 },
        },
      };
      await client.send(new TransactWriteCommand({ TransactItems: [...TransactItems, sum], ClientRequestToken: `token-${one}` }));
      expect((await client.send(new GetCommand({ TableName, Key: { pk: `sum${one! % 3}` } }))).Item).toEqual(before.Item);

      await client.send(
        new UpdateCommand({
          TableName,
          Key: { pk: 'later' },
          UpdateExpression: 'SET n = :n',
          ExpressionAttributeValues: { ':n': 1 },
        }),
      );
      expect((await engine.readStream(TableName, previous)).map(({ eventName }) => eventName)).toEqual(['INSERT']);
    } finally {
      client.destroy();
      await engine.stop();
    }
  });

  it('does not let two engines into one directory', async () => {
    const engine = await startDynamoDb({ path });
    await expect(startDynamoDb({ path })).rejects.toThrow();
    await engine.stop();
  });
});
