import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { documentClient } from '#platform/aws-dynamodb.ts';
import { eventBridgeClient } from '#platform/aws-events.ts';
import { kmsClient } from '#platform/aws-kms.ts';
import { lambdaClient } from '#platform/aws-lambda.ts';
import { sqsClient } from '#platform/aws-sqs.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };

/** The part of a client that a comparison needs. */
interface Sender {
  send(command: unknown): Promise<Record<string, unknown>>;
}

interface Seen {
  readonly path: string;
  readonly type: string | undefined;
  readonly target: string | string[] | undefined;
  readonly body: unknown;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const OK: Answer = { status: 200, body: '{}' };
let server: Server;
let seen: Seen[] = [];
let answers: Answer[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    seen.push(await look(request));
    const answer = answers.length > 1 ? answers.shift()! : (answers[0] ?? OK);
    response.writeHead(answer.status, { 'x-amzn-requestid': 'r-1', ...answer.headers }).end(answer.body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  seen = [];
  answers = [OK];
});

async function look(request: IncomingMessage): Promise<Seen> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return {
    path: `${request.method} ${request.url}`,
    type: request.headers['content-type'],
    target: request.headers['x-amz-target'],
    body: JSON.parse(Buffer.concat(parts).toString('utf8')),
  };
}

/** What came back of a call: the answer, or the parts of an error that a caller can read. */
async function outcome(client: Sender, command: unknown): Promise<Record<string, unknown>> {
  try {
    return await client.send(command);
  } catch (error) {
    const { name, message, $fault, $metadata, ...fields } = error as Error & Record<string, unknown>;
    return { name, message, $fault, $metadata, Item: fields.Item, CancellationReasons: fields.CancellationReasons };
  }
}

const ours = {
  dynamodb: documentClient(KEYS),
  events: eventBridgeClient(KEYS),
  kms: kmsClient(KEYS),
  lambda: lambdaClient(KEYS),
  sqs: sqsClient(KEYS),
};
const theirs = {
  dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient({ credentials }), {
    marshallOptions: { removeUndefinedValues: true },
  }),
  events: new EventBridgeClient({ credentials }),
  kms: new KMSClient({ credentials }),
  lambda: new LambdaClient({ credentials }),
  sqs: new SQSClient({ credentials }),
};
type Service = keyof typeof ours;

async function expectTheSame(service: Service, make: () => unknown, answer: Answer): Promise<Record<string, unknown>> {
  answers = [answer];
  const mine = await outcome(ours[service] as Sender, make());
  const original = await outcome(theirs[service] as Sender, make());
  expect(seen[0]).toEqual(seen.at(-1));
  expect(stripped(mine)).toEqual(stripped(original));
  return mine;
}

/** Without what differs from call to call; payloads as plain bytes, whatever class carries them. */
function stripped({ $metadata, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const known = $metadata as { httpStatusCode?: number; requestId?: string; attempts?: number };
  const fields = Object.entries(rest).map(([key, value]) => [key, value instanceof Uint8Array ? [...value] : value]);
  return { ...Object.fromEntries(fields), status: known.httpStatusCode, request: known.requestId, attempts: known.attempts };
}

const key = { pk: 'T#1', sk: 'J' };
const bytes = Buffer.from('some bytes, at an offset').subarray(5, 10);
const item = {
  ...key,
  B: 'an attribute called B',
  BS: { B: [bytes, 'é\u2028"'], deep: { list: [1, -2.5, true, null, [], {}] } },
  bytes,
  many: new Set([new Uint8Array([1, 2]), new Uint8Array([])]),
  names: new Set(['a', 'b']),
  missing: undefined,
  big: 12345678901234567890n,
};
const stored = {
  pk: { S: 'T#1' },
  B: { S: 'text' },
  BS: { M: { B: { B: 'AQI=' } } },
  bytes: { B: 'c29tZQ==' },
  many: { BS: ['AQI=', 'Aw=='] },
  list: { L: [{ B: 'AQ==' }, { NULL: true }, { N: '1.50' }] },
};
const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: JSON.stringify(value),
});

