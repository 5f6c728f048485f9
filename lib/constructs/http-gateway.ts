import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  AuthorizerPayloadVersion,
  CfnRoute,
  type CfnStage,
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  HttpAuthorizer,
  HttpAuthorizerType,
  HttpIntegration,
  HttpIntegrationType,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type ApiGroup, apiGroupNames } from '#lib/functions.ts';
import type { GatewayPath } from '#lib/inputs.ts';
import { pascalCase } from '#lib/names.ts';
import type { Stage } from '#lib/stage.ts';
import { acknowledge } from '#lib/suppressions.ts';
import type { AlarmTopic } from './alarm-topic.ts';

export interface HttpGatewayProps {
  readonly paths: readonly GatewayPath[];
  readonly functions: Readonly<Record<ApiGroup, LambdaFunction>>;
  readonly authorizer: LambdaFunction;
  readonly logKey: IKey;
  readonly alarms: AlarmTopic;
  readonly stage: Pick<Stage, 'allowedOrigins' | 'logRetentionDays' | 'throttle'>;
}

const AUTHORIZER_CACHE = Duration.minutes(5);
// What anybody may post to, each time with a question to a function behind it.
const HOOK_THROTTLE = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };
// What sets longer work in motion, for all tenants together.
const RUN_THROTTLE = { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 1_000 };
// What a browser may send, and what it may read of an answer beside its body.
const SENT_HEADERS = ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'tenant-id', 'view-as'];
const READ_HEADERS = [
  ...['etag', 'location', 'allow', 'retry-after', 'ratelimit', 'ratelimit-policy'],
  ...['idempotency-replayed', 'x-request-id', 'content-disposition'],
];
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
      apiName: 'protiv',
      description: 'Protiv: mirror, bonuses and pay',
      createDefaultStage: false,
      ...(props.stage.allowedOrigins.length === 0 ? {} : { corsPreflight: corsOf(props.stage.allowedOrigins) }),
    });
    this.#routes(props.paths, this.#authorizer(props.authorizer), this.#targets(props.functions));
    this.#stage(props);
    acknowledge(this, 'AwsSolutions::AwsSolutions-APIG4');
    this.#watch(props.alarms);
  }

  /** Returns the authorizer's id. */
  #authorizer(lambda: LambdaFunction): string {
    const { authorizerId } = new HttpAuthorizer(this, 'Authorizer', {
      httpApi: this.api,
      type: HttpAuthorizerType.LAMBDA,
      authorizerName: 'token',
      authorizerUri: `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/2015-03-31/functions/${lambda.functionArn}/invocations`,
      payloadFormatVersion: AuthorizerPayloadVersion.VERSION_2_0,
      enableSimpleResponses: true,
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: AUTHORIZER_CACHE,
    });
    this.#permit('AuthorizerPermission', lambda, `authorizers/${authorizerId}`);
    return authorizerId;
  }

  /** One integration and one permission per function: one permission per route would outgrow the 20 KB of a function's policy. */
  #targets(functions: Readonly<Record<ApiGroup, LambdaFunction>>): ReadonlyMap<ApiGroup, string> {
    const targets = new Map<ApiGroup, string>();
    for (const group of apiGroupNames) {
      const integration = new HttpIntegration(this, `${pascalCase(group)}Integration`, {
        httpApi: this.api,
        integrationType: HttpIntegrationType.AWS_PROXY,
        integrationUri: functions[group].functionArn,
        payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
      });
      // Stage and route: the catch-all route has no third part, so a pattern with three would leave it out.
      this.#permit(`${pascalCase(group)}Permission`, functions[group], '*/*');
      targets.set(group, `integrations/${integration.integrationId}`);
    }
    return targets;
  }

  #routes(paths: readonly GatewayPath[], authorizerId: string, targets: ReadonlyMap<ApiGroup, string>): void {
    const open = { authorizationType: 'NONE' };
    const guarded = { authorizationType: 'CUSTOM', authorizerId };
    const { apiId } = this.api;
    for (const { path, group, public: isPublic } of paths) {
      new CfnRoute(this, `Route ${path}`, {
        apiId,
        routeKey: `ANY ${path}`,
        target: targets.get(group),
        ...(isPublic ? open : guarded),
      });
    }
    new CfnRoute(this, 'UnknownRoute', { apiId, routeKey: '$default', target: targets.get('docs'), ...open });
  }

  #permit(id: string, lambda: LambdaFunction, path: string): void {
    new CfnPermission(this, id, {
      action: 'lambda:InvokeFunction',
      functionName: lambda.functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${this.api.apiId}/${path}`,
    });
  }

  #stage({ logKey, paths, stage: { logRetentionDays, throttle } }: HttpGatewayProps): void {
    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: logRetentionDays,
      encryptionKey: logKey,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      // A ceiling for the whole product; a tenant's own limit is enforced in the functions.
      throttle: { rateLimit: throttle.ratePerSecond, burstLimit: throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    for (const { path, group, startsRun } of paths) {
      if (group !== 'hooks' && !startsRun) continue;
      const resource = stage.node.defaultChild as CfnStage;
      resource.addPropertyOverride(`RouteSettings.ANY ${path}`, group === 'hooks' ? HOOK_THROTTLE : RUN_THROTTLE);
      // The settings name a route, which has to be there first.
      resource.addDependency(this.node.findChild(`Route ${path}`) as CfnRoute);
    }
  }

  #watch(alarms: AlarmTopic): void {
    alarms.whenAbove(this, 'ServerErrorsAlarm', {
      metric: this.api.metricServerError({ statistic: 'Sum' }),
      threshold: 0,
      periods: 2,
      description: 'The API answers with 5xx.',
      runbook: 'api-errors',
    });
    alarms.whenAbove(this, 'LatencyAlarm', {
      metric: this.api.metricLatency({ statistic: 'p95' }),
      threshold: SLOW_MS,
      periods: 3,
      description: 'One request in twenty takes longer than three seconds.',
      runbook: 'api-latency',
    });
  }
}

/** What pages of these origins may do: everything, with a token; there are no cookies to be misused. */
export function corsOf(allowOrigins: readonly string[]): CorsPreflightOptions {
  return {
    allowOrigins: [...allowOrigins],
    allowMethods: [CorsHttpMethod.ANY],
    allowHeaders: SENT_HEADERS,
    exposeHeaders: READ_HEADERS,
    maxAge: Duration.hours(1),
  };
}
