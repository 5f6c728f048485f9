import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { bonusFunctions } from '#lib/functions.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { type FunctionSurroundings, ServiceFunction } from './service-function.ts';

export interface HourlyClockProps {
  readonly surroundings: FunctionSurroundings;
}

/** What happens because time passed: held items fall free, pay periods open, stored results are verified. */
export class HourlyClock extends Construct {
  readonly function: LambdaFunction;
  readonly deadLetters: readonly DeadLetterQueue[];

  constructor(scope: Construct, id: string, props: HourlyClockProps) {
    super(scope, id);
    const failedEvents = new DeadLetterQueue(this, 'FailedEvents', {
      holds: 'hourly ticks of the bonus layer',
      alarms: props.surroundings.alarms,
    });
    this.deadLetters = [failedEvents];
    this.function = new ServiceFunction(this, 'OnSchedule', {
      definition: bonusFunctions.onSchedule,
      surroundings: props.surroundings,
      description: 'Does what the passing of time asks for: releases, periods, verification',
      failedEvents,
    }).function;
    new Rule(this, 'Hourly', {
      description: 'Every hour: releases, periods, verification',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [
        new FunctionTarget(this.function, {
          maxEventAge: Duration.hours(1),
          retryAttempts: 8,
          deadLetterQueue: failedEvents.queue,
        }),
      ],
    });
    props.surroundings.alarms.whenBelow(this, 'StandstillAlarm', {
      metric: this.function.metricInvocations({ statistic: 'Sum' }),
      threshold: 1,
      // Twenty-five periods of five minutes: two hours and a margin, so one late tick is no alarm.
      periods: 25,
      description: 'The hourly tick of the bonus layer stopped coming.',
    });
  }
}
