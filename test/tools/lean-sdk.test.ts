import { build } from 'esbuild';
import { describe, expect, it, vi } from 'vitest';
import { documentClient } from '#platform/aws-dynamodb.ts';
import { eventBridgeClient } from '#platform/aws-events.ts';
import { kmsClient } from '#platform/aws-kms.ts';
import { lambdaClient } from '#platform/aws-lambda.ts';
import { sqsClient } from '#platform/aws-sqs.ts';
import { EventStreamSerde } from '#platform/left-out/event-streams.ts';
import { HeaderFormatter } from '#platform/left-out/header-formatter.ts';
import { AwsJson1_0Protocol, Sha256Js } from '#platform/left-out/other-variants.ts';
import { partition } from '#platform/left-out/partitions.ts';
import { regionalEndpoint } from '#platform/left-out/regional-endpoint.ts';
import { leanSdk, operationsOnly } from '#tools/lean-sdk.ts';
import { projectRoot } from '#tools/project.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };

describe('regional endpoints', () => {
  const clients = {
    dynamodb: documentClient(KEYS),
    sqs: sqsClient(KEYS),
    events: eventBridgeClient(KEYS),
    kms: kmsClient(KEYS),
    lambda: lambdaClient(KEYS),
  };

  it.each(Object.entries(clients))('of %s are those that the SDK itself finds', (service, client) => {
    for (const Region of ['us-east-1', 'eu-central-1', 'ap-southeast-7', 'sa-east-1', 'us-gov-west-1', 'cn-north-1']) {
      const original = client.config.endpointProvider({ Region, UseDualStack: false, UseFIPS: false });
      expect(regionalEndpoint(service)({ Region }).url.href).toBe(original.url.href);
    }
  });

  it('give way to one that is configured', () => {
    expect(regionalEndpoint('sqs')({ Region: 'us-east-1', Endpoint: 'http://127.0.0.1:9/' }).url.href).toBe(
      'http://127.0.0.1:9/',
    );
  });

  it('say what is missing', () => {
    expect(() => regionalEndpoint('sqs')({})).toThrow('AWS_REGION');
  });
});

describe("a client's tables of shapes", () => {
  it('are reduced to the names of its operations', () => {
    const source = [
      "import { TypeRegistry } from '@smithy/core/schema';",
      'n0_registry.registerError(LimitExceededException$, LimitExceededException);',
      'export var GetInput$ = [3, n0, _GI,',
      '    0, [_K], [0]',
      '];',
      'export var Get$ = [9, n0, _G,',
      '    0, () => GetInput$, () => GetOutput$',
      '];',
    ].join('\n');
    expect(operationsOnly(source).split('\n')).toEqual([
      'export const errorTypeRegistries = [];',
      "export const Get$ = [9, '', 'Get', 0, 'unit', 'unit'];",
    ]);
  });

  it('have to look as expected', () => {
    expect(() => operationsOnly('export const Get$ = operation(9);')).toThrow('another way');
  });
});

