import { CreateTableCommand, DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import {
  type Counters,
  type DynamoDb,
  type FaultControl,
  type LambdaStreamRecord,
  startDynamoDb,
  toLambdaRecord,
} from '#local/dynamodb/index.ts';

/** A stream record in the shape a Lambda function gets. */
export type TestStreamRecord = LambdaStreamRecord;

export type TestTable = {
  readonly endpoint: string;
  readonly tableName: string;
  /** The engine itself, for what the other members do not cover (expiry sweep, `handle`). */
  readonly engine: DynamoDb;
  readonly counters: Counters;
  readonly faults: FaultControl;
  /** The stream records since the last call, oldest first. */
  drainStream(): Promise<TestStreamRecord[]>;
  stop(): Promise<void>;
};

/** What every SDK client of a test needs to reach an engine on loopback. */
export function localClientConfig(endpoint: string) {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

/** The table of the product: string keys, two KEYS_ONLY indexes, a stream with both images. */
export const TABLE_DEFINITION = {
  TableName: 'protiv',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'ip', 'is', 'bp', 'bs'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S' as const,
  })),
  KeySchema: keys('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'id-index', KeySchema: keys('ip', 'is'), Projection: { ProjectionType: 'KEYS_ONLY' as const } },
    { IndexName: 'by-index', KeySchema: keys('bp', 'bs'), Projection: { ProjectionType: 'KEYS_ONLY' as const } },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const },
} as const;

/** An engine in memory with the product's empty table, its counters at zero. */
export async function startTestTable(options: { now?: () => number } = {}): Promise<TestTable> {
  const engine = await startDynamoDb(options);
  const tableName = TABLE_DEFINITION.TableName;
  const client = new DynamoDBClient(localClientConfig(engine.endpoint));
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, ...rest } = TABLE_DEFINITION;
  await client.send(
    new CreateTableCommand({
      ...rest,
      AttributeDefinitions: [...AttributeDefinitions],
      KeySchema: [...KeySchema],
      GlobalSecondaryIndexes: GlobalSecondaryIndexes.map((index) => ({ ...index, KeySchema: [...index.KeySchema] })),
    }),
  );
  await client.send(
    new UpdateTimeToLiveCommand({ TableName: tableName, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } }),
  );
  client.destroy();
  engine.counters.reset();
  const streamArn = engine.streamArnOf(tableName)!;
  let drained = '';
  return {
    endpoint: engine.endpoint,
    tableName,
    engine,
    counters: engine.counters,
    faults: engine.faults,
    drainStream: async () => {
      const records = await engine.readStream(tableName, drained);
      drained = records.at(-1)?.dynamodb.SequenceNumber ?? drained;
      return records.map((record) => toLambdaRecord(record, streamArn));
    },
    stop: () => engine.stop(),
  };
}

function keys(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
}

/** Everything that a table holds, for tests that look at all of it at once. */
export async function readAllItems({ endpoint, tableName: TableName }: TestTable): Promise<Record<string, unknown>[]> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(endpoint)));
  const items: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName, ...(ExclusiveStartKey && { ExclusiveStartKey }) }));
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  client.destroy();
  return items;
}
