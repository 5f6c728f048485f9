import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { eventFunctions, MAIL_TIMEOUT_SECONDS } from '#lib/functions.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { consumeStatement } from './grants.ts';
import { QueueConsumer } from './queue-consumer.ts';
import { type FunctionSurroundings, ServiceFunction } from './service-function.ts';
import { WorkQueue } from './work-queue.ts';

export interface MailSendingProps {
  readonly surroundings: FunctionSurroundings;
  /** The domain that mails come from, verified with SES. */
  readonly mailDomain: string;
  /** Where people use the product: links in mails begin with it. */
  readonly appUrl: string;
}

const MAX_RECEIVES = 4;
const BATCH = 5;
const CONCURRENCY = 2;

/** Writes and sends mails, the only function that may. */
export class MailSending extends Construct {
  readonly function: LambdaFunction;
  readonly queue: WorkQueue;
  readonly deadLetters: readonly DeadLetterQueue[];

  constructor(scope: Construct, id: string, { surroundings, mailDomain, appUrl }: MailSendingProps) {
    super(scope, id);
    const { alarms } = surroundings;
    this.queue = new WorkQueue(this, 'Mails', {
      holds: 'mails to send',
      visibilityTimeout: Duration.seconds(6 * MAIL_TIMEOUT_SECONDS),
      maxReceives: MAX_RECEIVES,
      oldestAllowed: Duration.minutes(30),
      alarms,
    });
    const failedEvents = new DeadLetterQueue(this, 'FailedEvents', { holds: 'events of the sending of mails', alarms });
    this.deadLetters = [this.queue.deadLetters, failedEvents];
    this.function = new ServiceFunction(this, 'Mail', {
      definition: eventFunctions.mail,
      surroundings,
      description: 'Writes and sends mails: invitations and what people asked to be told of',
      environment: { MAIL_DOMAIN: mailDomain, APP_URL: appUrl },
      statements: [
        consumeStatement([this.queue.queue]),
        new PolicyStatement({
          sid: 'Send',
          actions: ['ses:SendEmail'],
          resources: [`arn:${Aws.PARTITION}:ses:${Aws.REGION}:${Aws.ACCOUNT_ID}:identity/${mailDomain}`],
        }),
      ],
      failedEvents,
    }).function;
    new QueueConsumer(this, 'MailsConsumer', {
      function: this.function,
      queue: this.queue.queue,
      batchSize: BATCH,
      maxConcurrency: CONCURRENCY,
    });
  }
}
