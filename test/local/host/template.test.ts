import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadTemplate, type Template } from '#local/host/template/template.ts';
import { type StackSource, writeAssembly } from './support.ts';

const LOCALITY = {
  accountId: '000000000000',
  region: 'us-east-1',
  awsEndpoint: 'http://127.0.0.1:1',
  apiEndpoint: 'http://127.0.0.1:2',
  issuerEndpoint: 'http://127.0.0.1:3',
};

function load(stacks: Record<string, StackSource>): Template {
  const directory = mkdtempSync(join(tmpdir(), 'protiv-template-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeAssembly(directory, stacks);
  return loadTemplate(directory, LOCALITY);
}

/** The properties of one probe resource that carries an expression. */
function resolve(value: unknown, more: Partial<StackSource> = {}): unknown {
  const resources = { Probe: { Type: 'Test::Probe', Properties: { value } }, ...more.resources };
  return load({ One: { ...more, resources } }).of('Test::Probe')[0]?.properties.value;
}

const QUEUE = { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } } };

describe('intrinsics', () => {
  it.each([
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ Ref: 'AWS::StackName' }, 'One'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] }, 'a-000000000000'],
    [{ 'Fn::Sub': `x-\${AWS::Partition}-\${!Kept}` }, `x-aws-\${Kept}`],
    [{ 'Fn::Sub': [`\${Name} in \${Queue.QueueName}`, { Name: 'nine' }] }, 'nine in jobs'],
    [{ 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:jobs'],
    [{ 'Fn::GetAtt': 'Queue.QueueName' }, 'jobs'],
    [{ Ref: 'Queue' }, 'http://127.0.0.1:1/000000000000/jobs'],
    [
      [1, { Ref: 'AWS::NoValue' }, { a: { Ref: 'AWS::NoValue' }, b: 2 }],
      [1, { b: 2 }],
    ],
  ])('resolves %j', (expression, expected) => {
    expect(resolve(expression, { resources: QUEUE })).toEqual(expected);
  });

  it('follows conditions, in values and on resources', () => {
    const conditions = {
      IsHere: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
      Both: {
        'Fn::And': [
          { Condition: 'IsHere' },
          { 'Fn::Not': [{ 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': ['a', 'c'] }] }] },
        ],
      },
      Never: { 'Fn::Not': [{ Condition: 'Both' }] },
    };
    expect(resolve({ 'Fn::If': ['Both', 'yes', 'no'] }, { conditions })).toBe('yes');
    expect(resolve({ 'Fn::If': ['Never', 'yes', 'no'] }, { conditions })).toBe('no');
    const template = load({
      One: {
        conditions,
        resources: { A: { Type: 'Test::Probe', Condition: 'Never' }, B: { Type: 'Test::Probe', Condition: 'IsHere' } },
      },
    });
    expect(template.of('Test::Probe').map(({ id }) => id)).toEqual(['B']);
  });

  it('carries values from stack to stack by their export names', () => {
    const template = load({
      Data: {
        resources: QUEUE,
        outputs: {
          Out: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] }, Export: { Name: { 'Fn::Sub': `\${AWS::StackName}:QueueArn` } } },
        },
      },
      User: { resources: { Probe: { Type: 'Test::Probe', Properties: { value: { 'Fn::ImportValue': 'Data:QueueArn' } } } } },
    });
    expect(template.of('Test::Probe')[0]?.properties.value).toBe('arn:aws:sqs:us-east-1:000000000000:jobs');
  });

  it.each([
    [{ 'Fn::GetAZs': '' }, 'Intrinsic Fn::GetAZs'],
    [{ 'Fn::FindInMap': ['a', 'b', 'c'] }, 'Intrinsic Fn::FindInMap'],
    [{ Ref: 'Nobody' }, 'no resource Nobody'],
    [{ 'Fn::ImportValue': 'nothing' }, 'which no stack exports'],
    [{ 'Fn::GetAtt': ['Queue', 'Colour'] }, 'no local attribute Colour'],
    [{ 'Fn::GetAtt': ['Probe', 'Arn'] }, 'has no local Ref and attributes'],
    [{ 'Fn::Select': [3, ['a']] }, 'shorter list'],
  ])('refuses %j rather than guessing', (expression, message) => {
    expect(() => resolve(expression, { resources: QUEUE })).toThrow(message);
  });
});

describe('names', () => {
  it('are the same at every start, so that stored data keeps fitting', () => {
    const stacks = {
      One: {
        resources: {
          Key: { Type: 'AWS::KMS::Key' },
          Table: { Type: 'AWS::DynamoDB::Table' },
          Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'b' } },
        },
      },
    };
    const names = () => {
      const template = load(stacks);
      return ['AWS::KMS::Key', 'AWS::DynamoDB::Table', 'AWS::Events::EventBus'].map((type) =>
        template.of(type)[0]?.attribute('Arn'),
      );
    };
    expect(names()).toEqual(names());
    expect(names()[1]).toBe('arn:aws:dynamodb:us-east-1:000000000000:table/One-Table');
  });

  it('of rules carry their bus, as the conditions of permissions expect', () => {
    const rule = (Properties: object) => ({ Type: 'AWS::Events::Rule', Properties: { Name: 'r', ...Properties } });
    const template = load({ One: { resources: { A: rule({}), B: rule({ EventBusName: 'own' }) } } });
    expect(template.of('AWS::Events::Rule').map((one) => one.attribute('Arn').split(':').at(-1))).toEqual([
      'rule/r',
      'rule/own/r',
    ]);
  });
});
