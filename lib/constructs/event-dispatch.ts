import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DELIVERY_TIMEOUT_SECONDS, eventFunctions } from '#lib/functions.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { consumeStatement, sendStatement } from './grants.ts';
import { QueueConsumer } from './queue-consumer.ts';
import { type FunctionSurroundings, ServiceFunction } from './service-function.ts';
import { WorkQueue } from './work-queue.ts';

export interface EventDispatchProps {
  readonly surroundings: FunctionSurroundings;
  /** Where deliveries to webhooks wait. */
  readonly deliveryQueue: IQueue;
}

const MAX_RECEIVES = 4;
const BATCH = 5;
const CONCURRENCY = 5;

/** Takes new pages of the tenants' feeds and gives each event to whoever is to be told of it. */
export class EventDispatch extends Construct {
  readonly function: LambdaFunction;
  readonly queue: WorkQueue;
  readonly deadLetters: readonly DeadLetterQueue[];

  constructor(scope: Construct, id: string, { surroundings, deliveryQueue }: EventDispatchProps) {
    super(scope, id);
    const { alarms } = surroundings;
    this.queue = new WorkQueue(this, 'Pages', {
      holds: 'pages of the change feed to dispatch',
      visibilityTimeout: Duration.seconds(6 * DELIVERY_TIMEOUT_SECONDS),
      maxReceives: MAX_RECEIVES,
      oldestAllowed: Duration.minutes(15),
      alarms,
    });
    const failedEvents = new DeadLetterQueue(this, 'FailedEvents', { holds: 'events of the dispatch', alarms });
    this.deadLetters = [this.queue.deadLetters, failedEvents];
    this.function = new ServiceFunction(this, 'Dispatch', {
      definition: eventFunctions.dispatch,
      surroundings,
      description: 'Gives the events of a page of the feed to the webhooks that asked for them',
      environment: { DELIVERY_QUEUE_URL: deliveryQueue.queueUrl },
      statements: [sendStatement('Deliveries', [deliveryQueue]), consumeStatement([this.queue.queue])],
      failedEvents,
    }).function;
    new QueueConsumer(this, 'PagesConsumer', {
      function: this.function,
      queue: this.queue.queue,
      batchSize: BATCH,
      maxConcurrency: CONCURRENCY,
    });
  }
}
