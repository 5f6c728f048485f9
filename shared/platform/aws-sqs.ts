import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClientSettings, type Environment } from './aws-environment.ts';

/** The client that puts messages on our own queues. */
export function sqsClient(environment: Environment = process.env): SQSClient {
  return new SQSClient(awsClientSettings(environment));
}
