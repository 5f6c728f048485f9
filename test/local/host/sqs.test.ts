import { afterEach, describe, expect, it } from 'vitest';
import { allow, type Bench, lambda, READ_QUEUE, type Resources, stackOf, startBench } from './support.ts';

let bench: Bench | undefined;
let now = 0;
const clock = { now: () => now };
afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

// Fails on messages that say so; notes what it gets. `partial` names the failures instead of throwing.
const CONSUMER = `export const handler = async ({ Records }) => {
  const names = Records.map(({ body, attributes }) => body + '/' + attributes.ApproximateReceiveCount);
  note(names.join(' '));
  if (Records.some(({ body }) => body === 'slow')) { note('begin'); await new Promise((done) => setTimeout(done, 60)); note('end'); }
  const failed = Records.filter(({ body }) => body.startsWith('bad'));
  if (process.env.PARTIAL) return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: process.env.PARTIAL === 'wrong' ? 'x' : messageId })) };
  if (failed.length > 0) throw new Error('bad message');
};`;

type Options = { queue?: object; mapping?: object; variables?: object };

function stack({ queue = {}, mapping = {}, variables = {} }: Options = {}) {
  const EventSourceArn = { 'Fn::GetAtt': ['Queue', 'Arn'] };
  const resources: Resources = {
    Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 30,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
        ...queue,
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn, FunctionName: { Ref: 'Consumer' }, ...mapping },
    },
  };
  const properties = { Environment: { Variables: variables } };
  return stackOf({ resources }, lambda('Consumer', CONSUMER, { statements: [allow(READ_QUEUE, 'Queue')], properties }));
}

async function start(options: Options = {}, own: { clock?: typeof clock } = {}): Promise<Bench> {
  bench = await startBench(stack(options), own);
  return bench;
}
const sendAll = async (...bodies: string[]) => {
  for (const MessageBody of bodies) await bench!.aws('AmazonSQS.SendMessage', { QueueUrl: 'Local-Queue', MessageBody });
};
const inQueue = (name: string) =>
  bench!.host
    .queue(name)
    .messages()
    .map(({ body }) => body);

describe('a queue that wakes a function', () => {
  it('hands over messages and forgets those that are done', async () => {
    const { host, notes } = await start();
    await sendAll('a', 'b');
    await host.idle();
    expect(notes().join(' ').split(' ').sort()).toEqual(['a/1', 'b/1']);
    expect(inQueue('Queue')).toEqual([]);
  });

  it('hides a failed message for the visibility timeout and gives it up after the last receive', async () => {
    now = 1_000_000;
    const { host, notes } = await start({}, { clock });
    await sendAll('bad');
    for (const expected of [['bad/1'], ['bad/1', 'bad/2'], ['bad/1', 'bad/2', 'bad/3']]) {
      await host.idle();
      expect(notes()).toEqual(expected);
      now += 29_000;
      await host.idle();
      expect(notes()).toEqual(expected);
      expect(host.queue('Queue').counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
      now += 1_001;
      await expect.poll(() => notes().length + inQueue('Dead').length).toBe(expected.length + 1);
    }
    expect(inQueue('Queue')).toEqual([]);
    expect(host.queue('Dead').messages()).toMatchObject([
      { body: 'bad', sourceArn: 'arn:aws:sqs:us-east-1:000000000000:Local-Queue' },
    ]);
  });

  it('with partial failures keeps only the messages that were named', async () => {
    const { host } = await start({
      mapping: { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumBatchingWindowInSeconds: 1, BatchSize: 3 },
      variables: { PARTIAL: '1' },
    });
    await sendAll('a', 'bad', 'c');
    await host.idle();
    expect(inQueue('Queue')).toEqual(['bad']);
  });

  it('counts the whole batch as failed when an identifier is unknown', async () => {
    const { host } = await start({
      mapping: { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumBatchingWindowInSeconds: 1 },
      variables: { PARTIAL: 'wrong' },
    });
    await sendAll('a', 'bad');
    await host.idle();
    expect(inQueue('Queue')).toEqual(['a', 'bad']);
  });

  it('fills a batch within its window', async () => {
    const { host, notes } = await start({ mapping: { BatchSize: 3, MaximumBatchingWindowInSeconds: 1 } });
    const startedAt = performance.now();
    await sendAll('a', 'b', 'c');
    await host.idle();
    expect(performance.now() - startedAt).toBeLessThan(900);
    await sendAll('d', 'e');
    await host.idle();
    expect(notes()).toEqual(['a/1 b/1 c/1', 'd/1 e/1']);
  });

  it('runs no more batches at once than its maximum concurrency', async () => {
    const { host, notes } = await start({ mapping: { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } } });
    await sendAll('slow', 'slow', 'slow', 'slow', 'slow');
    await host.idle();
    let running = 0;
    const most = notes().reduce((peak, text) => {
      running += text === 'begin' ? 1 : text === 'end' ? -1 : 0;
      return Math.max(peak, running);
    }, 0);
    expect([most, running]).toEqual([2, 0]);
  });

  it('delivers a message again on command although it was done', async () => {
    const { host, notes } = await start();
    host.faults.repeatMessages = 1;
    await sendAll('a');
    await host.idle();
    expect(notes()).toEqual(['a/1', 'a/2']);
  });

  it('keeps messages over a restart and hands out again what was being worked on', async () => {
    now = 1_000_000;
    const { host, notes } = await start({}, { clock });
    await sendAll('bad');
    await bench!.aws('AmazonSQS.SendMessage', { QueueUrl: 'Local-Queue', MessageBody: 'later', DelaySeconds: 60 });
    await host.idle();
    expect(host.queue('Queue').counts()).toEqual({ visible: 0, inFlight: 1, delayed: 1 });
    await bench!.restart();
    await bench!.host.idle();
    expect(notes()).toEqual(['bad/1', 'bad/2']);
    now += 60_001;
    await expect.poll(() => notes().join(' ')).toContain('later/1');
  });
});

