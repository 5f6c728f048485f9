import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '#lib/suppressions.ts';

export interface QueueConsumerProps {
  readonly function: LambdaFunction;
  readonly queue: IQueue;
  readonly batchSize: number;
  /** Invocations at the same time: what keeps this queue from taking the whole account. */
  readonly maxConcurrency: number;
}

/** Feeds a function from a queue; a message that fails comes back alone, without the rest of its batch. */
export class QueueConsumer extends Construct {
  constructor(scope: Construct, id: string, props: QueueConsumerProps) {
    super(scope, id);
    new EventSourceMapping(this, 'Mapping', {
      target: props.function,
      eventSourceArn: props.queue.queueArn,
      batchSize: props.batchSize,
      maxConcurrency: props.maxConcurrency,
      reportBatchItemFailures: true,
    });
    acknowledge(this, 'Serverless::Serverless-LambdaEventSourceMappingDestination');
  }
}
