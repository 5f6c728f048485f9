import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsClientSettings, type Environment } from './aws-environment.ts';
import { jsonProtocol } from './json-protocol.ts';

/**
 * The client of the table, taking plain objects. Undefined attributes are left out of what is written; every other value
 * that DynamoDB cannot hold is refused.
 */
export function documentClient(environment: Environment = process.env): DynamoDBDocumentClient {
  const protocol = jsonProtocol({
    version: '1.0',
    target: 'DynamoDB_20120810',
    // An attribute called B is no text: its value is an object that names its type.
    bytes: ['B', 'BS'],
    tokens: { TransactWriteItems: 'ClientRequestToken' },
  });
  return DynamoDBDocumentClient.from(new DynamoDBClient({ ...awsClientSettings(environment), protocol }), {
    marshallOptions: { removeUndefinedValues: true },
  });
}
