import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClientSettings, type Environment } from './aws-environment.ts';

/** The client that publishes on the product's event bus. */
export function eventBridgeClient(environment: Environment = process.env): EventBridgeClient {
  return new EventBridgeClient(awsClientSettings(environment));
}
