import { describe, expect, it } from 'vitest';
import { readStage } from '#lib/stage.ts';
import { inProject } from '#tools/project.ts';
import { assemblyOf, stageNames } from '#tools/synth.ts';
import { at, list, type Resource, resourcesOf } from './templates.ts';

describe('stages of cdk.json', () => {
  it('have a value for everything that they do not say', () => {
    expect(readStage('dev', { dev: {} })).toMatchObject({
      name: 'dev',
      tracing: false,
      logRetentionDays: 90,
      syncConcurrency: { cycle: 10, bulk: 4 },
      alarmEmails: [],
    });
  });

  it('refuse what they do not know, with the stage and the setting to mend', () => {
    const wrong = (settings: object) => () => readStage('prod', { prod: settings });
    expect(() => readStage('test', { dev: {}, prod: {} })).toThrow(/no stage test; it knows dev, prod/);
    expect(() => readStage('dev', undefined)).toThrow(/context\.stages/);
    expect(() => readStage('__proto__', { dev: {} })).toThrow(/no stage/);
    expect(wrong({ account: '123' })).toThrow(/stage prod: account/);
    expect(wrong({ region: 'somewhere' })).toThrow(/region/);
    expect(wrong({ logRetentionDays: 91 })).toThrow(/logRetentionDays/);
    expect(wrong({ alarmEmails: ['nobody'] })).toThrow(/alarmEmails\.0/);
    expect(wrong({ allowedOrigins: ['https://app.example.com/path'] })).toThrow(/allowedOrigins\.0/);
    expect(wrong({ reservedConcurency: {} })).toThrow(/reservedConcurency: no setting/);
    expect(wrong({ archiveYears: 0 })).toThrow(/archiveYears/);
  });
});

describe('the stages that there are', () => {
  const prod = resourcesOf('prod');
  const dev = resourcesOf('dev');
  const typed = (resources: readonly Resource[], type: string) => resources.filter((each) => each.type === type);

  it('are dev, which runs at home, and prod beside it', () => {
    expect(stageNames).toEqual(['dev', 'prod']);
    expect(assemblyOf('dev')).toBe(inProject('cdk.out'));
    expect(assemblyOf('prod')).not.toBe(assemblyOf('dev'));
  });

  it('tag what can be tagged with product and stage', () => {
    for (const [stage, resources] of [
      ['dev', dev],
      ['prod', prod],
    ] as const)
      for (const { id, properties } of typed(resources, 'AWS::SQS::Queue'))
        expect(list(properties.Tags), id).toEqual(
          expect.arrayContaining([
            { Key: 'product', Value: 'protiv' },
            { Key: 'stage', Value: stage },
          ]),
        );
  });

  it('write traces in prod only, the one right without a resource', () => {
    const wild = (resources: readonly Resource[]) =>
      typed(resources, 'AWS::IAM::ManagedPolicy')
        .flatMap(({ properties }) => list(at(properties, 'PolicyDocument', 'Statement')))
        .filter((statement) => at(statement, 'Resource') === '*');
    expect(wild(dev)).toEqual([]);
    const functions = typed(prod, 'AWS::Lambda::Function');
    expect(wild(prod)).toHaveLength(functions.length);
    for (const statement of wild(prod))
      expect(list(at(statement, 'Action'))).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']);
    for (const { id, properties } of functions) expect(at(properties, 'TracingConfig', 'Mode'), id).toBe('Active');
  });

  it('keep concurrency for the API in prod, let syncs take no more than their cap, and keep logs for a year', () => {
    const reserved = typed(prod, 'AWS::Lambda::Function').filter(
      ({ properties }) => properties.ReservedConcurrentExecutions !== undefined,
    );
    expect(reserved.map(({ id }) => id.replace(/^Functions|Function[0-9A-F]{8}$/g, '')).sort()).toEqual([
      'Authorizer',
      'Bonus',
      'Mirror',
      'Pay',
    ]);
    const caps = typed(prod, 'AWS::Lambda::EventSourceMapping').filter(({ stack }) => stack === 'ProtivSync');
    expect(new Set(caps.map(({ properties }) => at(properties, 'ScalingConfig', 'MaximumConcurrency')))).toEqual(
      new Set([40, 10]),
    );
    for (const { id, properties } of typed(prod, 'AWS::Logs::LogGroup')) expect(properties.RetentionInDays, id).toBe(365);
  });

  it('archive the table every week in prod, where nobody can delete it for three years (29 CFR 516.5)', () => {
    expect(typed(dev, 'AWS::Scheduler::Schedule')).toEqual([]);
    const [schedule, ...others] = typed(prod, 'AWS::Scheduler::Schedule');
    expect(others).toEqual([]);
    expect(JSON.stringify(at(schedule?.properties, 'Target', 'Arn'))).toContain('aws-sdk:dynamodb:exportTableToPointInTime');
    const locked = typed(prod, 'AWS::S3::Bucket').filter(({ properties }) => properties.ObjectLockEnabled === true);
    expect(locked).toHaveLength(1);
    expect(at(locked[0]?.properties, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention')).toEqual({
      Days: 3 * 366,
      Mode: 'COMPLIANCE',
    });
    expect(locked[0]?.deletionPolicy).toBe('Retain');
  });

  it('tell in prod what the month costs before it costs too much', () => {
    expect(typed(dev, 'AWS::Budgets::Budget')).toEqual([]);
    const [budget] = typed(prod, 'AWS::Budgets::Budget');
    expect(at(budget?.properties, 'Budget')).toMatchObject({
      BudgetLimit: { Amount: 500, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:stage$prod'] },
    });
    expect(list(at(budget?.properties, 'NotificationsWithSubscribers'))).toHaveLength(3);
  });
});
