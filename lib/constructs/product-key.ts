import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccountRootPrincipal, Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

export interface ProductKeyProps {
  readonly description: string;
  /** What services may do with the key on their own behalf, beside what roles are granted. */
  readonly serviceStatements?: readonly PolicyStatement[];
}

// The account's administrators manage the key and delegate its use to roles. Written out, so that no action is a wildcard.
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:CreateGrant',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RetireGrant',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];
const USE = [
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** A customer-managed key that rotates every year and outlives its stack: without it nothing it protects can be read. */
export class ProductKey extends Key {
  constructor(scope: Construct, id: string, props: ProductKeyProps) {
    super(scope, id, {
      description: props.description,
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'AccountAdministersAndDelegates',
            effect: Effect.ALLOW,
            principals: [new AccountRootPrincipal()],
            actions: [...ADMINISTRATION, ...USE],
            resources: ['*'],
          }),
          ...(props.serviceStatements ?? []),
        ],
      }),
    });
  }
}

/** Lets CloudWatch Logs encrypt the log groups of this product, and no others, with the key that carries the statement. */
export function logsMayEncrypt(stackPrefix: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'LogsOfThisProduct',
    principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
    actions: ['kms:DescribeKey', ...USE],
    resources: ['*'],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${stackPrefix}*`,
      },
    },
  });
}

/** Lets services publish alarms of this account to a topic under the key that carries the statement. */
export function mayPublish(services: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'AlarmsOfThisAccount',
    principals: services.map((service) => new ServicePrincipal(service)),
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
}
