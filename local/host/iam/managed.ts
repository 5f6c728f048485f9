import { readPolicy, type Statement } from './statement.ts';

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

// Actions of the policies that AWS itself keeps, as far as functions of this product carry them.
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': LOGS,
  'service-role/AWSLambdaSQSQueueExecutionRole': [...LOGS, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  'service-role/AWSLambdaDynamoDBExecutionRole': [
    ...LOGS,
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  ],
  AWSXRayDaemonWriteAccess: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
};

/** The statements of a policy kept by AWS. Throws on one that is not known here. */
export function managedPolicy(arn: string): Statement[] {
  const name = arn.slice(arn.indexOf(':policy/') + ':policy/'.length);
  const Action = ACTIONS[name];
  if (Action === undefined) throw new Error(`The AWS managed policy ${arn} is not known to the local host`);
  return readPolicy({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] }, arn);
}
