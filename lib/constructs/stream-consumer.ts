import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

export interface StreamConsumerProps {
  readonly function: LambdaFunction;
  readonly streamArn: string;
  /** Entity types (attribute `et`) that wake the function, whether an item appears, changes or goes. */
  readonly entityTypes: readonly string[];
  /** Batches of one shard worked on at the same time, different items in each. */
  readonly parallelization: number;
  readonly failedBatches: DeadLetterQueue;
  readonly alarms: AlarmTopic;
}

const BATCH_SIZE = 500;
const WINDOW = Duration.seconds(1);
const RETRIES = 6;
const MAX_AGE = Duration.hours(6);
const LAG_ALLOWED = Duration.minutes(5);

/**
 * Feeds a function from the table's stream. A poisoned record is cornered by bisecting and ends in the failure queue, with
 * shard and sequence numbers to replay it, instead of blocking its shard for a day.
 */
export class StreamConsumer extends Construct {
  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    const types = { et: { S: [...props.entityTypes] } };
    new EventSourceMapping(this, 'Mapping', {
      target: props.function,
      eventSourceArn: props.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH_SIZE,
      maxBatchingWindow: WINDOW,
      parallelizationFactor: props.parallelization,
      retryAttempts: RETRIES,
      maxRecordAge: MAX_AGE,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // A removal has an old image only: without the second pattern it would be lost.
      filters: [
        FilterCriteria.filter({ dynamodb: { NewImage: types } }),
        FilterCriteria.filter({ dynamodb: { OldImage: types } }),
      ],
      onFailure: new SqsDlq(props.failedBatches.queue),
    });
    props.alarms.whenAbove(this, 'IteratorAgeAlarm', {
      metric: props.function.metric('IteratorAge', { statistic: 'Maximum' }),
      threshold: LAG_ALLOWED.toMilliseconds(),
      description: 'The stream is read too slowly: bonuses lag behind the mirror.',
      runbook: 'stream-age',
    });
  }
}
