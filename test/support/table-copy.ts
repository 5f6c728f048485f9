import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { raiseEpochs } from '#tools/raise-epoch.ts';
import { localClientConfig, type TestTable } from './dynamodb.ts';

type Item = Record<string, unknown>;
const AT_ONCE = 25;

/** Every item of a test's table, as a restore to this moment would bring it back. */
export async function copyTable(db: TestTable): Promise<readonly Item[]> {
  return withClient(db, (client) => scan(client, db));
}

/** Puts a table back to what a copy holds, and does what an operator does after that. */
export async function restoreTable(db: TestTable, copy: readonly Item[]): Promise<void> {
  await withClient(db, async (client) => {
    const kept = new Set(copy.map(({ pk, sk }) => `${pk} ${sk}`));
    const gone = (await scan(client, db)).filter(({ pk, sk }) => !kept.has(`${pk} ${sk}`));
    const requests = [
      ...gone.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })),
      ...copy.map((item) => ({ PutRequest: { Item: item } })),
    ];
    for (let at = 0; at < requests.length; at += AT_ONCE)
      await client.send(new BatchWriteCommand({ RequestItems: { [db.tableName]: requests.slice(at, at + AT_ONCE) } }));
    await raiseEpochs(client, db.tableName);
  });
}

async function scan(client: DynamoDBDocumentClient, { tableName }: TestTable): Promise<Item[]> {
  const items: Item[] = [];
  let after: Item | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: tableName, ...(after && { ExclusiveStartKey: after }) }));
    items.push(...(page.Items ?? []));
    after = page.LastEvaluatedKey;
  } while (after);
  return items;
}

async function withClient<T>(db: TestTable, work: (client: DynamoDBDocumentClient) => Promise<T>): Promise<T> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(db.endpoint)));
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}