describe('the SQS API', () => {
  const call = (operation: string, body: object) =>
    bench!.aws(`AmazonSQS.${operation}`, { QueueUrl: `${bench!.host.awsEndpoint}/000000000000/Local-Dead`, ...body });

  it('sends, receives, hides, shows and deletes', async () => {
    await start();
    await call('SendMessage', { MessageBody: 'ü', MessageAttributes: { kind: { DataType: 'String', StringValue: 'k' } } });
    const first = (await call('ReceiveMessage', {
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    })) as {
      Messages: Record<string, unknown>[];
    };
    expect(first.Messages).toMatchObject([
      { Body: 'ü', Attributes: { ApproximateReceiveCount: '1' }, MessageAttributes: { kind: { StringValue: 'k' } } },
    ]);
    expect(await call('ReceiveMessage', {})).toEqual({});
    const { ReceiptHandle } = first.Messages[0]!;
    await call('ChangeMessageVisibility', { ReceiptHandle, VisibilityTimeout: 0 });
    const second = (await call('ReceiveMessage', {})) as { Messages: { ReceiptHandle: string }[] };
    // The older receipt no longer deletes anything.
    await call('DeleteMessage', { ReceiptHandle });
    expect(await call('GetQueueAttributes', { AttributeNames: ['All'] })).toMatchObject({
      Attributes: {
        ApproximateNumberOfMessagesNotVisible: '1',
        QueueArn: 'arn:aws:sqs:us-east-1:000000000000:Local-Dead',
        VisibilityTimeout: '30',
      },
    });
    await call('DeleteMessage', { ReceiptHandle: second.Messages[0]!.ReceiptHandle });
    expect(bench!.host.queue('Dead').counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('waits for a message as long as it is told', async () => {
    await start();
    const waiting = call('ReceiveMessage', { WaitTimeSeconds: 5 });
    await call('SendMessage', { MessageBody: 'now' });
    expect(await waiting).toMatchObject({ Messages: [{ Body: 'now' }] });
  });

  it('answers a batch entry by entry and refuses what SQS refuses', async () => {
    await start({ queue: { MaximumMessageSize: 1024 } });
    const queue = { QueueUrl: 'Local-Queue' };
    const answer = await call('SendMessageBatch', {
      ...queue,
      Entries: [
        { Id: '1', MessageBody: 'fine' },
        { Id: '2', MessageBody: 'x'.repeat(1025) },
      ],
    });
    expect(answer).toMatchObject({
      Successful: [{ Id: '1' }],
      Failed: [{ Id: '2', Code: 'InvalidParameterValue', SenderFault: true }],
    });
    const eleven = Array.from({ length: 11 }, (_, index) => ({ Id: String(index), MessageBody: 'a' }));
    await expect(call('SendMessageBatch', { Entries: eleven })).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
    await expect(call('SendMessageBatch', { Entries: [] })).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
    await expect(call('SendMessage', { QueueUrl: 'nowhere', MessageBody: 'a' })).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });
});
