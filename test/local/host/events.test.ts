import { afterEach, describe, expect, it } from 'vitest';
import { compilePattern } from '#local/host/events/pattern.ts';
import { readSchedule } from '#local/host/events/schedule.ts';
import { allow, type Bench, lambda, permission, type Resources, stackOf, startBench } from './support.ts';

describe('schedule expressions', () => {
  const fires = (expression: string, ...instants: string[]) =>
    instants.map((text) => readSchedule(expression)(Date.parse(`${text}:00Z`)));

  it.each([
    ['rate(1 minute)', ['2026-01-01T00:07', '2026-01-01T00:08'], [true, true]],
    ['rate(20 minutes)', ['2026-01-01T00:20', '2026-01-01T00:21'], [true, false]],
    ['rate(1 hour)', ['2026-01-01T05:00', '2026-01-01T05:30'], [true, false]],
    ['cron(0 6 ? * MON-FRI *)', ['2026-01-02T06:00', '2026-01-03T06:00', '2026-01-02T06:01'], [true, false, false]],
    ['cron(0/15 8-10 1,15 1 ? 2026)', ['2026-01-15T09:45', '2026-02-15T09:45', '2026-01-15T11:00'], [true, false, false]],
    ['cron(5 0 L * ? *)', ['2026-02-28T00:05', '2026-02-27T00:05', '2028-02-29T00:05'], [true, false, true]],
    ['cron(0 0 ? * 6L *)', ['2026-01-30T00:00', '2026-01-23T00:00'], [true, false]],
    ['cron(0 0 ? * MON#2 *)', ['2026-01-12T00:00', '2026-01-05T00:00'], [true, false]],
    ['cron(0 0 1W * ? *)', ['2026-08-03T00:00', '2026-08-01T00:00', '2026-09-01T00:00'], [true, false, true]],
  ])('%s', (expression, instants, expected) => {
    expect(fires(expression, ...instants)).toEqual(expected);
  });

  it.each([
    'rate(1 minutes)',
    'rate(0 minutes)',
    'rate(5 minute)',
    'cron(0 6 * * * *)',
    'cron(0 6 ? * ? *)',
    'cron(61 6 ? * 2 *)',
    'at(2026-01-01T00:00:00)',
    'cron(0 6 ? * XYZ *)',
  ])('refuse %s as EventBridge does', (expression) => {
    expect(() => readSchedule(expression)).toThrow('not valid');
  });
});

describe('event patterns', () => {
  const event = {
    source: 'protiv.api',
    detail: { provider: 'aspire', count: 5, tags: ['a', 'b'], none: null, inner: { id: 'x1' } },
  };
  it.each<[object, boolean]>([
    [{ source: ['protiv.api', 'other'] }, true],
    [{ source: ['other'] }, false],
    [{ detail: { provider: ['aspire'], count: [5] } }, true],
    [{ detail: { count: ['5'] } }, false],
    [{ detail: { tags: ['b'] } }, true],
    [{ detail: { none: [null] } }, true],
    [{ source: [{ prefix: 'protiv.' }] }, true],
    [{ source: [{ suffix: '.api' }] }, true],
    [{ source: [{ 'equals-ignore-case': 'PROTIV.API' }] }, true],
    [{ source: [{ wildcard: 'pro*.a*' }] }, true],
    [{ detail: { missing: [{ exists: false }], provider: [{ exists: true }] } }, true],
    [{ detail: { inner: [{ exists: true }] } }, false],
    [{ other: { deep: [{ exists: false }] } }, true],
    [{ detail: { count: [{ numeric: ['>', 3, '<=', 5] }] } }, true],
    [{ detail: { count: [{ numeric: ['=', 6] }] } }, false],
    [{ source: [{ 'anything-but': ['a', 'b'] }] }, true],
    [{ source: [{ 'anything-but': { prefix: 'protiv' } }] }, false],
    [{ detail: { missing: [{ 'anything-but': 'a' }] } }, false],
    [{ $or: [{ source: ['no'] }, { detail: { inner: { id: ['x1'] } } }] }, true],
  ])('%j', (pattern, expected) => {
    expect(compilePattern(pattern)(event)).toBe(expected);
  });

  it('with an unknown operator are refused', () => {
    expect(() => compilePattern({ source: [{ cidr: '10.0.0.0/24' }] })).toThrow('Pattern operator cidr');
  });
});

