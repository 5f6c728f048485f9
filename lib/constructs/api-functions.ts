import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type ApiGroup, apiFunction, apiGroupNames, apiGroups, authorizerFunction } from '#lib/functions.ts';
import { pascalCase, syncFunctionVariable } from '#lib/names.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { sendStatement, webhookSecretsStatement } from './grants.ts';
import type { PeoplePool } from './people-pool.ts';
import { type FunctionSurroundings, ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

/** Groups that ask the functions of the integrations, and for runs. */
const ADMINISTRATION: ReadonlySet<ApiGroup> = new Set(['admin', 'diagnosis', 'uploads']);

export interface ApiFunctionsProps {
  readonly surroundings: FunctionSurroundings;
  readonly eventBus: IEventBus;
  /** Seals the secrets of webhooks; no function of the API opens them. */
  readonly credentialsKey: IKey;
  /** Where deliveries to webhooks wait. */
  readonly deliveryQueue: IQueue;
  /** Whose access tokens the authorizer believes. */
  readonly people: PeoplePool;
  /** Sync functions by provider: the administration asks them to check credentials and to probe records, `hooks` whether an event is genuine. */
  readonly syncFunctions: ReadonlyMap<string, LambdaFunction>;
}

/** The functions behind the gateway, each with no more than its routes need. */
export class ApiFunctions extends Construct {
  readonly authorizer: LambdaFunction;
  readonly groups: Readonly<Record<ApiGroup, LambdaFunction>>;
  readonly deadLetters: readonly DeadLetterQueue[];

  constructor(scope: Construct, id: string, props: ApiFunctionsProps) {
    super(scope, id);
    const { surroundings, eventBus, credentialsKey, deliveryQueue, people, syncFunctions } = props;
    // Callers wait for every answer of the API; should a function ever be invoked without, what it fails is not lost.
    const failedEvents = new DeadLetterQueue(this, 'FailedEvents', { holds: 'events of the API', alarms: surroundings.alarms });
    this.deadLetters = [failedEvents];
    this.authorizer = new ServiceFunction(this, 'Authorizer', {
      definition: authorizerFunction,
      surroundings,
      description: 'Says who a token belongs to',
      environment: people.variables,
      failedEvents,
    }).function;
    const asking = {
      environment: Object.fromEntries(
        [...syncFunctions].map(([provider, each]) => [syncFunctionVariable(provider), each.functionName]),
      ),
      statements:
        syncFunctions.size > 0
          ? [
              new PolicyStatement({
                sid: 'AskIntegrations',
                actions: ['lambda:InvokeFunction'],
                resources: [...syncFunctions.values()].map((each) => each.functionArn),
              }),
            ]
          : [],
    };
    const administration = {
      environment: { EVENT_BUS_NAME: eventBus.eventBusName, ...asking.environment },
      statements: [
        new PolicyStatement({ sid: 'RequestResync', actions: ['events:PutEvents'], resources: [eventBus.eventBusArn] }),
        ...asking.statements,
      ],
    };
    const webhooks = {
      environment: { KEY_ID: credentialsKey.keyId, DELIVERY_QUEUE_URL: deliveryQueue.queueUrl },
      statements: [webhookSecretsStatement(credentialsKey, 'kms:Encrypt'), sendStatement('Deliveries', [deliveryQueue])],
    };
    const special: Partial<Record<ApiGroup, Pick<ServiceFunctionProps, 'environment' | 'statements'>>> = {
      hooks: asking,
      webhooks,
      users: { environment: people.poolVariables, statements: [people.manageStatement] },
    };
    const functions = apiGroupNames.map((group) => {
      const made = new ServiceFunction(this, pascalCase(group), {
        definition: apiFunction(group),
        surroundings,
        description: apiGroups[group],
        failedEvents,
        ...(ADMINISTRATION.has(group) ? administration : special[group]),
      });
      return [group, made.function] as const;
    });
    this.groups = Object.fromEntries(functions) as Record<ApiGroup, LambdaFunction>;
  }
}
