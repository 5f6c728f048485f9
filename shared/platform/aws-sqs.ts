import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClientSettings, type Environment } from './aws-environment.ts';
import { jsonProtocol } from './json-protocol.ts';

/** The client that puts messages on our own queues. */
export function sqsClient(environment: Environment = process.env): SQSClient {
  const protocol = jsonProtocol({ version: '1.0', target: 'AmazonSQS' });
  return new SQSClient({ ...awsClientSettings(environment), protocol });
}