/** Bundles a module as the functions are, to a URL that can be imported. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    stdin: { contents, resolveDir: projectRoot, loader: 'ts' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    plugins: [leanSdk()],
    write: false,
    logLevel: 'silent',
  });
  return `data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString('base64')}`;
}

describe('a bundle with lean clients', () => {
  it('signs, calls the configured endpoint, reads answers, and names errors', async () => {
    const script = `
      import { createServer } from 'node:http';
      import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
      import { DecryptCommand } from '@aws-sdk/client-kms';
      import { InvokeCommand } from '@aws-sdk/client-lambda';
      import { SendMessageCommand } from '@aws-sdk/client-sqs';
      import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
      import { documentClient } from '#platform/aws-dynamodb.ts';
      import { eventBridgeClient } from '#platform/aws-events.ts';
      import { kmsClient } from '#platform/aws-kms.ts';
      import { lambdaClient } from '#platform/aws-lambda.ts';
      import { sqsClient } from '#platform/aws-sqs.ts';
      const answers = {
        'DynamoDB_20120810.GetItem': [200, { Item: { pk: { S: 'T#1' }, n: { N: '5' }, b: { B: 'AQI=' } } }],
        'DynamoDB_20120810.TransactWriteItems': [400, { __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException', Message: 'cancelled',
          CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: { pk: { S: 'T#1' } } }] }],
        'TrentService.Decrypt': [400, { __type: 'InvalidCiphertextException', message: 'broken' }],
        'AWSEvents.PutEvents': [200, { FailedEntryCount: 1, Entries: [{ ErrorCode: 'Throttled' }] }],
        '/2015-03-31/functions/sync/invocations': [200, { ok: true }],
        'AmazonSQS.SendMessage': [200, { MessageId: 'm', MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' }],
      };
      const signed = [];
      const server = createServer((request, response) => {
        signed.push(request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=key/'));
        const [status, body] = answers[request.headers['x-amz-target'] ?? request.url] ?? [500, {}];
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:' + server.address().port;
      const table = documentClient();
      const key = { pk: 'T#1', sk: 'J' };
      const cancelled = await table.send(new TransactWriteCommand({ TransactItems: [{ Delete: { TableName: 't', Key: key } }] })).catch((error) => error);
      const refused = await kmsClient().send(new DecryptCommand({ CiphertextBlob: new Uint8Array([1]) })).catch((error) => error);
      export const outcome = {
        item: (await table.send(new GetCommand({ TableName: 't', Key: key }))).Item,
        cancelled: { name: cancelled.name, reasons: cancelled.CancellationReasons },
        refused: { name: refused.name, message: refused.message, fault: refused.$fault },
        sent: (await sqsClient().send(new SendMessageCommand({ QueueUrl: process.env.AWS_ENDPOINT_URL + '/q', MessageBody: 'hello' }))).MessageId,
        published: (await eventBridgeClient().send(new PutEventsCommand({ Entries: [{ Source: 's', DetailType: 'd', Detail: '{}' }] }))).FailedEntryCount,
        invoked: Buffer.from((await lambdaClient().send(new InvokeCommand({ FunctionName: 'sync', Payload: '{}' }))).Payload).toString(),
        signed,
      };
      server.close();
      server.closeAllConnections();
    `;
    const bundled = await bundle(script);
    for (const [name, value] of Object.entries({ ...KEYS, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: undefined }))
      vi.stubEnv(name, value);
    try {
      const { outcome } = await import(bundled);
      expect(outcome).toEqual({
        item: { pk: 'T#1', n: 5, b: new Uint8Array([1, 2]) },
        cancelled: {
          name: 'TransactionCanceledException',
          reasons: [{ Code: 'ConditionalCheckFailed', Item: { pk: { S: 'T#1' } } }],
        },
        refused: { name: 'InvalidCiphertextException', message: 'broken', fault: 'client' },
        sent: 'm',
        published: 1,
        invoked: '{"ok":true}',
        signed: [true, true, true, true, true, true],
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  // What a bundle starts at load and what it starts later differs with the clients in it, so the smallest one is tried as well.
  it.each([
    ['@aws-sdk/lib-dynamodb', 'GetCommand', "{ TableName: 't', Key: { pk: 'T#1' } }", 'documentClient', 'aws-dynamodb.ts'],
    [
      '@aws-sdk/client-sqs',
      'SendMessageBatchCommand',
      "{ QueueUrl: 'http://127.0.0.1:1/q', Entries: [] }",
      'sqsClient',
      'aws-sqs.ts',
    ],
    ['@aws-sdk/client-kms', 'DecryptCommand', '{ CiphertextBlob: new Uint8Array(1) }', 'kmsClient', 'aws-kms.ts'],
    ['@aws-sdk/client-eventbridge', 'PutEventsCommand', '{ Entries: [] }', 'eventBridgeClient', 'aws-events.ts'],
    ['@aws-sdk/client-lambda', 'InvokeCommand', "{ FunctionName: 'f' }", 'lambdaClient', 'aws-lambda.ts'],
  ])('works with %s alone', async (from, command, input, factory, file) => {
    const bundled = await bundle(`
      import { ${command} } from '${from}';
      import { ${factory} } from '#platform/${file}';
      const client = ${factory}(${JSON.stringify(KEYS)});
      let sent;
      client.config.requestHandler = { handle: async (request) => {
        sent = request;
        return { response: { statusCode: 200, headers: {}, body: new TextEncoder().encode('{}') } };
      } };
      const { $metadata } = await client.send(new ${command}(${input}));
      export const outcome = { status: $metadata.httpStatusCode, signed: sent.headers.authorization.startsWith('AWS4-HMAC-SHA256') };
    `);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    try {
      expect((await import(bundled)).outcome).toEqual({ status: 200, signed: true });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('refuses what is left out with a sentence, not with a missing module', () => {
    expect(() => new EventStreamSerde()).toThrow('streams events');
    expect(() => new HeaderFormatter().format()).toThrow('not part of any bundle');
    expect(() => new Sha256Js()).toThrow('not part of any bundle');
    expect(() => new AwsJson1_0Protocol()).toThrow('use the factories');
    expect(() => partition()).toThrow('not part of any bundle');
  });
});
