import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  CfnFunction,
  Code,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionDefinition } from '#lib/functions.ts';
import type { Stage } from '#lib/stage.ts';
import { acknowledge } from '#lib/suppressions.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { sendStatement, type TableReference, tableStatements, tracingStatement } from './grants.ts';

/** What every function of the product is given by its stack. */
export interface FunctionSurroundings {
  /** Folder that holds one built bundle per function name. */
  readonly bundleFolder: string;
  readonly tableReference: TableReference;
  readonly logKey: IKey;
  readonly alarms: AlarmTopic;
  readonly stage: Stage;
}

export interface ServiceFunctionProps {
  readonly definition: FunctionDefinition;
  readonly surroundings: FunctionSurroundings;
  readonly description: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Everything the role may do beyond its own log group and what the definition says of the table. */
  readonly statements?: readonly PolicyStatement[];
  /** Where an event goes that nobody waited for and whose retries are used up. */
  readonly failedEvents: DeadLetterQueue;
}

/**
 * One Lambda function from its built bundle, with its own role, log group and alarms. The role is written out statement by
 * statement and attached as a policy of its own; the constructs of the CDK cannot widen it.
 */
export class ServiceFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { definition, surroundings, failedEvents } = props;
    const reserved = surroundings.stage.reservedConcurrency[definition.name];
    const logGroup = new LogGroup(this, 'Logs', {
      retention: surroundings.stage.logRetentionDays,
      encryptionKey: surroundings.logKey,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const policy = new ManagedPolicy(this, 'Policy', {
      description: `What the function ${definition.name} may do`,
      statements: [
        new PolicyStatement({
          sid: 'Logs',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logGroup.logGroupArn],
        }),
        ...(definition.table ? tableStatements(surroundings.tableReference, definition.table) : []),
        sendStatement('FailedEvents', [failedEvents.queue]),
        ...(surroundings.stage.tracing ? [tracingStatement()] : []),
        ...(props.statements ?? []),
      ],
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), managedPolicies: [policy] });
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: Code.fromAsset(`${surroundings.bundleFolder}/${definition.name}`),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: definition.memoryMb,
      timeout: Duration.seconds(definition.timeoutSeconds),
      environment: {
        ...(definition.table ? { TABLE_NAME: surroundings.tableReference.table.tableName } : {}),
        ...props.environment,
      },
      recursiveLoop: definition.continuesItself ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
      role: role.withoutPolicyUpdates(),
      logGroup,
      tracing: surroundings.stage.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
      // The setting of the function itself, which every function has and which carries the error along; a destination beside it would
      // store each event twice.
      deadLetterQueue: failedEvents.queue,
    });
    leaveOrderToReferences(this.function);
    acknowledge(
      this,
      surroundings.stage.tracing ? 'AwsSolutions::AwsSolutions-IAM5[Resource::*]' : 'Serverless::Serverless-LambdaTracing',
      'NIST.800.53.R5::NIST.800.53.R5-LambdaConcurrency',
      'NIST.800.53.R5::NIST.800.53.R5-LambdaInsideVPC',
    );
    this.#watch(definition.name, surroundings.alarms);
  }

  #watch(name: string, alarms: AlarmTopic): void {
    alarms.whenAbove(this, 'ErrorsAlarm', {
      metric: this.function.metricErrors({ statistic: 'Sum' }),
      threshold: 0,
      periods: 2,
      description: `${name} fails: it threw or ran out of time.`,
      runbook: 'function-errors',
    });
    alarms.whenAbove(this, 'ThrottlesAlarm', {
      metric: this.function.metricThrottles({ statistic: 'Sum' }),
      threshold: 0,
      periods: 2,
      description: `${name} is throttled: the account's concurrency is used up.`,
      runbook: 'function-throttles',
    });
  }
}

/** Drops the dependency on the role that the CDK adds: the function names its role, and the role names its policy. */
function leaveOrderToReferences(lambda: LambdaFunction): void {
  const resource = lambda.node.defaultChild;
  if (!(resource instanceof CfnFunction)) throw new Error('A Lambda function without its resource.');
  resource.addDeletionOverride('DependsOn');
}
