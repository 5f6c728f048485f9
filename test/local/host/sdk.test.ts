import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allow, type Bench, lambda, type Resources, stackOf, startBench, TABLE } from './support.ts';

const KEY_POLICY = {
  Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: { AWS: 'arn:aws:iam::000000000000:root' } }],
};
const RESOURCES: Resources = {
  Table: TABLE!,
  Queue: { Type: 'AWS::SQS::Queue' },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
  Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: KEY_POLICY } },
  KeyName: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/credentials', TargetKeyId: { Ref: 'Key' } } },
};

/** The source of a function that uses the real clients, bundled as the product bundles its own. */
const SOURCE = `
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient, EncryptCommand, DecryptCommand } from '@aws-sdk/client-kms';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
const credentials = { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY, sessionToken: process.env.AWS_SESSION_TOKEN };
const dynamo = new DynamoDBClient({ credentials }); const kms = new KMSClient({ credentials }); const sqs = new SQSClient({ credentials });
const steps = {
  send: () => sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: 'from a function' })),
  query: () => dynamo.send(new QueryCommand({ TableName: process.env.TABLE_NAME, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'T#1' } } })),
  seal: async ({ context, as }) => {
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: process.env.KEY_ID, Plaintext: Buffer.from('secret'), EncryptionContext: context }));
    const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: as ?? context }));
    return Buffer.from(Plaintext).toString();
  },
};
export const handler = async ([step, argument]) => {
  try { return { value: await steps[step](argument) }; } catch (error) { return { name: error.name, message: error.message }; }
};`;

let bench: Bench;
let config: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'protiv-bundle-'));
  const resolveDir = fileURLToPath(new URL('../../..', import.meta.url));
  const outfile = join(folder, 'index.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({
    stdin: { contents: SOURCE, resolveDir },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    outfile,
    banner,
    logLevel: 'error',
  });
  const bundle = readFileSync(outfile, 'utf8');
  rmSync(folder, { recursive: true });
  const named = { Null: { 'kms:EncryptionContext:tenant': 'false', 'kms:EncryptionContext:connection': 'false' } };
  const Condition = { ...named, 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['tenant', 'connection'] } };
  const user = lambda('User', '', {
    statements: [allow(['kms:Encrypt', 'kms:Decrypt'], 'Key', { Condition }), allow('sqs:SendMessage', 'Queue')],
    properties: {
      MemorySize: 256,
      Timeout: 10,
      Environment: { Variables: { QUEUE_URL: { Ref: 'Queue' }, TABLE_NAME: { Ref: 'Table' }, KEY_ID: { Ref: 'Key' } } },
    },
  });
  bench = await startBench(stackOf({ resources: RESOURCES }, { ...user, bundles: { User: bundle } }));
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: region } = bench.host.operator;
  config = { endpoint: bench.host.awsEndpoint, region, credentials: { accessKeyId, secretAccessKey } };
});
afterAll(() => bench.stop());

const use = async (step: string, argument: object = {}) =>
  JSON.parse((await bench.host.invoke('User', [step, argument])).payload) as Record<string, unknown>;

describe('the SDK clients in a bundled function', () => {
  it('find the endpoint by themselves and take the queue URL of the template', async () => {
    expect(await use('send')).toMatchObject({ value: { MessageId: expect.any(String) } });
    expect(bench.host.queue('Queue').messages()).toMatchObject([{ body: 'from a function' }]);
  });

  it('see a missing grant as AccessDeniedException', async () => {
    expect(await use('query')).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('dynamodb:Query'),
    });
  });

  it('encrypt only under the context that the grant asks for, and decrypt only under the same', async () => {
    const context = { tenant: 't1', connection: 'c1' };
    expect(await use('seal', { context })).toEqual({ value: 'secret' });
    expect(await use('seal', { context: { tenant: 't1' } })).toMatchObject({ name: 'AccessDeniedException' });
    expect(await use('seal', { context: { ...context, other: 'x' } })).toMatchObject({ name: 'AccessDeniedException' });
    expect(await use('seal', { context, as: { ...context, tenant: 't2' } })).toMatchObject({
      name: 'InvalidCiphertextException',
    });
  });
});

