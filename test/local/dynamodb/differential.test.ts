// Random requests on our engine and on an independent one must answer the same and leave the same behind.
// DIFFERENTIAL_SEEDS=1-200 DIFFERENTIAL_OPERATIONS=1000 runs more than the few hundred requests of every day.
import { describe, expect, it } from 'vitest';
import { callDynamoDb, startDynamoDb } from '#local/dynamodb/index.ts';
import { dynoxideBinary, startDynoxide } from '../../support/dynoxide.ts';
import { INDEX, type RandomRequest, randomRequests, TABLE } from './random-operations.ts';

type Json = Record<string, unknown>;

const binary = dynoxideBinary();
const [first, last] = (process.env.DIFFERENTIAL_SEEDS ?? '1-2').split('-').map(Number);
const operations = Number(process.env.DIFFERENTIAL_OPERATIONS ?? 300);
const seeds = Array.from({ length: (last ?? first!) - first! + 1 }, (_, index) => first! + index);

describe.skipIf(binary === undefined)('against a second engine', () => {
  it.each(seeds)('answers and stores the same, seed %i', { timeout: 20_000 + 40 * operations }, async (seed) => {
    const ours = await startDynamoDb();
    const theirs = await startDynoxide(binary!);
    const endpoints = [ours.endpoint, theirs.endpoint];
    const both = async (target: string, body: unknown) => {
      const answers = await Promise.all(endpoints.map((endpoint) => callDynamoDb(endpoint, target, structuredClone(body))));
      return answers.map(({ status, body: answer }): Json => ({ status, ...normal(answer as Json) }));
    };
    try {
      await both('DynamoDB_20120810.CreateTable', TABLE_DEFINITION);
      const next = randomRequests(seed);
      let accepted = 0;
      for (let count = 0; count < operations; count += 1) {
        const request = next();
        const [a, b] = await both(`DynamoDB_20120810.${request.operation}`, request.body);
        if (a!.status === 200) accepted += 1;
        if (knownDifference(request, a!, b!)) continue;
        expect(a, `request ${count}: ${JSON.stringify(request)}`).toEqual(b);
      }
      expect(accepted).toBeGreaterThan(operations / 3);
      for (const IndexName of [undefined, INDEX]) {
        const [a, b] = await both('DynamoDB_20120810.Scan', {
          TableName: TABLE,
          ...(IndexName === undefined ? {} : { IndexName }),
        });
        expect(sorted(a!.Items)).toEqual(sorted(b!.Items));
      }
      const [ourRecords, theirRecords] = await Promise.all(endpoints.map(readWholeStream));
      expect(ourRecords).toEqual(
        theirRecords!.filter((record) => JSON.stringify(record.OldImage) !== JSON.stringify(record.NewImage)),
      );
      const [table] = await both('DynamoDB_20120810.Scan', { TableName: TABLE });
      expect(replay(ourRecords!)).toEqual(sorted(table!.Items));
    } finally {
      await Promise.all([ours.stop(), theirs.stop()]);
    }
  });
});

const keySchema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];
const TABLE_DEFINITION = {
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'place', 'rank'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: keySchema('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: INDEX, KeySchema: keySchema('place', 'rank'), Projection: { ProjectionType: 'KEYS_ONLY' } },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

// Where the other engine is known to be wrong, or where the order of two refusals is nobody's promise.
function knownDifference({ operation, body }: RandomRequest, ours: Json, theirs: Json): boolean {
  if (operation === 'UpdateItem') {
    const creating = body.ReturnValues === 'ALL_OLD' && ours.Attributes === undefined && sorted(theirs.Attributes).length === 2;
    const elementOnly = String(body.UpdateExpression).includes('#list[') && String(body.ReturnValues).startsWith('UPDATED');
    return creating || elementOnly;
  }
  const types = [ours.type, theirs.type];
  return (
    operation === 'TransactWriteItems' &&
    types.includes('IdempotentParameterMismatchException') &&
    types.includes('ValidationException')
  );
}

// Without wording; sets and the items of a BatchGet in a fixed order.
function normal({ __type, message: _message, Message: _Message, ...answer }: Json): Json {
  const { CancellationReasons: reasons, Responses: responses, ...rest } = answer;
  const bare = Array.isArray(reasons) ? { reasons: reasons.map(({ Message: _text, ...reason }: Json) => reason) } : {};
  const items =
    responses === undefined ? {} : { responses: Array.isArray(responses) ? responses : sorted((responses as Json)[TABLE]) };
  return inOrder(
    {
      type: String(__type ?? '')
        .split('#')
        .at(-1),
      ...rest,
      ...bare,
      ...items,
    },
    '',
  ) as Json;
}

function inOrder(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return name === 'SS' ? [...value].sort() : value.map((part) => inOrder(part, ''));
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(parts.map(([key, part]) => [key, inOrder(part, key)]));
}

function sorted(items: unknown): string[] {
  return Object.values((items ?? {}) as Json)
    .map((item) => JSON.stringify(inOrder(item, '')))
    .sort();
}

async function readWholeStream(endpoint: string): Promise<Json[]> {
  const call = async (operation: string, body: Json) =>
    (await callDynamoDb(endpoint, `DynamoDBStreams_20120810.${operation}`, body)).body as Json;
  const [stream] = (await call('ListStreams', { TableName: TABLE })).Streams as { StreamArn: string }[];
  const { StreamArn } = stream!;
  const { Shards: shards } = (await call('DescribeStream', { StreamArn })).StreamDescription as { Shards: { ShardId: string }[] };
  const records: Json[] = [];
  for (const { ShardId } of shards) {
    let { ShardIterator: iterator } = await call('GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
    for (let page: unknown[] = [{}]; page.length > 0 && iterator !== undefined; ) {
      const answer = await call('GetRecords', { ShardIterator: iterator, Limit: 100 });
      page = answer.Records as unknown[];
      iterator = answer.NextShardIterator;
      for (const { eventName, dynamodb } of page as { eventName: string; dynamodb: Json }[]) {
        const { Keys, NewImage, OldImage } = dynamodb;
        records.push(
          inOrder({ eventName, Keys, ...(NewImage ? { NewImage } : {}), ...(OldImage ? { OldImage } : {}) }, '') as Json,
        );
      }
    }
  }
  return records;
}

function replay(records: readonly Json[]): string[] {
  const items = new Map<string, unknown>();
  for (const { Keys, NewImage, OldImage } of records) {
    const key = JSON.stringify(Keys);
    expect(items.get(key)).toEqual(OldImage);
    if (NewImage === undefined) items.delete(key);
    else items.set(key, NewImage);
  }
  return sorted([...items.values()]);
}
