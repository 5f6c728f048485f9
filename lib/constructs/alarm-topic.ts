import { Aws, Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Runbook } from '#lib/runbooks.ts';
import type { Stage } from '#lib/stage.ts';

export interface AlarmTopicProps {
  readonly encryptionKey: IKey;
  readonly stage: Pick<Stage, 'alarmEmails' | 'runbooksUrl'>;
}

export interface Threshold {
  readonly metric: Metric;
  /** The alarm goes off above this value, in the metric's unit. */
  readonly threshold: number;
  /** How many periods of five minutes in a row; one by default. */
  readonly periods?: number;
  /** What is wrong and for whom, in a sentence the person on call reads first. */
  readonly description: string;
  /** The page that says what to do about it. */
  readonly runbook: Runbook;
}

/** Services that report: alarms and budgets. */
export const ALARMING = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'] as const;
const PERIOD = Duration.minutes(5);

/** Where every alarm of the product reports: to the people whom the stage names, and to whatever the operator subscribes, a pager for example. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;
  readonly #runbooksUrl: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    this.#runbooksUrl = props.stage.runbooksUrl;
    this.topic = new Topic(this, 'Topic', { masterKey: props.encryptionKey, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsAndBudgetsOfThisAccount',
        principals: ALARMING.map((service) => new ServicePrincipal(service)),
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    for (const address of props.stage.alarmEmails) this.topic.addSubscription(new EmailSubscription(address));
  }

  /** Raises an alarm when a metric lies above its threshold; a metric without data is taken as healthy. */
  whenAbove(scope: Construct, id: string, threshold: Threshold): Alarm {
    return this.#alarm(scope, id, threshold, ComparisonOperator.GREATER_THAN_THRESHOLD, TreatMissingData.NOT_BREACHING);
  }

  /** Raises an alarm when a metric falls below its threshold or stops coming: for what must never stand still. */
  whenBelow(scope: Construct, id: string, threshold: Threshold): Alarm {
    return this.#alarm(scope, id, threshold, ComparisonOperator.LESS_THAN_THRESHOLD, TreatMissingData.BREACHING);
  }

  #alarm(scope: Construct, id: string, threshold: Threshold, comparison: ComparisonOperator, missing: TreatMissingData): Alarm {
    const alarm = new Alarm(scope, id, {
      metric: threshold.metric.with({ period: PERIOD }),
      threshold: threshold.threshold,
      evaluationPeriods: threshold.periods ?? 1,
      comparisonOperator: comparison,
      treatMissingData: missing,
      alarmDescription: `${threshold.description} Runbook: ${this.#runbooksUrl}/${threshold.runbook}.md`,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
}
