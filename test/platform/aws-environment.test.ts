import { describe, expect, it } from 'vitest';
import { documentClient } from '#platform/aws-dynamodb.ts';
import { awsClientSettings, awsKeys } from '#platform/aws-environment.ts';
import { eventBridgeClient } from '#platform/aws-events.ts';
import { kmsClient } from '#platform/aws-kms.ts';
import { lambdaClient } from '#platform/aws-lambda.ts';
import { sqsClient } from '#platform/aws-sqs.ts';
import { defaultProvider } from '#platform/left-out/default-credentials.ts';

const ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };

describe('AWS clients', () => {
  it('take their keys from the environment they are given', async () => {
    expect(await awsClientSettings({ ...ENVIRONMENT, AWS_SESSION_TOKEN: 'session' }).credentials()).toEqual({
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      sessionToken: 'session',
    });
    expect(awsKeys(ENVIRONMENT)).toEqual({ accessKeyId: 'key', secretAccessKey: 'secret' });
  });

  it.each([{}, { AWS_ACCESS_KEY_ID: 'key' }, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: 'secret' }])(
    'say so when the environment has none (%j)',
    (environment) => {
      expect(() => awsKeys(environment)).toThrow('AWS_ACCESS_KEY_ID');
    },
  );

  it('give up after three attempts', async () => {
    for (const client of [
      documentClient(ENVIRONMENT),
      sqsClient(ENVIRONMENT),
      eventBridgeClient(ENVIRONMENT),
      kmsClient(ENVIRONMENT),
      lambdaClient(ENVIRONMENT),
    ]) {
      expect(await client.config.maxAttempts()).toBe(3);
      expect(await client.config.credentials()).toMatchObject({ accessKeyId: 'key' });
    }
  });

  it('leave undefined attributes out of what they write', () => {
    expect(documentClient(ENVIRONMENT).config.translateConfig?.marshallOptions?.removeUndefinedValues).toBe(true);
  });

  it('fail with a sentence that names the factories when built without credentials', async () => {
    await expect(defaultProvider()()).rejects.toThrow('shared/platform/aws-');
  });
});
