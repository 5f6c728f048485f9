import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '#lib/suppressions.ts';
import type { AlarmTopic } from './alarm-topic.ts';

export interface DeadLetterQueueProps {
  /** What the messages in it are, for the alarm: "sync messages of aspire". */
  readonly holds: string;
  readonly alarms: AlarmTopic;
}

const RETENTION = Duration.days(14);
// Leaves four days to act before the first message is lost.
const OLDEST_ALLOWED = Duration.days(10);

/** Keeps what could not be processed for 14 days, and says so at once and again before anything is lost. */
export class DeadLetterQueue extends Construct {
  readonly holds: string;
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    this.holds = props.holds;
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
    });
    acknowledge(this, 'Serverless::Serverless-SQSRedrivePolicy');
    props.alarms.whenAbove(this, 'DepthAlarm', {
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      threshold: 0,
      description: `Given up after all retries: ${props.holds}. Find the cause, then redrive.`,
      runbook: 'dead-letters',
    });
    props.alarms.whenAbove(this, 'AgeAlarm', {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' }),
      threshold: OLDEST_ALLOWED.toSeconds(),
      description: `About to be lost for good (kept 14 days): ${props.holds}.`,
      runbook: 'dead-letters',
    });
  }
}
