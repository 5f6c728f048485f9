import { describe, expect, it } from 'vitest';
import { at, list, ofType, type Statement, statements, templateTexts } from './templates.ts';

const ofRoles = statements('AWS::IAM::ManagedPolicy', 'PolicyDocument');
const tableActions = (statement: Statement) => statement.actions.filter((action) => String(action).startsWith('dynamodb:'));
const onItems = ofRoles.filter(({ actions }) => actions.some((action) => /Item$|:Query$/.test(String(action))));

describe('roles', () => {
  it('hold nothing but policies of their own, which the CDK cannot widen', () => {
    expect(ofType('AWS::IAM::Policy')).toEqual([]);
    for (const { properties } of ofType('AWS::IAM::Role')) {
      expect(properties.Policies).toBeUndefined();
      for (const attached of list(properties.ManagedPolicyArns)) expect(at(attached, 'Ref')).toBeTypeOf('string');
    }
  });

  it('name every action and resource in full', () => {
    for (const { resource, actions, resources } of ofRoles) {
      for (const action of actions) expect(action, resource.id).not.toContain('*');
      for (const target of resources) expect(JSON.stringify(target), resource.id).not.toContain('*');
    }
  });

  it('may nowhere scan, delete or change the table itself', () => {
    for (const text of templateTexts.values()) expect(text).not.toMatch(/dynamodb:(Scan|PartiQL|DeleteTable|UpdateTable)/);
  });

  it('see only partitions of tenants, or schedule slots where they work on those (I18)', () => {
    expect(onItems.length).toBeGreaterThan(0);
    for (const { resource, conditions } of onItems) {
      const keys = list(at(conditions, 'ForAllValues:StringLike', 'dynamodb:LeadingKeys'));
      expect(keys[0], resource.id).toBe('T#*');
      const worksOnSlots = /Sync|Admin|OnSchedule|Verification/.test(resource.id);
      expect(keys.slice(1), resource.id).toEqual(worksOnSlots ? ['DUE#*'] : []);
    }
  });

  it('reach an index by its own ARN and only to query it', () => {
    const onIndexes = ofRoles.filter(({ resources }) => JSON.stringify(resources).includes('/index/'));
    expect(onIndexes.length).toBeGreaterThan(0);
    for (const { actions, resources } of onIndexes) {
      expect(actions).toEqual(['dynamodb:Query']);
      for (const target of resources) expect(JSON.stringify(target)).toMatch(/\/index\/(id|by)-index/);
    }
  });

  it('give the authorizer single reads and the docs function no data at all', () => {
    const of = (part: string) => ofRoles.filter(({ resource }) => resource.id.startsWith(part));
    expect(of('FunctionsAuthorizer').flatMap(tableActions)).toEqual(['dynamodb:GetItem']);
    const ofDocs = of('FunctionsDocs').flatMap(({ actions }) => actions);
    expect(ofDocs).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 'sqs:SendMessage']);
  });

  it('use the table key only through DynamoDB and the credentials key only for a tenant and what the secret belongs to', () => {
    const onKeys = ofRoles.filter(({ actions }) => actions.some((action) => String(action).startsWith('kms:')));
    for (const { resource, conditions } of onKeys) {
      const throughDynamoDb = at(conditions, 'StringEquals', 'kms:ViaService') !== undefined;
      const named = at(conditions, 'Null');
      if (throughDynamoDb) continue;
      const kind = resource.stack === 'ProtivSync' ? 'connection' : 'webhook';
      expect(named, resource.id).toEqual({ [`kms:EncryptionContext:${kind}`]: 'false', 'kms:EncryptionContext:tenant': 'false' });
    }
    const direct = onKeys.filter(({ conditions }) => at(conditions, 'Null') !== undefined);
    const beyondSync = direct.filter(({ resource }) => resource.stack !== 'ProtivSync');
    // The API seals secrets of webhooks and cannot open them; their delivery opens them and cannot seal any.
    expect(beyondSync.map(({ resource, actions }) => [resource.stack, actions]).sort()).toEqual([
      ['ProtivApi', ['kms:Encrypt']],
      ['ProtivEvents', ['kms:Decrypt']],
    ]);
  });
});

describe('policies of resources', () => {
  it('allow no wildcard action; a key policy means its own key by *', () => {
    const ofResources = [
      ...statements('AWS::SQS::QueuePolicy', 'PolicyDocument'),
      ...statements('AWS::SNS::TopicPolicy', 'PolicyDocument'),
      ...statements('AWS::KMS::Key', 'KeyPolicy'),
    ].filter(({ effect }) => effect === 'Allow');
    for (const { resource, actions, resources } of ofResources) {
      for (const action of actions) expect(action, resource.id).not.toContain('*');
      if (resource.type !== 'AWS::KMS::Key') expect(JSON.stringify(resources), resource.id).not.toContain('"*"');
    }
  });

  it('refuse queues and the topic to unencrypted calls', () => {
    const denied = statements('AWS::SQS::QueuePolicy', 'PolicyDocument').filter(
      ({ effect, conditions }) => effect === 'Deny' && at(conditions, 'Bool', 'aws:SecureTransport') === 'false',
    );
    expect(denied).toHaveLength(ofType('AWS::SQS::Queue').length);
  });

  it('let services invoke a function only from one named source', () => {
    for (const { id, properties } of ofType('AWS::Lambda::Permission')) {
      expect(properties.Action, id).toBe('lambda:InvokeFunction');
      expect(properties.SourceArn, id).toBeDefined();
    }
  });
});