describe('our protocols write and read what those of the SDK do', () => {
  const TableName = 't';
  const condition = {
    ConditionExpression: '#a = :b',
    ExpressionAttributeNames: { '#a': 'B' },
    ExpressionAttributeValues: { ':b': bytes },
  };
  const cancelled = {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    Message: 'cancelled',
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { pk: { S: 'T#1' }, raw: { B: 'AQ==' } } }],
  };
  const refused = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', message: 'no', Item: stored };
  const cases: readonly [name: string, Service, () => unknown, Answer][] = [
    ['a put', 'dynamodb', () => new PutCommand({ TableName, Item: item, ...condition }), OK],
    ['a put with an empty answer', 'dynamodb', () => new PutCommand({ TableName, Item: key }), { status: 200, body: '' }],
    ['a get with bytes', 'dynamodb', () => new GetCommand({ TableName, Key: key, ConsistentRead: true }), json({ Item: stored })],
    ['a get of nothing', 'dynamodb', () => new GetCommand({ TableName, Key: key }), OK],
    [
      'a query',
      'dynamodb',
      () =>
        new QueryCommand({ TableName, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'T#1' }, Limit: 2 }),
      json({ Items: [stored, { pk: { S: 'x' } }], Count: 2, ScannedCount: 2, LastEvaluatedKey: { pk: { S: 'x' } } }),
    ],
    [
      'a batch of reads',
      'dynamodb',
      () => new BatchGetCommand({ RequestItems: { B: { Keys: [key] } } }),
      json({ Responses: { B: [stored] }, UnprocessedKeys: { B: { Keys: [{ pk: { S: 'T#1' }, sk: { B: 'AQ==' } }] } } }),
    ],
    [
      'an update',
      'dynamodb',
      () => new UpdateCommand({ TableName, Key: key, UpdateExpression: 'SET #a = :b', ...condition, ReturnValues: 'ALL_NEW' }),
      json({ Attributes: stored, ConsumedCapacity: { TableName: 't', CapacityUnits: 1.5 } }),
    ],
    ['a lost condition', 'dynamodb', () => new DeleteCommand({ TableName, Key: key }), json(refused, 400)],
    [
      'a cancelled transaction',
      'dynamodb',
      () =>
        new TransactWriteCommand({
          TransactItems: [{ Put: { TableName, Item: item } }, { Delete: { TableName, Key: key } }],
          ClientRequestToken: 'c',
        }),
      json(cancelled, 400),
    ],
    [
      'a refusal of no class',
      'dynamodb',
      () => new GetCommand({ TableName, Key: key }),
      json({ __type: 'x#ValidationException', message: 'bad' }, 400),
    ],
    [
      'an event',
      'events',
      () =>
        new PutEventsCommand({
          Entries: [{ Source: 's', DetailType: 'd', Detail: '{"B":"AQ=="}', Time: new Date(1_700_000_000_500) }],
        }),
      json({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'Throttled', ErrorMessage: 'm' }] }),
    ],
    [
      'an encryption',
      'kms',
      () => new EncryptCommand({ KeyId: 'k', Plaintext: bytes, EncryptionContext: { tenant: 'T', connection: '1' } }),
      json({ CiphertextBlob: 'AQID', KeyId: 'k' }),
    ],
    [
      'a decryption',
      'kms',
      () => new DecryptCommand({ KeyId: 'k', CiphertextBlob: bytes }),
      json({ Plaintext: 'e30=', KeyId: 'k' }),
    ],
    [
      'a refused decryption',
      'kms',
      () => new DecryptCommand({ CiphertextBlob: bytes }),
      json({ __type: 'AccessDeniedException', Message: 'no' }, 400),
    ],
    [
      'messages',
      'sqs',
      () =>
        new SendMessageBatchCommand({
          QueueUrl: `${process.env.AWS_ENDPOINT_URL}/1/q`,
          Entries: [{ Id: '0', MessageBody: 'é', MessageGroupId: 'g', DelaySeconds: 3 }],
        }),
      json({ Successful: [], Failed: [{ Id: '0', Code: 'x', SenderFault: false }] }),
    ],
    ['a call of a function', 'lambda', () => new InvokeCommand({ FunctionName: 'sync', Payload: '{"é":1}' }), json({ ok: true })],
    [
      'a function that failed',
      'lambda',
      () => new InvokeCommand({ FunctionName: 'arn:aws:lambda:us-east-1:1:function:sync', Payload: Buffer.from('{}') }),
      json({ errorMessage: 'x' }, 200, { 'x-amz-function-error': 'Unhandled' }),
    ],
    [
      'a function that is not there',
      'lambda',
      () => new InvokeCommand({ FunctionName: 'sync', Payload: '{}' }),
      json({ Type: 'User', Message: 'none' }, 404, { 'x-amzn-errortype': 'ResourceNotFoundException:http://internal' }),
    ],
  ];

  it.each(cases)('%s', async (_name, service, make, answer) => {
    await expectTheSame(service, make, answer);
  });

  it('a message that was taken, whose checksum is compared', async () => {
    const make = () =>
      new SendMessageBatchCommand({
        QueueUrl: `${process.env.AWS_ENDPOINT_URL}/1/q`,
        Entries: [{ Id: '0', MessageBody: 'hello' }],
      });
    const taken = { Id: '0', MessageId: 'm', MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' };
    expect((await expectTheSame('sqs', make, json({ Successful: [taken] }))).Successful).toEqual([taken]);
    answers = [json({ Successful: [{ ...taken, MD5OfMessageBody: '0'.repeat(32) }] })];
    await expect(ours.sqs.send(make())).rejects.toThrow('Invalid MD5 checksum');
  });
});

describe('what the SDK does around a protocol', () => {
  it('repeats after a throttle and a failure of the service, with one and the same token', async () => {
    answers = [json({ __type: 'x#ThrottlingException' }, 400), { status: 503, body: '<html>' }, OK];
    const command = new TransactWriteCommand({ TransactItems: [{ Delete: { TableName: 't', Key: key } }] });
    const { $metadata } = await ours.dynamodb.send(command);
    expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: 'r-1', attempts: 3 });
    const tokens = seen.map(({ body }) => (body as { ClientRequestToken: string }).ClientRequestToken);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gives up with the status when the failure is no JSON', async () => {
    answers = [{ status: 502, body: '<html>' }];
    const error = await outcome(ours.dynamodb as Sender, new GetCommand({ TableName: 't', Key: key }));
    expect(error).toMatchObject({ name: 'Unknown', $fault: 'server', $metadata: { httpStatusCode: 502, attempts: 3 } });
  });

  it('takes no half answer for a whole one', async () => {
    answers = [{ status: 200, body: '{"Item":{' }];
    await expect(ours.dynamodb.send(new GetCommand({ TableName: 't', Key: key }))).rejects.toThrow(SyntaxError);
  });
});

describe('the call of a function', () => {
  it('refuses what it would silently leave out', async () => {
    await expect(ours.lambda.send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event' }))).rejects.toThrow('only');
  });
});
