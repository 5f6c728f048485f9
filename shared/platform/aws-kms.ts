import { KMSClient } from '@aws-sdk/client-kms';
import { awsClientSettings, type Environment } from './aws-environment.ts';
import { jsonProtocol } from './json-protocol.ts';

/** The client that encrypts and decrypts source credentials. */
export function kmsClient(environment: Environment = process.env): KMSClient {
  const protocol = jsonProtocol({ version: '1.1', target: 'TrentService', bytes: ['CiphertextBlob', 'Plaintext'] });
  return new KMSClient({ ...awsClientSettings(environment), protocol });
}
