import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { TableIndex } from '#lib/functions.ts';
import { acknowledge } from '#lib/suppressions.ts';
import type { AlarmTopic } from './alarm-topic.ts';

export interface MirrorTableProps {
  readonly encryptionKey: IKey;
  readonly alarms: AlarmTopic;
}

const RECOVERY_DAYS = 35;

/**
 * The single table: mirror, bonus results, approvals, pay, audit. It is protected against deletion, kept when the stack
 * goes, restorable to any second of the last 35 days, and its stream carries both images, because a record that moves from
 * one job to another concerns both.
 */
export class MirrorTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: MirrorTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: RECOVERY_DAYS },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expiresAt',
    });
    acknowledge(this, 'NIST.800.53.R5::NIST.800.53.R5-DynamoDBInBackupPlan');
    // Both indexes hold keys and no data: rows are read from the table, so no money is ever decided from an index.
    for (const [index, partition, sort] of [
      ['id', 'ip', 'is'],
      ['by', 'bp', 'bs'],
    ] as const) {
      this.table.addGlobalSecondaryIndex({
        indexName: indexName(index),
        partitionKey: text(partition),
        sortKey: text(sort),
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
    for (const metricName of ['ReadThrottleEvents', 'WriteThrottleEvents']) {
      props.alarms.whenAbove(this, `${metricName}Alarm`, {
        metric: this.table.metric(metricName, { statistic: 'Sum' }),
        threshold: 0,
        periods: 3,
        description: `The table throttles (${metricName}): a partition is hot or the table outgrew its last peak.`,
        runbook: 'table-throttles',
      });
    }
  }
}

/** The name of an index in the table: DynamoDB wants three characters at least, so `id` and `by` alone would not do. */
export function indexName(index: TableIndex): string {
  return `${index}-index`;
}

function text(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
