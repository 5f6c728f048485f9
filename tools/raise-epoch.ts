import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/**
 * Raises the epoch of every tenant of a table that was restored to an earlier time: each connection's next run reads everything.
 * To be run once, before the functions use the table. Answers how many tenants there are.
 */
export async function raiseEpochs(client: DynamoDBDocumentClient, tableName: string): Promise<number> {
  let tenants = 0;
  let after: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: tableName,
        FilterExpression: 'et = :cx',
        ExpressionAttributeValues: { ':cx': 'cx' },
        ProjectionExpression: 'pk, sk',
        ...(after === undefined ? {} : { ExclusiveStartKey: after }),
      }),
    );
    for (const key of page.Items ?? []) {
      // The context's own revision is raised with it, so that a change which was read before does not take this back.
      await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { pk: key.pk, sk: key.sk },
          UpdateExpression:
            'SET #cx.#epoch = #cx.#epoch + :one, #cx.#revision = #cx.#revision + :one, #revision = #revision + :one',
          ExpressionAttributeNames: { '#cx': 'cx', '#epoch': 'epoch', '#revision': 'revision' },
          ExpressionAttributeValues: { ':one': 1 },
        }),
      );
      tenants += 1;
    }
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
  return tenants;
}

if (import.meta.main) {
  const [tableName] = process.argv.slice(2);
  if (tableName === undefined) {
    console.error('usage: node tools/run.mjs tools/raise-epoch.ts TABLE');
    process.exit(2);
  }
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  console.log(`${await raiseEpochs(client, tableName)} tenants: the next run of each of their connections reads everything`);
}
