import { describe, expect, it } from 'vitest';
import { at, list, ofType, referenced, statements } from './templates.ts';

const buckets = ofType('AWS::S3::Bucket');
const files = buckets.filter(({ properties }) => properties.NotificationConfiguration !== undefined);
const policies = statements('AWS::S3::BucketPolicy', 'PolicyDocument');

describe('uploaded files', () => {
  it('lie in one bucket, under a key of their own, and are gone after eight days', () => {
    expect(files).toHaveLength(1);
    const [{ properties } = { properties: {} }] = files;
    const [encryption] = list(at(properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration'));
    expect(at(encryption, 'ServerSideEncryptionByDefault', 'SSEAlgorithm')).toBe('aws:kms');
    const [rule] = list(at(properties, 'LifecycleConfiguration', 'Rules'));
    expect(rule).toMatchObject({ ExpirationInDays: 8, NoncurrentVersionExpiration: { NoncurrentDays: 1 }, Status: 'Enabled' });
  });

  it('are closed to the public and to unencrypted calls, as the log of who reached them is', () => {
    for (const { id, stack, properties } of buckets) {
      expect(properties.PublicAccessBlockConfiguration, id).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      const refused = policies.filter(
        ({ resource, effect, conditions }) =>
          resource.stack === stack &&
          referenced(resource.properties.Bucket) === id &&
          effect === 'Deny' &&
          at(conditions, 'Bool', 'aws:SecureTransport') === 'false',
      );
      expect(refused, id).toHaveLength(1);
    }
  });

  it('are reached by one function, which puts, reads and deletes them and does nothing else', () => {
    const allowed = policies.filter(
      ({ resource, effect }) => effect === 'Allow' && referenced(resource.properties.Bucket) === files[0]?.id,
    );
    expect(allowed.flatMap(({ actions }) => actions).sort()).toEqual([
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
    ]);
    const principals = allowed.map(({ resource }) => JSON.stringify(list(at(resource.properties.PolicyDocument, 'Statement'))));
    for (const text of principals) expect(text.match(/SyncRole/g)).toHaveLength(2);
    expect(
      statements('AWS::IAM::ManagedPolicy', 'PolicyDocument').flatMap(({ actions }) => actions.map(String)),
    ).not.toContainEqual(expect.stringMatching(/^s3:/));
  });
});
