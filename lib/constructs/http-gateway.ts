import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ApiGroup } from '#lib/functions.ts';
import type { GatewayPath } from '#lib/inputs.ts';
import { acknowledge } from '#lib/suppressions.ts';
import type { AlarmTopic } from './alarm-topic.ts';

export interface HttpGatewayProps {
  readonly paths: readonly GatewayPath[];
  readonly functions: Readonly<Record<ApiGroup, LambdaFunction>>;
  readonly authorizer: LambdaFunction;
  readonly logKey: IKey;
  readonly alarms: AlarmTopic;
}

const AUTHORIZER_CACHE = Duration.minutes(5);
// A ceiling for the whole product, far above its use; a tenant's own limit is enforced in the functions.
const THROTTLE = { rateLimit: 1_000, burstLimit: 2_000 };
const SLOW_MS = 3_000;

/** One JSON line per request. No header, no query string and no body: those may carry credentials or wages. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  routeKey: '$context.routeKey',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  responseLength: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
  sourceIp: '$context.identity.sourceIp',
};

/**
 * The HTTPS front: one route per path of the route table, for any method, behind the authorizer unless public. Everything
 * unknown goes to the function that answers with problems.
 */
export class HttpGateway extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, props: HttpGatewayProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      description: 'Protiv: mirror, bonuses and pay',
      createDefaultStage: false,
      defaultAuthorizer: new HttpLambdaAuthorizer('Authorizer', props.authorizer, {
        responseTypes: [HttpLambdaResponseType.SIMPLE],
        identitySource: ['$request.header.Authorization'],
        resultsCacheTtl: AUTHORIZER_CACHE,
      }),
    });
    this.#route(props);
    this.#stage(props);
    acknowledge(this, 'AwsSolutions::AwsSolutions-APIG4');
    this.#watch(props.alarms);
  }

  #route(props: HttpGatewayProps): void {
    const integrations = new Map<ApiGroup, HttpLambdaIntegration>();
    const integrationOf = (group: ApiGroup): HttpLambdaIntegration => {
      const integration =
        integrations.get(group) ??
        new HttpLambdaIntegration(group, props.functions[group], {
          payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
          // One permission per function: one per route would outgrow the 20 KB that a function's policy may have.
          scopePermissionToRoute: false,
        });
      integrations.set(group, integration);
      return integration;
    };
    for (const path of props.paths) {
      this.api.addRoutes({
        path: path.path,
        methods: [HttpMethod.ANY],
        integration: integrationOf(path.group),
        ...(path.public ? { authorizer: new HttpNoneAuthorizer() } : {}),
      });
    }
    new HttpRoute(this, 'Unknown', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: integrationOf('docs'),
      authorizer: new HttpNoneAuthorizer(),
    });
  }

  #stage(props: HttpGatewayProps): void {
    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.THREE_MONTHS,
      encryptionKey: props.logKey,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
  }

  #watch(alarms: AlarmTopic): void {
    alarms.whenAbove(this, 'ServerErrorsAlarm', {
      metric: this.api.metricServerError({ statistic: 'Sum' }),
      threshold: 0,
      periods: 2,
      description: 'The API answers with 5xx.',
    });
    alarms.whenAbove(this, 'LatencyAlarm', {
      metric: this.api.metricLatency({ statistic: 'p95' }),
      threshold: SLOW_MS,
      periods: 3,
      description: 'One request in twenty takes longer than three seconds.',
    });
  }
}