describe('the SDK clients of an operator', () => {
  it('reach DynamoDB, SQS, EventBridge and KMS at one endpoint', async () => {
    const dynamo = new DynamoDBClient(config);
    await dynamo.send(
      new PutItemCommand({ TableName: 'Local-Table', Item: { pk: { S: 'T#1' }, sk: { S: 'a' }, n: { N: '1' } } }),
    );
    const { Item } = await dynamo.send(
      new GetItemCommand({ TableName: 'Local-Table', Key: { pk: { S: 'T#1' }, sk: { S: 'a' } } }),
    );
    expect(Item).toEqual({ pk: { S: 'T#1' }, sk: { S: 'a' }, n: { N: '1' } });

    const sqs = new SQSClient(config);
    const QueueUrl = `${config.endpoint}/000000000000/Local-Queue`;
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'ü',
        MessageAttributes: { bytes: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) } },
      }),
    );
    const batch = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '1', MessageBody: 'b' }] }));
    expect([batch.Successful?.length, batch.Failed]).toEqual([1, undefined]);
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    const sent = Messages.find(({ Body }) => Body === 'ü');
    expect([...(sent?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([0, 255]);
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    expect(bench.host.queue('Queue').counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    await expect(
      sqs.send(new SendMessageCommand({ QueueUrl: `${config.endpoint}/0/none`, MessageBody: 'a' })),
    ).rejects.toMatchObject({ name: 'QueueDoesNotExist' });

    const events = new EventBridgeClient(config);
    const { FailedEntryCount } = await events.send(
      new PutEventsCommand({ Entries: [{ EventBusName: 'bus', Source: 'a', DetailType: 'b', Detail: '{}', Time: new Date() }] }),
    );
    expect(FailedEntryCount).toBe(0);
  });

  it('invoke functions, and tell their errors and refusals apart', async () => {
    const client = new LambdaClient(config);
    const invoke = async (
      FunctionName: string,
      payload: unknown,
      InvocationType: 'RequestResponse' | 'Event' = 'RequestResponse',
    ) => {
      const answer = await client.send(
        new InvokeCommand({ FunctionName, InvocationType, Payload: Buffer.from(JSON.stringify(payload)) }),
      );
      return { ...answer, text: Buffer.from(answer.Payload ?? []).toString() };
    };
    const sent = await invoke('Local-User', ['send', {}]);
    expect([sent.StatusCode, sent.FunctionError, sent.ExecutedVersion]).toEqual([200, undefined, '$LATEST']);
    expect(JSON.parse(sent.text)).toMatchObject({ value: { MessageId: expect.any(String) } });
    expect(await invoke('Local-User', null)).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      text: expect.stringContaining('errorMessage'),
    });
    expect(await invoke('Local-User', ['query', {}], 'Event')).toMatchObject({ StatusCode: 202, text: '' });
    await expect(invoke('nobody', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    bench.host.faults.failInvocations('Local-User', 'throttle', 9);
    await expect(invoke('Local-User', {})).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    bench.host.faults.clear();
    await bench.host.idle();
  });

  it('decrypt after a restart what was encrypted before, by alias', async () => {
    const EncryptionContext = { tenant: 't' };
    const { CiphertextBlob } = await new KMSClient(config).send(
      new EncryptCommand({ KeyId: 'alias/credentials', Plaintext: Buffer.from('kept'), EncryptionContext }),
    );
    await bench.restart();
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = bench.host.operator;
    const again = new KMSClient({
      region: config.region,
      endpoint: bench.host.awsEndpoint,
      credentials: { accessKeyId, secretAccessKey },
    });
    const { Plaintext } = await again.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('kept');
    const tampered = Buffer.from(CiphertextBlob!);
    tampered[tampered.length - 1]! ^= 1;
    await expect(again.send(new DecryptCommand({ CiphertextBlob: tampered, EncryptionContext }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
    // The material lies in the work directory and nowhere in the clear text of a message.
    expect(readFileSync(join(bench.directory, 'work', 'keys.jsonl'), 'utf8')).not.toContain('kept');
  });
});