let bench: Bench | undefined;
let now = 0;
const clock = { now: () => now };
afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

const NOTER = `export const handler = async (event) => { note(JSON.stringify(event)); if (event.detail?.fail) throw new Error('refused'); };`;
const RULE_ARN = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const BOTH_RULES = { 'Fn::Sub': 'arn:aws:events:us-east-1:000000000000:rule/*' };

function stack(more: Resources = {}, options: { allowed?: boolean; properties?: object } = {}) {
  const target = {
    Id: 'a',
    Arn: RULE_ARN('Listener'),
    RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 },
    DeadLetterConfig: { Arn: RULE_ARN('Dead') },
  };
  const sendPolicy = {
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: RULE_ARN('Dead') },
    ],
  };
  const resources: Resources = {
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
    Tick: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'rate(1 minute)', Targets: [target] } },
    Hourly: {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'cron(0 * * * ? *)', Targets: [{ ...target, Input: '{"given":true}' }] },
    },
    Off: {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(1 minute)', State: 'DISABLED', Targets: [target] },
    },
    Asked: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { source: ['protiv.api'], detail: { provider: ['aspire'] } },
        Targets: [target],
      },
    },
    Dead: { Type: 'AWS::SQS::Queue' },
    DeadPolicy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Dead' }], PolicyDocument: sendPolicy } },
    ...(options.allowed === false ? {} : { Allowed: permission('Listener', 'events.amazonaws.com', BOTH_RULES)! }),
    ...more,
  };
  return stackOf(
    { resources },
    lambda('Listener', NOTER, { statements: [allow('sqs:SendMessage', 'Dead')], properties: options.properties ?? {} }),
  );
}

const put = (...entries: object[]) => bench!.aws('AWSEvents.PutEvents', { Entries: entries });
const REQUEST = { EventBusName: 'bus', Source: 'protiv.api', DetailType: 'Resync Requested', Detail: '{"provider":"aspire"}' };
const heard = () => bench!.notes().map((text) => JSON.parse(text) as Record<string, unknown>);

