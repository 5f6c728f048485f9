import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ApiFunctions } from '#lib/constructs/api-functions.ts';
import { HttpGateway } from '#lib/constructs/http-gateway.ts';
import type { PeoplePool } from '#lib/constructs/people-pool.ts';
import type { FunctionSurroundings } from '#lib/constructs/service-function.ts';
import { gatewayPaths, type RouteWiring } from '#lib/inputs.ts';

export interface ApiStackProps extends StackProps {
  readonly routes: readonly RouteWiring[];
  readonly surroundings: FunctionSurroundings;
  readonly eventBus: IEventBus;
  /** Seals the secrets of webhooks. */
  readonly credentialsKey: IKey;
  readonly deliveryQueue: IQueue;
  readonly people: PeoplePool;
  readonly syncFunctions: ReadonlyMap<string, LambdaFunction>;
}

/** The HTTPS API: the gateway, the authorizer and one function per group of routes. */
export class ApiStack extends Stack {
  readonly functions: ApiFunctions;
  readonly gateway: HttpGateway;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    const { routes, surroundings, eventBus, credentialsKey, deliveryQueue, people, syncFunctions, ...stackProps } = props;
    super(scope, id, stackProps);
    this.functions = new ApiFunctions(this, 'Functions', {
      surroundings,
      eventBus,
      credentialsKey,
      deliveryQueue,
      people,
      syncFunctions,
    });
    this.gateway = new HttpGateway(this, 'Gateway', {
      paths: gatewayPaths(routes),
      functions: this.functions.groups,
      authorizer: this.functions.authorizer,
      logKey: surroundings.logKey,
      alarms: surroundings.alarms,
      stage: surroundings.stage,
    });
    new CfnOutput(this, 'ApiUrl', { value: this.gateway.api.apiEndpoint, description: 'Where the API answers' });
  }
}
