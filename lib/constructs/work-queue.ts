import type { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';

export interface WorkQueueProps {
  /** What waits in it, for the alarms: "delta syncs of aspire". */
  readonly holds: string;
  /** How long a message stays hidden while it is worked on: six times the function's timeout. */
  readonly visibilityTimeout: Duration;
  /** Receives after which a message goes to the dead-letter queue. */
  readonly maxReceives: number;
  /** A message older than this means that work is not keeping up. */
  readonly oldestAllowed: Duration;
  readonly alarms: AlarmTopic;
}

/** A queue of work with its dead-letter queue and the alarms of both. */
export class WorkQueue extends Construct {
  readonly holds: string;
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.holds = props.holds;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { holds: props.holds, alarms: props.alarms });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: props.visibilityTimeout,
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: props.maxReceives },
    });
    props.alarms.whenAbove(this, 'AgeAlarm', {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' }),
      threshold: props.oldestAllowed.toSeconds(),
      description: `Work is not keeping up: ${props.holds}.`,
      runbook: 'queue-age',
    });
  }
}
