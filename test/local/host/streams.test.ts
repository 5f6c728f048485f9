import { afterEach, describe, expect, it } from 'vitest';
import { allow, type Bench, lambda, READ_STREAM, type Resources, stackOf, startBench, TABLE } from './support.ts';

let bench: Bench | undefined;
let now = 0;
const clock = { now: () => now };
afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

const STREAM = { 'Fn::GetAtt': ['Table', 'StreamArn'] };
const DEAD = { 'Fn::GetAtt': ['Dead', 'Arn'] };

// Notes the items of each batch; `FAIL` says how it answers to items whose key begins with "bad".
const CONSUMER = `let broken = 0; export const handler = async ({ Records }) => {
  const names = Records.map(({ dynamodb }) => dynamodb.Keys.sk.S);
  note(names.join(' '));
  if (process.env.RAW) note(JSON.stringify(Records));
  if (process.env.SLOW) await new Promise((done) => setTimeout(done, 40));
  const bad = Records.filter(({ dynamodb }) => dynamodb.Keys.sk.S.startsWith('bad'));
  if (process.env.FAIL === 'once' && broken++ === 0) throw new Error('first time');
  if (process.env.FAIL === 'throw' && bad.length > 0) throw new Error('bad item');
  if (process.env.FAIL === 'report') return { batchItemFailures: bad.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })) };
};`;

type Options = { mapping?: object; variables?: Record<string, string>; granted?: readonly string[]; properties?: object };

function stack({ mapping = {}, variables = {}, granted = READ_STREAM, properties = {} }: Options = {}) {
  const filter = (image: string) => ({ Pattern: JSON.stringify({ dynamodb: { [image]: { et: { S: ['jb', 'ms'] } } } }) });
  const resources: Resources = {
    Table: TABLE!,
    Dead: { Type: 'AWS::SQS::Queue' },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        ...{
          EventSourceArn: STREAM,
          FunctionName: { Ref: 'Consumer' },
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 500,
          MaximumRetryAttempts: 2,
        },
        ...{
          FilterCriteria: { Filters: [filter('NewImage'), filter('OldImage')] },
          DestinationConfig: { OnFailure: { Destination: DEAD } },
        },
        ...mapping,
      },
    },
  };
  const statements = [allow([...granted], STREAM), allow('sqs:SendMessage', 'Dead')];
  return stackOf(
    { resources },
    lambda('Consumer', CONSUMER, { statements, properties: { Environment: { Variables: variables }, ...properties } }),
  );
}

async function start(options: Options = {}, own: { clock?: typeof clock } = {}): Promise<Bench> {
  bench = await startBench(stack(options), own);
  return bench;
}

const write = (pk: string, sk: string, et = 'jb', more: object = {}) =>
  bench!.engine.handle({
    target: 'DynamoDB_20120810.PutItem',
    body: { TableName: 'Local-Table', Item: { pk: { S: pk }, sk: { S: sk }, et: { S: et }, ...more } },
  });
const writeAll = async (...names: string[]) => {
  for (const name of names) await write(`T#${name}`, name);
};
/** In one transaction: the records stand in the stream at once and make one batch. */
const writeTogether = (...names: string[]) =>
  bench!.aws('DynamoDB_20120810.TransactWriteItems', {
    TransactItems: names.map((name) => ({
      Put: { TableName: 'Local-Table', Item: { pk: { S: 'T#1' }, sk: { S: name }, et: { S: 'jb' } } },
    })),
  });
const failures = () =>
  bench!.host
    .queue('Dead')
    .messages()
    .map(({ body }) => JSON.parse(body) as { requestContext: object; DDBStreamBatchInfo: Record<string, unknown> });
const done = () => bench!.notes().flatMap((text) => text.split(' '));

