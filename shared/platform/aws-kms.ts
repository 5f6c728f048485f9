import { KMSClient } from '@aws-sdk/client-kms';
import { awsClientSettings, type Environment } from './aws-environment.ts';

/** The client that encrypts and decrypts source credentials. */
export function kmsClient(environment: Environment = process.env): KMSClient {
  return new KMSClient(awsClientSettings(environment));
}
