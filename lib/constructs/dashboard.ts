import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Dashboard, GraphWidget, type IWidget, type Metric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface ProductDashboardProps {
  readonly api: HttpApi;
  readonly table: ITable;
  readonly functions: Readonly<Record<string, IFunction>>;
  /** Functions fed by the table's stream. */
  readonly consumers: Readonly<Record<string, IFunction>>;
  readonly queues: Readonly<Record<string, IQueue>>;
  readonly deadLetters: Readonly<Record<string, IQueue>>;
}

const FULL_WIDTH = 24;
const HALF_WIDTH = 12;

/** One page for the person on call: from the customer's side (API) through the work (functions, queues) to the table. */
export class ProductDashboard extends Construct {
  constructor(scope: Construct, id: string, props: ProductDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(12) });
    dashboard.addWidgets(heading('API'));
    dashboard.addWidgets(
      graph('Requests and errors', [props.api.metricCount(), props.api.metricClientError(), props.api.metricServerError()]),
      graph('Latency p50, p95', [props.api.metricLatency({ statistic: 'p50' }), props.api.metricLatency({ statistic: 'p95' })]),
    );
    dashboard.addWidgets(heading('Functions'));
    dashboard.addWidgets(
      graph(
        'Errors',
        perName(props.functions, (each) => each.metricErrors()),
      ),
      graph(
        'Throttles',
        perName(props.functions, (each) => each.metricThrottles()),
      ),
    );
    dashboard.addWidgets(
      graph(
        'Duration p95',
        perName(props.functions, (each) => each.metricDuration({ statistic: 'p95' })),
      ),
      graph(
        'Stream iterator age',
        perName(props.consumers, (each) => each.metric('IteratorAge', { statistic: 'Maximum' })),
      ),
    );
    dashboard.addWidgets(heading('Queues'));
    dashboard.addWidgets(
      graph(
        'Oldest message',
        perName(props.queues, (each) => each.metricApproximateAgeOfOldestMessage()),
      ),
      graph(
        'Dead letters',
        perName(props.deadLetters, (each) => each.metricApproximateNumberOfMessagesVisible()),
      ),
    );
    dashboard.addWidgets(heading('Table'));
    dashboard.addWidgets(
      graph('Consumed units', [props.table.metricConsumedReadCapacityUnits(), props.table.metricConsumedWriteCapacityUnits()]),
      graph('Throttled', [
        props.table.metric('ReadThrottleEvents', { statistic: 'Sum' }),
        props.table.metric('WriteThrottleEvents', { statistic: 'Sum' }),
      ]),
    );
  }
}

function heading(text: string): IWidget {
  return new TextWidget({ markdown: `## ${text}`, width: FULL_WIDTH, height: 1 });
}

function graph(title: string, left: Metric[]): IWidget {
  return new GraphWidget({ title, left, width: HALF_WIDTH });
}

function perName<Source>(sources: Readonly<Record<string, Source>>, metric: (source: Source) => Metric): Metric[] {
  return Object.entries(sources).map(([label, source]) => metric(source).with({ label }));
}
