import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { bonusFunctions } from '#lib/functions.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { sendStatement, streamArn, streamStatement } from './grants.ts';
import { type FunctionSurroundings, ServiceFunction } from './service-function.ts';
import { StreamConsumer } from './stream-consumer.ts';

export interface ResultFollowUpProps {
  readonly surroundings: FunctionSurroundings;
  /** Where new pages of the feed are announced. */
  readonly eventsQueue: IQueue;
  /** Where mails wait to be written. */
  readonly mailQueue: IQueue;
}

/** What statements, alerts, the change feed and webhooks follow: ProPays and groups with their results, what members leave in their group, line items, statements, approvals, audit, batches, runs, pages of the feed, users. */
const RESULT_TYPES = ['pp', 'pr', 'gm', 'gx', 'li', 'st', 'ap', 'au', 'bt', 'rn', 'fe', 'us'];

/** Follows results and commands: statements, differences, alerts, change feed and webhooks. */
export class ResultFollowUp extends Construct {
  readonly function: LambdaFunction;
  readonly deadLetters: readonly DeadLetterQueue[];

  constructor(scope: Construct, id: string, props: ResultFollowUpProps) {
    super(scope, id);
    const { alarms, tableReference } = props.surroundings;
    const failedBatches = new DeadLetterQueue(this, 'FailedBatches', { holds: 'stream batches of results', alarms });
    this.deadLetters = [failedBatches];
    this.function = new ServiceFunction(this, 'OnResults', {
      definition: bonusFunctions.onResults,
      surroundings: props.surroundings,
      description: 'Follows results and commands with statements, alerts, the change feed and webhooks',
      environment: { EVENTS_QUEUE_URL: props.eventsQueue.queueUrl, MAIL_QUEUE_URL: props.mailQueue.queueUrl },
      failedEvents: failedBatches,
      statements: [streamStatement(tableReference.table), sendStatement('Announce', [props.eventsQueue, props.mailQueue])],
    }).function;
    new StreamConsumer(this, 'Results', {
      function: this.function,
      streamArn: streamArn(tableReference.table),
      entityTypes: RESULT_TYPES,
      // One reader per shard, because feed pages are numbered one after the other.
      parallelization: 1,
      failedBatches,
      alarms,
    });
  }
}
