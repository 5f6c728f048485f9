import { describe, expect, it } from 'vitest';
import { manifests } from '#functions/sync/manifests.ts';
import { at, list, ofType, type Resource, referenced } from './templates.ts';

const queues = ofType('AWS::SQS::Queue');
const mappings = ofType('AWS::Lambda::EventSourceMapping');
const rules = ofType('AWS::Events::Rule');
const alarms = ofType('AWS::CloudWatch::Alarm');
const deadLetterQueues = queues.filter(({ properties }) => properties.RedrivePolicy === undefined);
const workQueues = queues.filter(({ properties }) => properties.RedrivePolicy !== undefined);

/** The queue that a reference in `source`'s stack points to. */
function queueOf(source: Resource, reference: Parameters<typeof referenced>[0]): Resource | undefined {
  return queues.find(({ stack, id }) => stack === source.stack && id === referenced(reference));
}

function alarmOn(queue: Resource, metric: string): Resource | undefined {
  return alarms.find(
    ({ stack, properties }) =>
      stack === queue.stack &&
      properties.MetricName === metric &&
      list(properties.Dimensions).some((dimension) => referenced(at(dimension, 'Value')) === queue.id),
  );
}

describe('nothing is lost silently', () => {
  it('every queue of work redrives after four receives', () => {
    for (const queue of workQueues) {
      expect(at(queue.properties.RedrivePolicy, 'maxReceiveCount'), queue.id).toBe(4);
      expect(deadLetterQueues, queue.id).toContain(queueOf(queue, at(queue.properties.RedrivePolicy, 'deadLetterTargetArn')));
    }
  });

  it('every dead-letter queue keeps its messages for 14 days and calls on depth and age', () => {
    expect(deadLetterQueues.length).toBeGreaterThan(0);
    for (const queue of deadLetterQueues) {
      expect(queue.properties.MessageRetentionPeriod, queue.id).toBe(14 * 86_400);
      expect(alarmOn(queue, 'ApproximateNumberOfMessagesVisible'), queue.id).toBeDefined();
      expect(alarmOn(queue, 'ApproximateAgeOfOldestMessage'), queue.id).toBeDefined();
    }
  });

  it('every queue is encrypted and every work queue calls when its oldest message waits too long', () => {
    for (const queue of queues) expect(queue.properties.SqsManagedSseEnabled, queue.id).toBe(true);
    for (const queue of workQueues) expect(alarmOn(queue, 'ApproximateAgeOfOldestMessage'), queue.id).toBeDefined();
  });

  it('every rule and schedule says how often it retries and where an event goes then', () => {
    expect(rules.length).toBeGreaterThan(0);
    for (const rule of rules) {
      const targets = list(rule.properties.Targets);
      expect(targets.length, rule.id).toBeGreaterThan(0);
      for (const target of targets) {
        expect(at(target, 'RetryPolicy'), rule.id).toEqual({ MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 8 });
        expect(deadLetterQueues, rule.id).toContain(queueOf(rule, at(target, 'DeadLetterConfig', 'Arn')));
      }
    }
  });

  it('every function keeps the events that it fails', () => {
    const functions = ofType('AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThan(0);
    for (const lambda of functions)
      expect(deadLetterQueues, lambda.id).toContain(queueOf(lambda, at(lambda.properties, 'DeadLetterConfig', 'TargetArn')));
  });

  it('every alarm reports to the topic', () => {
    for (const { id, properties } of alarms) expect(list(properties.AlarmActions), id).toHaveLength(1);
  });
});

describe('stream mappings', () => {
  const streams = mappings.filter(({ properties }) => properties.StartingPosition !== undefined);

  it('are two, as many as a shard may have readers', () => {
    expect(streams).toHaveLength(2);
  });

  it.each(streams)('$id bisects, retries six times in six hours, then keeps what failed', (mapping) => {
    expect(mapping.properties).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 1,
      MaximumRetryAttempts: 6,
      MaximumRecordAgeInSeconds: 21_600,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const destination = at(mapping.properties, 'DestinationConfig', 'OnFailure', 'Destination');
    expect(deadLetterQueues).toContain(queueOf(mapping, destination));
  });

  it.each(streams)('$id names the entity type in the new image and in the old one, or removals would be lost', (mapping) => {
    const patterns = list(at(mapping.properties, 'FilterCriteria', 'Filters')).map((filter) =>
      JSON.parse(String(at(filter, 'Pattern'))),
    );
    expect(patterns).toHaveLength(2);
    const types = patterns[0].dynamodb.NewImage.et.S;
    expect(types.length).toBeGreaterThan(0);
    expect(patterns).toEqual([
      { dynamodb: { NewImage: { et: { S: types } } } },
      { dynamodb: { OldImage: { et: { S: types } } } },
    ]);
  });

  it('share no entity type between inputs and results, so that a result never wakes its own calculation (P4)', () => {
    const [first, second] = streams.map(({ properties }) => {
      const pattern = JSON.parse(String(at(properties, 'FilterCriteria', 'Filters', 0, 'Pattern')));
      return new Set<string>(pattern.dynamodb.NewImage.et.S);
    });
    expect([...first!].filter((type) => second!.has(type))).toEqual([]);
  });
});

describe('queue mappings', () => {
  const fromQueues = mappings.filter(({ properties }) => properties.StartingPosition === undefined);

  it('report single failures and cap their concurrency', () => {
    expect(fromQueues).toHaveLength(2 * manifests.length + 4);
    for (const { id, properties } of fromQueues) {
      expect(properties.FunctionResponseTypes, id).toEqual(['ReportBatchItemFailures']);
      expect(at(properties, 'ScalingConfig', 'MaximumConcurrency'), id).toBeTypeOf('number');
    }
  });

  it('hide a message for six times the timeout of the function that works on it', () => {
    for (const mapping of fromQueues) {
      const queue = queueOf(mapping, mapping.properties.EventSourceArn);
      const worker = ofType('AWS::Lambda::Function').find(
        ({ stack, id }) => stack === mapping.stack && id === referenced(mapping.properties.FunctionName),
      );
      expect(queue?.properties.VisibilityTimeout, mapping.id).toBe(6 * Number(worker?.properties.Timeout));
      expect(queue?.properties.RedrivePolicy, mapping.id).toBeDefined();
    }
  });
});

describe('integrations', () => {
  it.each(manifests.map(({ provider }) => provider))(
    '%s ticks every minute and listens for its own resync requests',
    (provider) => {
      const requests = rules.filter(
        ({ properties }) => JSON.stringify(at(properties.EventPattern, 'detail', 'provider')) === JSON.stringify([provider]),
      );
      expect(requests.map(({ properties }) => properties.EventPattern)).toEqual([
        { source: ['protiv.api'], 'detail-type': ['Resync Requested'], detail: { provider: [provider] } },
      ]);
      const target = referenced(at(requests[0]?.properties.Targets, 0, 'Arn'));
      const ticks = rules.filter(
        ({ properties }) =>
          properties.ScheduleExpression === 'rate(1 minute)' && referenced(at(properties.Targets, 0, 'Arn')) === target,
      );
      expect(ticks).toHaveLength(1);
    },
  );
});
