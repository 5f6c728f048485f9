import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The rules of the check packs that we knowingly do not follow, with the reason why each does not serve this product. The
 * key is the id that the packs report. At most ten; a test counts them and fails on a finding that is not in this list.
 */
export const suppressions = {
  'Serverless::Serverless-SQSRedrivePolicy':
    'A dead-letter queue is the end of the line; its alarms on depth and age call a person.',
  'Serverless::Serverless-LambdaEventSourceMappingDestination':
    'A mapping from SQS takes no failure destination; its queue redrives to a dead-letter queue after four receives.',
  'Serverless::Serverless-LambdaTracing':
    'The permission to write traces cannot be narrowed to a resource, and no role here holds a wildcard. Run ids and request ids in structured logs link what belongs together.',
  'AwsSolutions::AwsSolutions-IAM5[Resource::*]':
    'X-Ray knows no resources. Only a stage that asks for traces has this statement, and it may write traces and nothing else.',
  'NIST.800.53.R5::NIST.800.53.R5-LambdaConcurrency':
    'Reserving for one function takes from the account, and accounts with a low limit could not be deployed to at all. What could crowd out the API is capped at its source instead: each queue mapping by its maximum concurrency, each stream mapping by its factor.',
  'NIST.800.53.R5::NIST.800.53.R5-LambdaInsideVPC':
    'The functions call public interfaces of source systems and AWS services reached by signed TLS requests; there is no private resource to be near, and a NAT gateway would be one more thing that fails.',
  'NIST.800.53.R5::NIST.800.53.R5-DynamoDBInBackupPlan':
    'Point-in-time recovery covers every second of the last 35 days, and the table cannot be deleted while its protection is on.',
  'NIST.800.53.R5::NIST.800.53.R5-S3BucketReplicationEnabled':
    'Uploaded files live for a week and are read once; what they brought is in the table. A second copy elsewhere would only be more personal data to delete.',
  'NIST.800.53.R5::NIST.800.53.R5-S3DefaultEncryptionKMS':
    'This bucket receives access logs, which S3 does not deliver into a bucket under a customer-managed key; it is encrypted with keys of S3.',
  'AwsSolutions::AwsSolutions-APIG4':
    'Health, the API description, problems, OAuth callbacks and signed webhooks are public by design, and so is the answer to unknown paths; every other route is behind the authorizer.',
} as const;

/** Records on a construct, and so on everything below it, that a rule is knowingly not followed there and why. */
export function acknowledge(construct: IConstruct, ...rules: readonly (keyof typeof suppressions)[]): void {
  Validations.of(construct).acknowledge(...rules.map((id) => ({ id, reason: suppressions[id] })));
}
