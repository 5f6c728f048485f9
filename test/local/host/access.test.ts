import { afterEach, describe, expect, it } from 'vitest';
import { allow, type Bench, lambda, READ_QUEUE, type Resources, stackOf, startBench, TABLE } from './support.ts';

let bench: Bench | undefined;
afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

const CALLER = `export const handler = async ([target, body]) => {
  try { return { answer: await aws(target, body) }; } catch (error) { return { error: error.name, message: error.message }; }
};`;

async function start(
  statements: object[],
  more: Resources = {},
): Promise<(target: string, body: object) => Promise<Record<string, unknown>>> {
  bench = await startBench(stackOf({ resources: { Table: TABLE, ...more } }, lambda('Caller', CALLER, { statements })));
  return async (target, body) =>
    JSON.parse((await bench!.host.invoke('Caller', [target, body])).payload) as Record<string, unknown>;
}

const TENANTS = { Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['T#*'] } } };
const item = (pk: string) => ({ TableName: 'Local-Table', Item: { pk: { S: pk }, sk: { S: 'a' } } });

describe('calls to the AWS endpoint', () => {
  it('work with a grant and give the true AccessDenied without it', async () => {
    const call = await start([allow(['dynamodb:PutItem', 'dynamodb:GetItem'], 'Table', TENANTS)]);
    expect(await call('DynamoDB_20120810.PutItem', item('T#1'))).toEqual({ answer: {} });
    const read = await call('DynamoDB_20120810.GetItem', { TableName: 'Local-Table', Key: { pk: { S: 'T#1' }, sk: { S: 'a' } } });
    expect(read).toEqual({ answer: { Item: { pk: { S: 'T#1' }, sk: { S: 'a' } } } });
    expect(await call('DynamoDB_20120810.PutItem', item('DUE#1'))).toMatchObject({ error: 'AccessDeniedException' });
    expect(await call('DynamoDB_20120810.DeleteItem', { TableName: 'Local-Table', Key: item('T#1').Item })).toEqual({
      error: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::000000000000:assumed-role/Local-CallerRole/Local-Caller is not authorized to perform: dynamodb:DeleteItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/Local-Table because no identity-based policy allows the dynamodb:DeleteItem action',
    });
    expect(bench!.host.counters.denied).toBe(2);
  });

  it('of a transaction fail as a whole when one part is not granted', async () => {
    const call = await start([allow('dynamodb:PutItem', 'Table', TENANTS)]);
    const put = { Put: item('T#1') };
    expect(await call('DynamoDB_20120810.TransactWriteItems', { TransactItems: [put] })).toEqual({ answer: {} });
    const check = {
      ConditionCheck: { TableName: 'Local-Table', Key: item('T#1').Item, ConditionExpression: 'attribute_exists(pk)' },
    };
    const denied = await call('DynamoDB_20120810.TransactWriteItems', { TransactItems: [{ Put: item('T#2') }, check] });
    expect(denied).toMatchObject({
      error: 'AccessDeniedException',
      message: expect.stringContaining('dynamodb:ConditionCheckItem'),
    });
  });

  it('on a table under a customer key need the key as well, through DynamoDB only', async () => {
    const policy = {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'kms:*',
          Resource: '*',
          Principal: { AWS: { 'Fn::Sub': `arn:aws:iam::\${AWS::AccountId}:root` } },
        },
      ],
    };
    const encrypted = {
      Type: TABLE!.Type,
      Properties: {
        ...TABLE!.Properties,
        SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] }, SSEEnabled: true },
      },
    };
    const resources = { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: policy } }, Table: encrypted };
    const write = allow('dynamodb:PutItem', 'Table');
    const call = await start([write], resources);
    expect(await call('DynamoDB_20120810.PutItem', item('T#1'))).toMatchObject({
      error: 'AccessDeniedException',
      message: expect.stringContaining('kms:Decrypt'),
    });
    await bench!.stop();
    const viaDynamo = { Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' } } };
    const granted = await start([write, allow('kms:Decrypt', 'Key', viaDynamo)], resources);
    expect(await granted('DynamoDB_20120810.PutItem', item('T#1'))).toEqual({ answer: {} });
    expect(await granted('TrentService.Decrypt', { CiphertextBlob: '' })).toMatchObject({ error: 'InvalidCiphertextException' });
  });

  it('from an unknown key are refused', async () => {
    await start([]);
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIAUNKNOWN/20260101/us-east-1/sqs/aws4_request, x';
    const response = await fetch(bench!.host.awsEndpoint, {
      method: 'POST',
      headers: { authorization, 'x-amz-target': 'AmazonSQS.SendMessage' },
      body: '{}',
    });
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { __type: expect.stringContaining('UnrecognizedClientException') },
    ]);
  });

  it('fail on command: before they happen, after, or with a cut connection', async () => {
    const call = await start([allow('dynamodb:PutItem', 'Table')]);
    const count = async () =>
      ((await bench!.aws('DynamoDB_20120810.Scan', { TableName: 'Local-Table' })) as { Count: number }).Count;
    bench!.host.faults.failCalls({ service: 'dynamodb', operation: 'PutItem', code: 'ThrottlingException', status: 400 });
    expect(await call('DynamoDB_20120810.PutItem', item('T#1'))).toMatchObject({ error: 'ThrottlingException' });
    expect(await count()).toBe(0);
    bench!.host.faults.failCalls({ service: 'dynamodb', operation: 'PutItem', when: 'after' });
    expect(await call('DynamoDB_20120810.PutItem', item('T#1'))).toMatchObject({ error: 'InternalServerError' });
    expect(await count()).toBe(1);
    bench!.host.faults.failCalls({ service: 'dynamodb', operation: 'PutItem', when: 'disconnect' });
    expect(await call('DynamoDB_20120810.PutItem', item('T#2'))).toMatchObject({ error: 'TypeError' });
    expect(await count()).toBe(2);
  });
});

describe('wiring that AWS would refuse', () => {
  const queue = { Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } } };
  const mapping = (Properties: object = {}) => ({
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Consumer' }, ...Properties },
    },
  });
  const consumer = (actions: string[], properties: object = {}) =>
    lambda('Consumer', 'export const handler = async () => {};', { statements: [allow(actions, 'Queue')], properties });

  it('is a mapping whose role may not read its queue', async () => {
    const stack = stackOf({ resources: { ...queue, ...mapping() } }, consumer(['sqs:ReceiveMessage', 'sqs:GetQueueAttributes']));
    await expect(startBench(stack)).rejects.toThrow('does not have permission to call sqs:DeleteMessage');
  });

  it('is a function that may run longer than its messages stay hidden', async () => {
    const stack = stackOf({ resources: { ...queue, ...mapping() } }, consumer(READ_QUEUE, { Timeout: 60 }));
    await expect(startBench(stack)).rejects.toThrow('is less than the time-out of its function');
  });

  it('is a function without its bundle', async () => {
    const stack = stackOf(consumer(READ_QUEUE), { resources: queue });
    await expect(startBench({ ...stack, bundles: {} })).rejects.toThrow('No asset Consumer.zip');
  });
});
