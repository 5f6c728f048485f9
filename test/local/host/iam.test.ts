import { describe, expect, it } from 'vitest';
import { dynamoAccess } from '#local/host/iam/dynamodb-access.ts';
import { evaluate } from '#local/host/iam/evaluate.ts';
import { readPolicy } from '#local/host/iam/statement.ts';
import { matchesArn, matchesPattern } from '#local/host/iam/wildcard.ts';

const LOCALITY = { accountId: '000000000000', region: 'us-east-1', awsEndpoint: '', apiEndpoint: '', issuerEndpoint: '' };
const TABLE_ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/t';
const TABLES = new Map([['t', { partitionKey: 'pk', indexes: new Map([['byId', 'ip']]) }]]);

/** What a policy says of a DynamoDB request: one verdict per permission it needs. */
function verdicts(statements: object | object[], operation: string, body: Record<string, unknown>): string[] {
  const policy = readPolicy({ Statement: statements }, 'test');
  return dynamoAccess(operation, body, TABLES, LOCALITY).map(({ action, resource, context = {} }) =>
    evaluate(policy, { action, resource, context: new Map(Object.entries(context)) }),
  );
}

const tenantOnly = (Action: string | string[], Resource: string = TABLE_ARN) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['T#*'] } },
});
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'a' } });
const query = (value: string, more: object = {}) => ({
  TableName: 't',
  KeyConditionExpression: '#p = :p AND begins_with(sk, :s)',
  ExpressionAttributeNames: { '#p': 'pk' },
  ExpressionAttributeValues: { ':p': { S: value }, ':s': { S: 'x' } },
  ...more,
});

describe('leading keys', () => {
  it('are those of the item, whatever the call', () => {
    expect(verdicts(tenantOnly('dynamodb:GetItem'), 'GetItem', { TableName: 't', Key: key('T#1') })).toEqual(['allow']);
    expect(verdicts(tenantOnly('dynamodb:GetItem'), 'GetItem', { TableName: 't', Key: key('DUE#1') })).toEqual(['silent']);
    expect(verdicts(tenantOnly('dynamodb:PutItem'), 'PutItem', { TableName: 't', Item: key('X') })).toEqual(['silent']);
  });

  it('of a query come from its key condition, on either side and by name', () => {
    expect(verdicts(tenantOnly('dynamodb:Query'), 'Query', query('T#1'))).toEqual(['allow']);
    expect(verdicts(tenantOnly('dynamodb:Query'), 'Query', query('DUE#1'))).toEqual(['silent']);
    expect(verdicts(tenantOnly('dynamodb:Query'), 'Query', query('DUE#1', { KeyConditionExpression: ':p = pk' }))).toEqual([
      'silent',
    ]);
  });

  it('of an index are its own partition key, and the index is a resource of its own', () => {
    const request = query('T#1', { IndexName: 'byId', KeyConditionExpression: 'ip = :p' });
    expect(verdicts(tenantOnly('dynamodb:Query'), 'Query', request)).toEqual(['silent']);
    expect(verdicts(tenantOnly('dynamodb:Query', `${TABLE_ARN}/index/*`), 'Query', request)).toEqual(['allow']);
    const foreign = { ...request, ExpressionAttributeValues: { ':p': { S: 'X#1' } } };
    expect(verdicts(tenantOnly('dynamodb:Query', `${TABLE_ARN}/index/*`), 'Query', foreign)).toEqual(['silent']);
  });

  it('of a batch are those of all its items', () => {
    const batch = (...keys: string[]) => ({ RequestItems: { t: { Keys: keys.map(key) } } });
    expect(verdicts(tenantOnly('dynamodb:BatchGetItem'), 'BatchGetItem', batch('T#1', 'T#2'))).toEqual(['allow']);
    expect(verdicts(tenantOnly('dynamodb:BatchGetItem'), 'BatchGetItem', batch('T#1', 'X'))).toEqual(['silent']);
    const writes = { RequestItems: { t: [{ PutRequest: { Item: key('T#1') } }, { DeleteRequest: { Key: key('X') } }] } };
    expect(verdicts(tenantOnly('dynamodb:BatchWriteItem'), 'BatchWriteItem', writes)).toEqual(['silent']);
  });

  it('do not hold back a scan: only the missing action does', () => {
    expect(verdicts(tenantOnly('dynamodb:Scan'), 'Scan', { TableName: 't' })).toEqual(['allow']);
    expect(verdicts(tenantOnly('dynamodb:Query'), 'Scan', { TableName: 't' })).toEqual(['silent']);
  });
});

