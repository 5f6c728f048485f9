import { Duration } from 'aws-cdk-lib';
import { type IEventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { SYNC_TIMEOUT_SECONDS, syncFunction } from '#lib/functions.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { FileStore } from './file-store.ts';
import { consumeStatement, credentialsStatement, sendStatement } from './grants.ts';
import { QueueConsumer } from './queue-consumer.ts';
import { type FunctionSurroundings, ServiceFunction } from './service-function.ts';
import { WorkQueue } from './work-queue.ts';

export interface IntegrationSyncProps {
  /** The provider's id, for example `aspire`. */
  readonly provider: string;
  readonly surroundings: FunctionSurroundings;
  readonly eventBus: IEventBus;
  readonly credentialsKey: IKey;
  /** The product's own client at the source, sealed; absent where the source knows no clients. */
  readonly oauthClient?: string;
  /** People upload files instead of the source being asked. */
  readonly takesFiles: boolean;
}

// The recommended six times the function's timeout: Lambda may hold a message back for a while before it invokes.
const VISIBILITY = Duration.seconds(6 * SYNC_TIMEOUT_SECONDS);
const MAX_RECEIVES = 4;
/** How EventBridge delivers to a sync function; a tick older than an hour says nothing that the next one does not. */
const DELIVERY = { maxEventAge: Duration.hours(1), retryAttempts: 8 } as const;

/**
 * Everything one integration runs on: its function, a queue for deltas and one for long imports (so that a backfill never
 * delays a delta), a tick every minute and the requests for a manual resync. A failing source therefore concerns nobody else.
 */
export class IntegrationSync extends Construct {
  readonly function: LambdaFunction;
  readonly queues: readonly WorkQueue[];
  readonly deadLetters: readonly DeadLetterQueue[];

  constructor(scope: Construct, id: string, props: IntegrationSyncProps) {
    super(scope, id);
    const { provider, surroundings } = props;
    const { alarms, stage } = surroundings;
    const shared = { visibilityTimeout: VISIBILITY, maxReceives: MAX_RECEIVES, alarms };
    const cycle = new WorkQueue(this, 'Cycle', {
      ...shared,
      holds: `delta syncs of ${provider}`,
      oldestAllowed: Duration.minutes(20),
    });
    const bulk = new WorkQueue(this, 'Bulk', {
      ...shared,
      holds: `imports and full syncs of ${provider}`,
      oldestAllowed: Duration.hours(6),
    });
    const failedEvents = new DeadLetterQueue(this, 'FailedEvents', { holds: `ticks and resync requests of ${provider}`, alarms });
    const queues = [cycle.queue, bulk.queue];
    const files = props.takesFiles ? new FileStore(this, 'Files') : null;

    this.function = new ServiceFunction(this, 'Sync', {
      definition: syncFunction(provider),
      surroundings,
      description: `Keeps the mirror of ${provider} fresh: dispatches due connections and runs their syncs`,
      environment: {
        CYCLE_QUEUE_URL: cycle.queue.queueUrl,
        BULK_QUEUE_URL: bulk.queue.queueUrl,
        KEY_ID: props.credentialsKey.keyId,
        ...(props.oauthClient === undefined ? {} : { OAUTH_CLIENT: props.oauthClient }),
        ...(files === null ? {} : { FILES_BUCKET: files.bucket.bucketName }),
      },
      statements: [
        sendStatement('Dispatch', queues),
        consumeStatement(queues),
        credentialsStatement(props.credentialsKey),
        ...(files === null ? [] : [files.keyStatement]),
      ],
      failedEvents,
    }).function;
    this.queues = [cycle, bulk];
    this.deadLetters = [cycle.deadLetters, bulk.deadLetters, failedEvents];

    const consumed = { function: this.function, batchSize: 1 };
    new QueueConsumer(this, 'CycleConsumer', { ...consumed, queue: cycle.queue, maxConcurrency: stage.syncConcurrency.cycle });
    new QueueConsumer(this, 'BulkConsumer', { ...consumed, queue: bulk.queue, maxConcurrency: stage.syncConcurrency.bulk });
    this.#deliver(
      new Rule(this, 'Tick', {
        description: `Every minute: the connections of ${provider} that own this slot`,
        schedule: Schedule.rate(Duration.minutes(1)),
      }),
      failedEvents,
    );
    this.#deliver(
      new Rule(this, 'ResyncRequested', {
        description: `Manual resyncs of ${provider}`,
        eventBus: props.eventBus,
        eventPattern: { source: ['protiv.api'], detailType: ['Resync Requested'], detail: { provider: [provider] } },
      }),
      failedEvents,
    );
    if (files !== null) {
      files.openTo(this.function);
      this.#deliver(
        new Rule(this, 'FileUploaded', {
          description: `Files that were uploaded for ${provider}`,
          eventPattern: {
            source: ['aws.s3'],
            detailType: ['Object Created'],
            detail: { bucket: { name: [files.bucket.bucketName] } },
          },
        }),
        failedEvents,
      );
    }
    alarms.whenBelow(this, 'StandstillAlarm', {
      metric: this.function.metricInvocations({ statistic: 'Sum' }),
      threshold: 1,
      periods: 2,
      description: `${provider} gets no ticks: its schedule is disabled or gone, and the mirror grows stale.`,
      runbook: 'sync-standstill',
    });
  }

  #deliver(rule: Rule, failedEvents: DeadLetterQueue): void {
    rule.addTarget(new FunctionTarget(this.function, { ...DELIVERY, deadLetterQueue: failedEvents.queue }));
  }
}
