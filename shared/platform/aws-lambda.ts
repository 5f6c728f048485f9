import { LambdaClient } from '@aws-sdk/client-lambda';
import { awsClientSettings, type Environment } from './aws-environment.ts';
import { invokeProtocol } from './invoke-protocol.ts';

/** The client that asks a sync function to check or probe a connection. */
export function lambdaClient(environment: Environment = process.env): LambdaClient {
  return new LambdaClient({ ...awsClientSettings(environment), protocol: invokeProtocol() });
}
