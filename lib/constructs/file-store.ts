import { Aws, Duration } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '#lib/suppressions.ts';
import { CLOSED_BUCKET } from './closed-bucket.ts';
import { ProductKey } from './product-key.ts';

/** A day longer than an upload waits for its acceptance. */
const FILES_KEPT = Duration.days(8);
const LOGS_KEPT = Duration.days(90);

/**
 * Where uploaded files wait until they are read: encrypted under a key of their own, closed to everybody but one function, gone after
 * eight days. Keys begin with the tenant. It tells the account's event bus of every file that arrives.
 */
export class FileStore extends Construct {
  readonly bucket: Bucket;
  readonly #key: ProductKey;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#key = new ProductKey(this, 'Key', { description: 'Protiv: uploaded files' });
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...CLOSED_BUCKET,
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [forget(LOGS_KEPT)],
    });
    this.bucket = new Bucket(this, 'Bucket', {
      ...CLOSED_BUCKET,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.#key,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: accessLogs,
      lifecycleRules: [forget(FILES_KEPT)],
    });
    // The property of CloudFormation; the CDK's own setting would deploy a function that writes it.
    (this.bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    acknowledge(accessLogs, 'NIST.800.53.R5::NIST.800.53.R5-S3DefaultEncryptionKMS');
    acknowledge(this, 'NIST.800.53.R5::NIST.800.53.R5-S3BucketReplicationEnabled');
  }

  /** Lets a function use the key, but only for what S3 does in its name. */
  get keyStatement(): PolicyStatement {
    return new PolicyStatement({
      sid: 'FilesKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [this.#key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } },
    });
  }

  /** Names the one function that may write, read and delete files, in the bucket's own policy: so its role needs no pattern of keys. */
  openTo(reader: LambdaFunction): void {
    if (!reader.role) throw new Error('The function has no role.');
    const principals = [new ArnPrincipal(reader.role.roleArn)];
    this.bucket.addToResourcePolicy(
      // Without it S3 answers for a file that is not there as if it were forbidden, and absence could not be told from a missing right.
      new PolicyStatement({ sid: 'Absence', principals, actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
    );
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'FilesOfThisFunction',
        principals,
        actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
      }),
    );
  }
}

function forget(after: Duration) {
  return {
    expiration: after,
    noncurrentVersionExpiration: Duration.days(1),
    abortIncompleteMultipartUploadAfter: Duration.days(1),
  };
}
