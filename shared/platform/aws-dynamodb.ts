import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsClientSettings, type Environment } from './aws-environment.ts';

/**
 * The client of the table, taking plain objects. Undefined attributes are left out of what is written; every other value
 * that DynamoDB cannot hold is refused.
 */
export function documentClient(environment: Environment = process.env): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(awsClientSettings(environment)), {
    marshallOptions: { removeUndefinedValues: true },
  });
}
