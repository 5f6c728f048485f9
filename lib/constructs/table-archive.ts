import { Aws, Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { ArnPrincipal, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, ObjectLockRetention, StorageClass } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { acknowledge } from '#lib/suppressions.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import { CLOSED_BUCKET } from './closed-bucket.ts';
import { ProductKey } from './product-key.ts';

export interface TableArchiveProps {
  readonly table: ITable;
  readonly tableKey: IKey;
  /** How long nobody can delete what was archived. */
  readonly years: number;
  readonly alarms: AlarmTopic;
}

const DAYS_OF_YEAR = 366;
const LOGS_KEPT = Duration.days(90);

/**
 * The whole table, once a week, in a bucket from which nobody can delete it before its time: recovery to a point in time reaches back 35
 * days, pay records are kept for three years (29 CFR 516.5). The export reads the recovery log, not the table, and costs it no capacity.
 */
export class TableArchive extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { table, tableKey, years, alarms }: TableArchiveProps) {
    super(scope, id);
    const key = new ProductKey(this, 'Key', { description: 'Protiv: the archive of the table' });
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...CLOSED_BUCKET,
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: LOGS_KEPT, noncurrentVersionExpiration: Duration.days(1) }],
    });
    this.bucket = new Bucket(this, 'Bucket', {
      ...CLOSED_BUCKET,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(DAYS_OF_YEAR * years)),
      serverAccessLogsBucket: accessLogs,
      lifecycleRules: [
        {
          transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(1) }],
          expiration: Duration.days(DAYS_OF_YEAR * years + 1),
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    acknowledge(accessLogs, 'NIST.800.53.R5::NIST.800.53.R5-S3DefaultEncryptionKMS');
    acknowledge(this, 'NIST.800.53.R5::NIST.800.53.R5-S3BucketReplicationEnabled');

    const policy = new ManagedPolicy(this, 'Policy', {
      description: 'What the weekly export of the table may do',
      statements: [
        new PolicyStatement({ sid: 'Export', actions: ['dynamodb:ExportTableToPointInTime'], resources: [table.tableArn] }),
        keyStatement('TableKey', tableKey, 'dynamodb', ['kms:Decrypt', 'kms:DescribeKey']),
        keyStatement('ArchiveKey', key, 's3', ['kms:Decrypt', 'kms:GenerateDataKey']),
      ],
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      managedPolicies: [policy],
    });
    // Named in the bucket's own policy, so that the role needs no pattern of keys.
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Export',
        principals: [new ArnPrincipal(role.roleArn)],
        actions: ['s3:AbortMultipartUpload', 's3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
      }),
    );
    const group = new CfnScheduleGroup(this, 'Group');
    new CfnSchedule(this, 'Weekly', {
      groupName: group.ref,
      description: 'Every Sunday: the whole table to its archive',
      scheduleExpression: 'cron(0 7 ? * SUN *)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: `arn:${Aws.PARTITION}:scheduler:::aws-sdk:dynamodb:exportTableToPointInTime`,
        roleArn: role.roleArn,
        input: JSON.stringify({
          TableArn: table.tableArn,
          S3Bucket: this.bucket.bucketName,
          S3SseAlgorithm: 'KMS',
          S3SseKmsKeyId: key.keyArn,
          ExportFormat: 'DYNAMODB_JSON',
        }),
        retryPolicy: { maximumRetryAttempts: 8, maximumEventAgeInSeconds: Duration.hours(24).toSeconds() },
      },
    });
    alarms.whenAbove(this, 'MissedAlarm', {
      metric: new Metric({
        namespace: 'AWS/Scheduler',
        metricName: 'InvocationDroppedCount',
        dimensionsMap: { ScheduleGroup: group.ref },
        statistic: 'Sum',
      }),
      threshold: 0,
      description: 'The weekly export of the table to its archive could not be started for a day.',
      runbook: 'archive-missed',
    });
  }
}

function keyStatement(sid: string, key: IKey, service: string, actions: string[]): PolicyStatement {
  return new PolicyStatement({
    sid,
    actions,
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.amazonaws.com` } },
  });
}