describe('a stream that wakes a function', () => {
  it('delivers the events of Lambda, only of items that a filter lets pass, removals by their old image', async () => {
    const { host, notes } = await start({ variables: { RAW: '1' } });
    await write('T#1', 'a');
    await write('T#1', 'other', 'xx');
    await bench!.engine.handle({
      target: 'DynamoDB_20120810.DeleteItem',
      body: { TableName: 'Local-Table', Key: { pk: { S: 'T#1' }, sk: { S: 'a' } } },
    });
    await host.idle();
    const records = notes()
      .filter((text) => text.startsWith('['))
      .flatMap((text) => JSON.parse(text) as object[]);
    expect(records).toMatchObject([
      {
        ...{
          eventName: 'INSERT',
          eventSource: 'aws:dynamodb',
          awsRegion: 'us-east-1',
          eventVersion: '1.1',
          eventID: expect.any(String),
        },
        eventSourceARN: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:000000000000:table\/Local-Table\/stream\//),
        dynamodb: {
          Keys: { pk: { S: 'T#1' }, sk: { S: 'a' } },
          NewImage: { et: { S: 'jb' } },
          SequenceNumber: expect.any(String),
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
      },
      { eventName: 'REMOVE', dynamodb: { OldImage: { et: { S: 'jb' } } } },
    ]);
    expect(records[1]).not.toHaveProperty('dynamodb.NewImage');
  });

  it('gathers a window into one batch of at most the batch size', async () => {
    const { host, notes } = await start({ mapping: { MaximumBatchingWindowInSeconds: 1, BatchSize: 4 } });
    await writeAll('a', 'b', 'c', 'd', 'e', 'f');
    await host.idle();
    expect(notes()).toEqual(['a b c d', 'e f']);
  });

  it('works on several batches at once and keeps the order within a partition key', async () => {
    const { host, notes } = await start({ mapping: { ParallelizationFactor: 4, BatchSize: 1 }, variables: { SLOW: '1' } });
    for (let turn = 0; turn < 4; turn += 1) for (const pk of ['p', 'q', 'r', 's', 't', 'u']) await write(pk, `${pk}${turn}`);
    const startedAt = performance.now();
    await host.idle();
    expect(performance.now() - startedAt).toBeLessThan(24 * 40);
    for (const pk of ['p', 'u'])
      expect(notes().filter((text) => text.startsWith(pk))).toEqual([`${pk}0`, `${pk}1`, `${pk}2`, `${pk}3`]);
  });

  it('resumes after the last finished batch when the host starts again', async () => {
    const { host, notes } = await start();
    await writeAll('a', 'b');
    await host.idle();
    await bench!.restart();
    await writeAll('c');
    await bench!.host.idle();
    expect(notes().join(' ')).toBe('a b c');
  });

  it('delivers again after a restart what was not finished', async () => {
    await start({ variables: { FAIL: 'throw' }, mapping: { MaximumRetryAttempts: -1 } });
    await writeAll('bad');
    await expect.poll(() => done().length).toBeGreaterThan(0);
    await bench!.restart({ Local: stack() });
    await bench!.host.idle();
    expect(done().at(-1)).toBe('bad');
    expect(failures()).toEqual([]);
  });

  it('tries a failed batch again until it passes', async () => {
    const { host, notes } = await start({ variables: { FAIL: 'once' } });
    await writeAll('a', 'b');
    await host.idle();
    expect(notes().at(-1)).toBe('a b');
    expect(failures()).toEqual([]);
  });

  it('is refused at the start when the role may not read the stream', async () => {
    await expect(start({ granted: READ_STREAM.slice(1) })).rejects.toThrow(
      'does not have permission to call dynamodb:DescribeStream',
    );
  });
});

describe('a poison record', () => {
  const all = ['a', 'b', 'c', 'bad', 'e', 'f', 'g', 'h'];

  it('takes its whole batch along where nothing else is set, and the message tells its place', async () => {
    const { host, notes } = await start({ variables: { FAIL: 'throw' } });
    await writeTogether('a', 'bad', 'c');
    await host.idle();
    expect(notes()).toEqual(['a bad c', 'a bad c', 'a bad c']);
    expect(failures()).toMatchObject([
      {
        requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
        DDBStreamBatchInfo: { batchSize: 3, streamArn: expect.stringContaining('/stream/') },
      },
    ]);
  });

  it('is cornered by bisecting: everything else is done', async () => {
    const { host } = await start({ mapping: { BisectBatchOnFunctionError: true }, variables: { FAIL: 'throw' } });
    await writeTogether(...all);
    await host.idle();
    expect(failures()).toMatchObject([{ DDBStreamBatchInfo: { batchSize: 1 } }]);
    const info = failures()[0]!.DDBStreamBatchInfo;
    expect(info.startSequenceNumber).toBe(info.endSequenceNumber);
    for (const name of all) expect(done()).toContain(name);
  });

  it('is cut off where the function names it, and the rest is bisected from there', async () => {
    const mapping = { BisectBatchOnFunctionError: true, FunctionResponseTypes: ['ReportBatchItemFailures'] };
    const { host, notes } = await start({ mapping, variables: { FAIL: 'report' } });
    await writeTogether(...all);
    await host.idle();
    expect(failures()).toMatchObject([{ DDBStreamBatchInfo: { batchSize: 1 } }]);
    expect(notes()).toEqual(['a b c bad e f g h', 'bad e f g h', 'bad e f', 'bad e', 'bad', 'bad', 'bad', 'e', 'f', 'g h']);
  });

  it('without bisecting takes along what follows it in the batch', async () => {
    const { host, notes } = await start({
      mapping: { FunctionResponseTypes: ['ReportBatchItemFailures'] },
      variables: { FAIL: 'report' },
    });
    await writeTogether('a', 'bad', 'c');
    await host.idle();
    expect(notes()).toEqual(['a bad c', 'bad c', 'bad c', 'bad c']);
    expect(failures()).toMatchObject([{ DDBStreamBatchInfo: { batchSize: 2 } }]);
  });

  it('that is too old is given up without a further try', async () => {
    now = Date.now() + 120_000;
    const { host } = await start({ mapping: { MaximumRecordAgeInSeconds: 60 } }, { clock });
    await writeTogether('a');
    await host.idle();
    expect(done()).toEqual([]);
    expect(failures()).toMatchObject([{ requestContext: { condition: 'RecordAgeExceeded' } }]);
  });

  it('is noted as lost where its role may not write to the failure queue', async () => {
    const source = stack({ variables: { FAIL: 'throw' } });
    const policy = source.resources.ConsumerPolicy!.Properties as { PolicyDocument: { Statement: object[] } };
    policy.PolicyDocument.Statement.pop();
    bench = await startBench(source);
    await writeTogether('bad');
    await bench.host.idle();
    expect(bench.host.counters.lost).toEqual([
      'Mapping: 1 records were given up (RetryAttemptsExhausted) and no queue takes the message',
    ]);
  });
});

describe('a throttled function', () => {
  it('costs no attempt', async () => {
    const { host, notes } = await start({ mapping: { MaximumRetryAttempts: 0 } });
    host.faults.failInvocations('Local-Consumer', 'throttle', 3);
    await writeAll('a');
    await host.idle();
    expect([notes(), failures()]).toEqual([['a'], []]);
  });
});

describe('on command', () => {
  it('finished batches come again', async () => {
    const { host, notes } = await start();
    host.faults.redeliverStreams = 1;
    await writeAll('a');
    await host.idle();
    expect(notes()).toEqual(['a', 'a']);
  });

  it('records are shuffled across items and stay in order within each', async () => {
    const { host } = await start({ mapping: { MaximumBatchingWindowInSeconds: 1 }, variables: { RAW: '1' } });
    host.faults.shuffleStreams = true;
    host.faults.seed(7);
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (let turn = 0; turn < 3; turn += 1)
      for (const name of names) await write('T#1', name, 'jb', { turn: { N: String(turn) } });
    await host.idle();
    const records = bench!
      .notes()
      .filter((text) => text.startsWith('['))
      .flatMap((text) => JSON.parse(text) as { dynamodb: { Keys: { sk: { S: string } }; NewImage: { turn: { N: string } } } }[]);
    const seen = records.map(({ dynamodb }) => `${dynamodb.Keys.sk.S}${dynamodb.NewImage.turn.N}`);
    expect(seen).toHaveLength(15);
    expect(seen).not.toEqual(names.flatMap((name) => [0, 1, 2].map((turn) => name + turn)));
    for (const name of names) expect(seen.filter((text) => text.startsWith(name))).toEqual([0, 1, 2].map((turn) => name + turn));
  });

  it('answers of a function get lost, and the batch comes again', async () => {
    const { host, notes } = await start();
    host.faults.failInvocations('Local-Consumer', 'lose-answer');
    await writeAll('a');
    await host.idle();
    expect(notes()).toEqual(['a', 'a']);
    host.faults.failInvocations('Local-Consumer', 'crash');
    await writeAll('b');
    await host.idle();
    expect(notes()).toEqual(['a', 'a', 'b']);
  });
});

describe('tables', () => {
  it('are made once with index, stream and TTL, and keep their data over a restart', async () => {
    const { engine } = await start();
    await writeAll('a');
    await bench!.restart();
    const { body } = await engine.handle({ target: 'DynamoDB_20120810.DescribeTable', body: { TableName: 'Local-Table' } });
    expect(body).toMatchObject({
      Table: { GlobalSecondaryIndexes: [{ IndexName: 'byId' }], StreamSpecification: { StreamEnabled: true } },
    });
    expect(await bench!.aws('DynamoDB_20120810.Scan', { TableName: 'Local-Table' })).toMatchObject({ Count: 1 });
    const ttl = await engine.handle({ target: 'DynamoDB_20120810.DescribeTimeToLive', body: { TableName: 'Local-Table' } });
    expect(ttl.body).toMatchObject({ TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' } });
  });

  it('of another shape than the template are refused', async () => {
    await start();
    const next = stack();
    next.resources.Table = {
      Type: TABLE!.Type,
      Properties: {
        ...TABLE!.Properties,
        GlobalSecondaryIndexes: undefined,
        AttributeDefinitions: (TABLE!.Properties as { AttributeDefinitions: object[] }).AttributeDefinitions.slice(0, 2),
      },
    };
    await expect(bench!.restart({ Local: next })).rejects.toThrow('start with --fresh');
  });
});