describe('a transaction', () => {
  it('needs the permission of each of its parts', () => {
    const body = {
      TransactItems: [
        { Put: { TableName: 't', Item: key('T#1') } },
        { ConditionCheck: { TableName: 't', Key: key('T#1') } },
        { Update: { TableName: 't', Key: key('Y') } },
        { Delete: { TableName: 't', Key: key('T#2') } },
      ],
    };
    const statement = tenantOnly(['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']);
    expect(verdicts(statement, 'TransactWriteItems', body)).toEqual(['allow', 'silent', 'silent', 'allow']);
  });
});

describe('policies', () => {
  const verdict = (statements: object | object[], action: string, resource: string, context: Record<string, string[]> = {}) =>
    evaluate(readPolicy({ Statement: statements }, 'test'), { action, resource, context: new Map(Object.entries(context)) });

  it('ignore the case of actions, match wildcards, and let a deny win', () => {
    const allow = { Effect: 'Allow', Action: 'SQS:Send*', Resource: 'arn:aws:sqs:*:*:jobs-?' };
    expect(verdict(allow, 'sqs:SendMessage', 'arn:aws:sqs:us-east-1:1:jobs-a')).toBe('allow');
    expect(verdict(allow, 'sqs:SendMessage', 'arn:aws:sqs:us-east-1:1:jobs-ab')).toBe('silent');
    expect(
      verdict(
        [allow, { Effect: 'Deny', NotAction: 'sqs:Get*', Resource: '*' }],
        'sqs:SendMessage',
        'arn:aws:sqs:us-east-1:1:jobs-a',
      ),
    ).toBe('deny');
    expect(verdict({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::b' }, 'sqs:SendMessage', 'arn:aws:s3:::b')).toBe(
      'silent',
    );
  });

  it('treat absent condition keys as IAM does', () => {
    const with_ = (Condition: object) => ({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', Condition });
    const context = (keys: Record<string, string[]>) =>
      Object.fromEntries(Object.entries(keys).map(([name, values]) => [name.toLowerCase(), values]));
    const named = context({ 'kms:EncryptionContext:tenant': ['t1'], 'kms:EncryptionContextKeys': ['tenant'] });
    expect(verdict(with_({ Null: { 'kms:EncryptionContext:tenant': 'false' } }), 'kms:Decrypt', 'k', named)).toBe('allow');
    expect(verdict(with_({ Null: { 'kms:EncryptionContext:tenant': 'false' } }), 'kms:Decrypt', 'k')).toBe('silent');
    expect(verdict(with_({ StringEquals: { 'kms:EncryptionContext:tenant': 't1' } }), 'kms:Decrypt', 'k')).toBe('silent');
    expect(verdict(with_({ StringEqualsIfExists: { 'kms:EncryptionContext:tenant': 't1' } }), 'kms:Decrypt', 'k')).toBe('allow');
    expect(verdict(with_({ StringNotEquals: { 'kms:EncryptionContext:tenant': 't1' } }), 'kms:Decrypt', 'k')).toBe('allow');
    expect(
      verdict(with_({ 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['tenant'] } }), 'kms:Decrypt', 'k', named),
    ).toBe('allow');
    expect(verdict(with_({ 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': ['tenant'] } }), 'kms:Decrypt', 'k')).toBe(
      'silent',
    );
  });

  it('with an operator or key that is not evaluated here are refused, not half understood', () => {
    const statement = (Condition: object) => ({ Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition } });
    expect(() => readPolicy(statement({ IpAddress: { 'aws:SourceIp': '1.2.3.4' } }), 'p')).toThrow('operator IpAddress in p');
    expect(() => readPolicy(statement({ StringEquals: { 'aws:UserAgent': 'x' } }), 'p')).toThrow('key aws:UserAgent in p');
  });
});

describe('patterns', () => {
  it('take braces and dollars as they are', () => {
    expect(matchesPattern('api/$default/GET/v1/workers/{id}', 'api/*/*/v1/workers/{id}')).toBe(true);
    expect(matchesPattern('aXb', 'a.b')).toBe(false);
  });
  it('of ARNs do not reach over a colon', () => {
    expect(matchesArn('arn:aws:sqs:us-east-1:1:q', 'arn:aws:sqs:*:q')).toBe(false);
    expect(matchesArn('arn:aws:sqs:us-east-1:1:q', 'arn:aws:sqs:*:*:q')).toBe(true);
  });
});
