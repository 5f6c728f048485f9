import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { DELIVERY_TIMEOUT_SECONDS, eventFunctions } from '#lib/functions.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { consumeStatement, sendStatement, webhookSecretsStatement } from './grants.ts';
import { QueueConsumer } from './queue-consumer.ts';
import { type FunctionSurroundings, ServiceFunction } from './service-function.ts';
import { WorkQueue } from './work-queue.ts';

export interface WebhookDeliveryProps {
  readonly surroundings: FunctionSurroundings;
  readonly credentialsKey: IKey;
}

const MAX_RECEIVES = 4;
const BATCH = 10;
const CONCURRENCY = 10;

/**
 * Posts events to the endpoints of tenants. A message stands for one delivery to one endpoint and comes back for the next attempt; the queue
 * is fair between endpoints, and a batch waits for its slowest receiver ten seconds at most.
 */
export class WebhookDelivery extends Construct {
  readonly function: LambdaFunction;
  readonly queue: WorkQueue;
  readonly deadLetters: readonly DeadLetterQueue[];

  constructor(scope: Construct, id: string, { surroundings, credentialsKey }: WebhookDeliveryProps) {
    super(scope, id);
    const { alarms } = surroundings;
    this.queue = new WorkQueue(this, 'Deliveries', {
      holds: 'deliveries to webhooks',
      visibilityTimeout: Duration.seconds(6 * DELIVERY_TIMEOUT_SECONDS),
      maxReceives: MAX_RECEIVES,
      // A delivery that waits for its next attempt is held back for fifteen minutes at a time.
      oldestAllowed: Duration.minutes(45),
      alarms,
    });
    const failedEvents = new DeadLetterQueue(this, 'FailedEvents', { holds: 'events of the delivery to webhooks', alarms });
    this.deadLetters = [this.queue.deadLetters, failedEvents];
    this.function = new ServiceFunction(this, 'Deliver', {
      definition: eventFunctions.deliver,
      surroundings,
      description: 'Posts events to the endpoints of tenants, signed, until they take them',
      environment: { DELIVERY_QUEUE_URL: this.queue.queue.queueUrl, KEY_ID: credentialsKey.keyId },
      statements: [
        sendStatement('Deliveries', [this.queue.queue]),
        consumeStatement([this.queue.queue]),
        webhookSecretsStatement(credentialsKey, 'kms:Decrypt'),
      ],
      failedEvents,
    }).function;
    new QueueConsumer(this, 'DeliveriesConsumer', {
      function: this.function,
      queue: this.queue.queue,
      batchSize: BATCH,
      maxConcurrency: CONCURRENCY,
    });
  }
}
