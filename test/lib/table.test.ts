import { describe, expect, it } from 'vitest';
import { at, ofType, resources } from './templates.ts';

describe('the table', () => {
  const [table, ...others] = ofType('AWS::DynamoDB::Table');
  const properties = table?.properties;

  it('is one plain table, so that any CloudFormation engine can create it', () => {
    expect(others).toEqual([]);
    expect(ofType('AWS::DynamoDB::GlobalTable')).toEqual([]);
    expect(resources.filter(({ type }) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')).toEqual(
      [],
    );
  });

  it('survives the deletion of its stack and refuses its own', () => {
    expect(table?.deletionPolicy).toBe('Retain');
    expect(at(properties, 'DeletionProtectionEnabled')).toBe(true);
  });

  it('can be restored to any second of the last 35 days', () => {
    expect(at(properties, 'PointInTimeRecoverySpecification')).toEqual({
      PointInTimeRecoveryEnabled: true,
      RecoveryPeriodInDays: 35,
    });
  });

  it('streams both images', () => {
    expect(at(properties, 'StreamSpecification', 'StreamViewType')).toBe('NEW_AND_OLD_IMAGES');
  });

  it('is keyed by pk and sk, billed on demand, encrypted under a key of ours, and expires items by expiresAt', () => {
    expect(at(properties, 'KeySchema')).toEqual(keySchema('pk', 'sk'));
    expect(at(properties, 'BillingMode')).toBe('PAY_PER_REQUEST');
    expect(at(properties, 'SSESpecification')).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' });
    expect(at(properties, 'SSESpecification', 'KMSMasterKeyId')).toBeDefined();
    expect(at(properties, 'TimeToLiveSpecification')).toEqual({ AttributeName: 'expiresAt', Enabled: true });
  });

  it('has two indexes that hold keys only, and no local index', () => {
    expect(at(properties, 'GlobalSecondaryIndexes')).toEqual([
      { IndexName: 'id-index', KeySchema: keySchema('ip', 'is'), Projection: { ProjectionType: 'KEYS_ONLY' } },
      { IndexName: 'by-index', KeySchema: keySchema('bp', 'bs'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    ]);
    expect(at(properties, 'LocalSecondaryIndexes')).toBeUndefined();
  });
});

function keySchema(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ];
}
