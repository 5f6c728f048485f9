import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type ApiGroup, apiFunction, authorizerFunction } from '#lib/functions.ts';
import { syncFunctionVariable } from '#lib/names.ts';
import { type FunctionSurroundings, ServiceFunction } from './service-function.ts';

export interface ApiFunctionsProps {
  readonly surroundings: FunctionSurroundings;
  readonly eventBus: IEventBus;
  /** Sync functions by provider: the administration asks them to check credentials and to probe records. */
  readonly syncFunctions: ReadonlyMap<string, LambdaFunction>;
}

/** The functions behind the gateway, each with no more than its routes need. */
export class ApiFunctions extends Construct {
  readonly authorizer: LambdaFunction;
  readonly groups: Readonly<Record<ApiGroup, LambdaFunction>>;

  constructor(scope: Construct, id: string, props: ApiFunctionsProps) {
    super(scope, id);
    const { surroundings, eventBus, syncFunctions } = props;
    this.authorizer = new ServiceFunction(this, 'Authorizer', {
      definition: authorizerFunction,
      surroundings,
      description: 'Says who a token belongs to',
    }).function;
    this.groups = {
      mirror: new ServiceFunction(this, 'Mirror', {
        definition: apiFunction('mirror'),
        surroundings,
        description: 'Serves the mirror and the edits it permits',
      }).function,
      bonus: new ServiceFunction(this, 'Bonus', {
        definition: apiFunction('bonus'),
        surroundings,
        description: 'Serves ProPays, statements and their commands',
      }).function,
      goals: new ServiceFunction(this, 'Goals', {
        definition: apiFunction('goals'),
        surroundings,
        description: 'Serves Pro-Goals and their templates',
      }).function,
      changes: new ServiceFunction(this, 'Changes', {
        definition: apiFunction('changes'),
        surroundings,
        description: 'Serves what comes after approvals: changed sources and rework',
      }).function,
      settings: new ServiceFunction(this, 'Settings', {
        definition: apiFunction('settings'),
        surroundings,
        description: 'Serves settings, pools, definitions and rules',
      }).function,
      admin: new ServiceFunction(this, 'Admin', {
        definition: apiFunction('admin'),
        surroundings,
        description: 'Serves connections, people, diagnosis and audit',
        environment: {
          EVENT_BUS_NAME: eventBus.eventBusName,
          ...Object.fromEntries(
            [...syncFunctions].map(([provider, each]) => [syncFunctionVariable(provider), each.functionName]),
          ),
        },
        statements: [
          new PolicyStatement({ sid: 'RequestResync', actions: ['events:PutEvents'], resources: [eventBus.eventBusArn] }),
          ...(syncFunctions.size > 0
            ? [
                new PolicyStatement({
                  sid: 'CheckAndProbe',
                  actions: ['lambda:InvokeFunction'],
                  resources: [...syncFunctions.values()].map((each) => each.functionArn),
                }),
              ]
            : []),
        ],
      }).function,
      docs: new ServiceFunction(this, 'Docs', {
        definition: apiFunction('docs'),
        surroundings,
        description: 'Serves health, the API description and problems; answers every unknown path',
      }).function,
    };
  }
}
