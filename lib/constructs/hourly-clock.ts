import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { bonusFunctions, type FunctionDefinition } from '#lib/functions.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { type FunctionSurroundings, ServiceFunction } from './service-function.ts';

export interface HourlyClockProps {
  readonly surroundings: FunctionSurroundings;
}

/** What happens because time passed: held items fall free, pay periods open; and, by itself, stored results are verified. */
export class HourlyClock extends Construct {
  readonly functions: Readonly<Record<'onSchedule' | 'verification', LambdaFunction>>;
  readonly deadLetters: readonly DeadLetterQueue[];

  constructor(scope: Construct, id: string, props: HourlyClockProps) {
    super(scope, id);
    const failedEvents = new DeadLetterQueue(this, 'FailedEvents', {
      holds: 'hourly ticks of the bonus layer',
      alarms: props.surroundings.alarms,
    });
    this.deadLetters = [failedEvents];
    const wake = (name: string, definition: FunctionDefinition, description: string): LambdaFunction =>
      new ServiceFunction(this, name, { definition, surroundings: props.surroundings, description, failedEvents }).function;
    this.functions = {
      onSchedule: wake('OnSchedule', bonusFunctions.onSchedule, 'Does what the passing of time asks for: releases, periods'),
      verification: wake(
        'Verification',
        bonusFunctions.verification,
        'Works stored results out again and puts differences right',
      ),
    };
    new Rule(this, 'Hourly', {
      description: 'Every hour: releases, periods, verification',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: Object.values(this.functions).map(
        (each) =>
          new FunctionTarget(each, { maxEventAge: Duration.hours(1), retryAttempts: 8, deadLetterQueue: failedEvents.queue }),
      ),
    });
    props.surroundings.alarms.whenBelow(this, 'StandstillAlarm', {
      metric: this.functions.onSchedule.metricInvocations({ statistic: 'Sum' }),
      threshold: 1,
      // Twenty-five periods of five minutes: two hours and a margin, so one late tick is no alarm.
      periods: 25,
      description: 'The hourly tick of the bonus layer stopped coming.',
      runbook: 'clock-standstill',
    });
    props.surroundings.alarms.whenAbove(this, 'AuditAlarm', {
      metric: new Metric({ namespace: 'Protiv', metricName: 'AuditFaults', statistic: 'Sum' }),
      threshold: 0,
      description:
        'The audit log of a tenant is not what was sealed, or entries were not sealed within an hour; the log names it.',
      runbook: 'audit-faults',
    });
  }
}
