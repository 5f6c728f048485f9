import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { bonusFunctions, RECALCULATION_TIMEOUT_SECONDS } from '#lib/functions.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { consumeStatement, sendStatement, streamArn, streamStatement } from './grants.ts';
import { QueueConsumer } from './queue-consumer.ts';
import { type FunctionSurroundings, ServiceFunction } from './service-function.ts';
import { StreamConsumer } from './stream-consumer.ts';
import { WorkQueue } from './work-queue.ts';

export interface RecalculationProps {
  readonly surroundings: FunctionSurroundings;
}

/** What a calculation depends on: jobs, milestones, budgets, materials, time, drive time, workers, wages, reference data, context. */
const INPUT_TYPES = ['jb', 'ms', 'bu', 'ma', 'ti', 'dr', 'wk', 'wg', 're', 'cx'];
const PARALLELIZATION = 4;
const QUEUE_BATCH = 10;
const QUEUE_CONCURRENCY = 10;
const MAX_RECEIVES = 4;

/**
 * Recalculates what changed inputs concern: directly from the stream, and through a queue when one cause reaches more scopes
 * than a batch should carry. Results are other items than inputs, so a calculation never wakes itself.
 */
export class Recalculation extends Construct {
  readonly function: LambdaFunction;
  readonly queue: WorkQueue;
  readonly deadLetters: readonly DeadLetterQueue[];

  constructor(scope: Construct, id: string, props: RecalculationProps) {
    super(scope, id);
    const { alarms, tableReference } = props.surroundings;
    this.queue = new WorkQueue(this, 'Scopes', {
      holds: 'scopes to recalculate',
      visibilityTimeout: Duration.seconds(6 * RECALCULATION_TIMEOUT_SECONDS),
      maxReceives: MAX_RECEIVES,
      oldestAllowed: Duration.minutes(30),
      alarms,
    });
    const failedBatches = new DeadLetterQueue(this, 'FailedBatches', { holds: 'stream batches of changed inputs', alarms });
    this.deadLetters = [this.queue.deadLetters, failedBatches];
    this.function = new ServiceFunction(this, 'OnInputs', {
      definition: bonusFunctions.onInputs,
      surroundings: props.surroundings,
      description: 'Recalculates the bonuses that changed inputs concern',
      environment: { RECALC_QUEUE_URL: this.queue.queue.queueUrl },
      failedEvents: failedBatches,
      statements: [
        streamStatement(tableReference.table),
        sendStatement('Scopes', [this.queue.queue]),
        consumeStatement([this.queue.queue]),
      ],
    }).function;
    new StreamConsumer(this, 'Inputs', {
      function: this.function,
      streamArn: streamArn(tableReference.table),
      entityTypes: INPUT_TYPES,
      parallelization: PARALLELIZATION,
      failedBatches,
      alarms,
    });
    new QueueConsumer(this, 'ScopesConsumer', {
      function: this.function,
      queue: this.queue.queue,
      batchSize: QUEUE_BATCH,
      maxConcurrency: QUEUE_CONCURRENCY,
    });
  }
}
