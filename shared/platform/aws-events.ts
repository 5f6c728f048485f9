import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClientSettings, type Environment } from './aws-environment.ts';
import { jsonProtocol } from './json-protocol.ts';

/** The client that publishes on the product's event bus. */
export function eventBridgeClient(environment: Environment = process.env): EventBridgeClient {
  const protocol = jsonProtocol({ version: '1.1', target: 'AWSEvents' });
  return new EventBridgeClient({ ...awsClientSettings(environment), protocol });
}