describe('schedules', () => {
  it('fire the rules that are due in a minute, with the scheduled event or their own input', async () => {
    bench = await startBench(stack());
    expect(bench.host.tickSchedules(new Date('2026-03-01T10:07:31Z'))).toBe(1);
    expect(bench.host.tickSchedules(Date.parse('2026-03-01T11:00:00Z'))).toBe(2);
    await bench.host.idle();
    expect(heard()).toHaveLength(3);
    expect(heard()).toContainEqual({ given: true });
    expect(heard().find(({ time }) => time === '2026-03-01T10:07:00Z')).toMatchObject({
      ...{ version: '0', source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
      resources: ['arn:aws:events:us-east-1:000000000000:rule/Local-Tick'],
    });
  });

  it('tick by the clock, and make up for the few minutes a computer slept', async () => {
    now = Date.parse('2026-03-01T10:07:50Z');
    bench = await startBench(stack(), { clock, schedules: 'clock' });
    now += 10_000;
    await expect.poll(() => heard().length).toBe(1);
    now += 3 * 60_000;
    await expect
      .poll(() =>
        heard()
          .map(({ time }) => time)
          .sort(),
      )
      .toEqual(['08', '09', '10', '11'].map((minute) => `2026-03-01T10:${minute}:00Z`));
  });
});

describe('a bus', () => {
  it('delivers what matches, and fails entries one by one', async () => {
    bench = await startBench(stack());
    const answer = await put(
      REQUEST,
      { ...REQUEST, Detail: '{"provider":"jobber"}' },
      { ...REQUEST, Detail: 'no' },
      { ...REQUEST, Source: '' },
      { ...REQUEST, EventBusName: 'nowhere' },
    );
    expect(answer).toMatchObject({
      FailedEntryCount: 3,
      Entries: [{ EventId: expect.any(String) }, { EventId: expect.any(String) }, { ErrorCode: 'MalformedDetail' }, {}, {}],
    });
    await bench.host.idle();
    expect(heard()).toMatchObject([
      { source: 'protiv.api', 'detail-type': 'Resync Requested', detail: { provider: 'aspire' }, account: '000000000000' },
    ]);
  });

  it('sends what it may not deliver to the dead-letter queue of the target at once', async () => {
    bench = await startBench(stack({}, { allowed: false }));
    await put(REQUEST);
    await bench.host.idle();
    expect(heard()).toEqual([]);
    expect(bench.host.queue('Dead').messages()).toMatchObject([
      {
        attributes: {
          ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
          RULE_ARN: { StringValue: expect.stringContaining('rule/bus/Local-Asked') },
        },
      },
    ]);
  });

  it('tries a delivery that may pass again, keeps it over a restart, and gives it up by the rule of the target', async () => {
    now = 1_000_000_000;
    bench = await startBench(stack(), { clock });
    bench.host.faults.failDeliveries(1);
    await put(REQUEST);
    await bench.host.idle();
    expect(heard()).toEqual([]);
    await bench.restart();
    now += 1_001;
    await expect.poll(() => heard().length).toBe(1);
    bench.host.faults.failDeliveries(3);
    await put(REQUEST);
    now += 1_001;
    const advanced = () => {
      now += 1_001;
      return bench!.host.queue('Dead').visible;
    };
    await expect.poll(advanced).toBe(1);
    expect(bench.host.queue('Dead').messages()[0]?.attributes).toMatchObject({
      RETRY_ATTEMPTS: { StringValue: '2' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
    });
  });
});

describe('an asynchronous event whose function fails', () => {
  const failing = { ...REQUEST, Detail: '{"provider":"aspire","fail":true}' };
  it('is tried three times and then goes to the failure destination, not to the target of the rule', async () => {
    const config = {
      FunctionName: { Ref: 'Listener' },
      Qualifier: '$LATEST',
      DestinationConfig: { OnFailure: { Destination: RULE_ARN('Failed') } },
    };
    const more = { Failed: { Type: 'AWS::SQS::Queue' }, Config: { Type: 'AWS::Lambda::EventInvokeConfig', Properties: config } };
    const source = stack(more);
    const policy = source.resources.ListenerPolicy!.Properties as { PolicyDocument: { Statement: object[] } };
    policy.PolicyDocument.Statement.push(allow('sqs:SendMessage', 'Failed'));
    bench = await startBench(source, { asyncRetryMs: [5, 10] });
    await put(failing);
    await expect.poll(() => bench!.host.queue('Failed').visible).toBe(1);
    expect(heard()).toHaveLength(3);
    expect(JSON.parse(bench.host.queue('Failed').messages()[0]!.body)).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { detail: { fail: true } },
      responsePayload: { errorMessage: 'refused' },
    });
    expect(bench.host.queue('Local-Dead').visible).toBe(0);
  });

  it('goes to the dead-letter queue of the function, or is lost and noted', async () => {
    bench = await startBench(stack({}, { properties: { DeadLetterConfig: { TargetArn: RULE_ARN('Dead') } } }), {
      asyncRetryMs: [1, 1],
    });
    await put(failing);
    await expect.poll(() => bench!.host.queue('Dead').visible).toBe(1);
    expect(bench.host.queue('Dead').messages()).toMatchObject([{ attributes: { ErrorMessage: { StringValue: 'refused' } } }]);
    await bench.restart({ Local: stack() });
    await put(failing);
    await expect
      .poll(() => bench!.host.counters.lost)
      .toEqual(['Local-Listener: an asynchronous event failed for good and has no failure queue']);
  });

  it('waits out its retry over a restart', async () => {
    now = 1_000_000_000;
    bench = await startBench(stack(), { clock });
    await put(failing);
    await bench.host.idle();
    await bench.restart();
    await bench.host.idle();
    expect(heard()).toHaveLength(1);
    now += 60_001;
    await expect.poll(() => heard().length).toBe(2);
  });
});
