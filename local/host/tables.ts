import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './aws/engine.ts';
import { AwsError } from './aws/error.ts';
import type { TableKeys } from './iam/dynamodb-access.ts';
import type { Access } from './iam/iam.ts';
import { isObject, isOn, type JsonObject, listOf, objectOf, textOf } from './json.ts';
import type { Locality } from './template/locality.ts';
import type { Resolved, Template } from './template/template.ts';

/** One table of the templates. */
export type TableDefinition = TableKeys & {
  readonly name: string;
  readonly arn: string;
  readonly streamArn: string;
  /** ARN of the customer-managed key that encrypts the table, if any: every caller needs kms:Decrypt through DynamoDB. */
  readonly keyArn: string | null;
  readonly resource: Resolved;
};

const CALL = 'DynamoDB_20120810.';

/**
 * The use of a table's customer-managed key that DynamoDB makes in the name of whoever works with the table, or null where
 * the table has no such key.
 */
export function tableKeyAccess({ name, keyArn }: TableDefinition, { region, accountId }: Locality): Access | null {
  if (keyArn === null) return null;
  const context = {
    'kms:ViaService': [`dynamodb.${region}.amazonaws.com`],
    'kms:EncryptionContext:aws:dynamodb:tableName': [name],
    'kms:EncryptionContext:aws:dynamodb:subscriberId': [accountId],
    'kms:EncryptionContextKeys': ['aws:dynamodb:tableName', 'aws:dynamodb:subscriberId'],
  };
  return { action: 'kms:Decrypt', resource: keyArn, context };
}

/** Reads the tables of the templates. */
export function readTables(template: Template): TableDefinition[] {
  return template.of('AWS::DynamoDB::Table').map((resource) => {
    const { properties, id } = resource;
    const encryption = objectOf(properties.SSESpecification, `SSESpecification of ${id}`);
    const indexes = listOf(properties.GlobalSecondaryIndexes).map((index) => objectOf(index, `index of ${id}`));
    return {
      resource,
      name: resource.ref,
      arn: resource.attribute('Arn'),
      streamArn: resource.attribute('StreamArn'),
      keyArn: encryption.KMSMasterKeyId === undefined ? null : textOf(encryption.KMSMasterKeyId, `key of ${id}`),
      partitionKey: partitionKeyOf(properties, id),
      indexes: new Map(indexes.map((index) => [textOf(index.IndexName, `index of ${id}`), partitionKeyOf(index, id)])),
    };
  });
}

/**
 * Brings every table into the engine: creates an absent one with its indexes and stream, switches on TTL and
 * point-in-time recovery, and leaves an existing one with its data. Throws where an existing table has other keys or
 * indexes than the template. Answers the engine's stream ARN by table name.
 */
export async function ensureTables(tables: readonly TableDefinition[], engine: Engine): Promise<Map<string, string>> {
  const streams = new Map<string, string>();
  for (const table of tables) {
    const existing = await describe(engine, table.name);
    if (existing === null) await create(engine, table);
    else compare(existing, table);
    await switchOn(engine, table);
    const description = (await describe(engine, table.name)) ?? {};
    if (typeof description.LatestStreamArn === 'string') streams.set(table.name, description.LatestStreamArn);
  }
  return streams;
}

async function describe(engine: Engine, TableName: string): Promise<JsonObject | null> {
  try {
    return objectOf((await engine.call(`${CALL}DescribeTable`, { TableName })).Table, 'Table');
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return null;
    throw error;
  }
}

async function create(engine: Engine, { name, resource: { properties } }: TableDefinition): Promise<void> {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes, BillingMode, ProvisionedThroughput } =
    properties;
  const stream = isObject(properties.StreamSpecification)
    ? { StreamEnabled: true, ...properties.StreamSpecification }
    : undefined;
  await engine.call(`${CALL}CreateTable`, {
    TableName: name,
    AttributeDefinitions,
    KeySchema,
    GlobalSecondaryIndexes,
    LocalSecondaryIndexes,
    BillingMode: BillingMode ?? 'PROVISIONED',
    ProvisionedThroughput,
    StreamSpecification: stream,
  });
  while ((await describe(engine, name))?.TableStatus !== 'ACTIVE') await sleep(20);
}

async function switchOn(engine: Engine, { name: TableName, resource: { properties } }: TableDefinition): Promise<void> {
  const ttl = objectOf(properties.TimeToLiveSpecification, 'TimeToLiveSpecification');
  if (isOn(ttl.Enabled)) {
    const current = objectOf(
      (await engine.call(`${CALL}DescribeTimeToLive`, { TableName })).TimeToLiveDescription,
      'TimeToLiveDescription',
    );
    if (current.TimeToLiveStatus !== 'ENABLED' && current.TimeToLiveStatus !== 'ENABLING') {
      await engine.call(`${CALL}UpdateTimeToLive`, {
        TableName,
        TimeToLiveSpecification: { Enabled: true, AttributeName: ttl.AttributeName },
      });
    }
  }
  const recovery = objectOf(properties.PointInTimeRecoverySpecification, 'PointInTimeRecoverySpecification');
  if (isOn(recovery.PointInTimeRecoveryEnabled)) {
    await engine.call(`${CALL}UpdateContinuousBackups`, {
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  }
}

function compare(existing: JsonObject, { name, resource: { properties } }: TableDefinition): void {
  const shape = (source: JsonObject) =>
    JSON.stringify([
      keySchemaText(source.KeySchema),
      listOf(source.GlobalSecondaryIndexes)
        .map((index) => objectOf(index, 'index'))
        .map(({ IndexName, KeySchema }) => `${String(IndexName)} ${keySchemaText(KeySchema)}`)
        .sort(),
    ]);
  if (shape(existing) !== shape(properties))
    throw new Error(`Table ${name} on disk has other keys or indexes than the template: start with --fresh`);
}

function keySchemaText(schema: unknown): string {
  return listOf(schema)
    .map((part) => objectOf(part, 'KeySchema'))
    .map(({ AttributeName, KeyType }) => `${String(KeyType)} ${String(AttributeName)}`)
    .sort()
    .join();
}

function partitionKeyOf(source: JsonObject, id: string): string {
  const parts = listOf(source.KeySchema).map((part) => objectOf(part, `KeySchema of ${id}`));
  return textOf(parts.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName, `partition key of ${id}`);
}
