import { App, type AppProps, DefaultStackSynthesizer, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import type { IntegrationWiring, RouteWiring } from './inputs.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { BonusStack } from './stacks/bonus-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { EventsStack } from './stacks/events-stack.ts';
import { IdentityStack } from './stacks/identity-stack.ts';
import { OpsStack } from './stacks/ops-stack.ts';
import { SyncStack } from './stacks/sync-stack.ts';

export interface ProductInputs {
  readonly integrations: readonly IntegrationWiring[];
  readonly routes: readonly RouteWiring[];
  /** Folder that holds one built bundle per function name. */
  readonly bundleFolder: string;
  readonly outdir?: string;
  /** Origins of web pages that may call the API; without any, no browser may. */
  readonly allowedOrigins?: readonly string[];
}

const STACK_PREFIX = 'Protiv';

/**
 * The behaviour of the CDK that the templates rely on. It stands here and not in cdk.json, because only the CLI reads that
 * file and the same templates have to come out without it.
 */
const FEATURES: NonNullable<AppProps['context']> = {
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
  '@aws-cdk/aws-lambda:recognizeVersionProps': true,
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
};

/** Composes the whole product, for any account and region, with the check packs that must find nothing. */
export function buildApp(inputs: ProductInputs): App {
  const app = new App({
    context: FEATURES,
    analyticsReporting: false,
    // The CLI checks the bootstrap version anyway; without the rule the templates need no parameter to be created.
    defaultStackSynthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    ...(inputs.outdir === undefined ? {} : { outdir: inputs.outdir }),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app), new NIST80053R5Checks(app));

  const data = new DataStack(app, `${STACK_PREFIX}Data`, {
    stackPrefix: STACK_PREFIX,
    description: 'Protiv: table, keys, event bus and alarm topic',
    terminationProtection: true,
  });
  const surroundings = {
    bundleFolder: inputs.bundleFolder,
    tableReference: { table: data.mirror.table, encryptionKey: data.tableKey },
    logKey: data.operationsKey,
    alarms: data.alarms,
  };
  const sync = new SyncStack(app, `${STACK_PREFIX}Sync`, {
    description: 'Protiv: one sync function with its queues per integration',
    integrations: inputs.integrations,
    surroundings,
    eventBus: data.eventBus,
    credentialsKey: data.credentialsKey,
  });
  const events = new EventsStack(app, `${STACK_PREFIX}Events`, {
    description: 'Protiv: events to webhooks and mails',
    surroundings,
    credentialsKey: data.credentialsKey,
  });
  const bonus = new BonusStack(app, `${STACK_PREFIX}Bonus`, {
    description: 'Protiv: bonus recalculation and what follows',
    surroundings,
    eventsQueue: events.dispatch.queue.queue,
    mailQueue: events.mails.queue.queue,
  });
  const identity = new IdentityStack(app, `${STACK_PREFIX}Identity`, {
    description: 'Protiv: the people who sign in',
    terminationProtection: true,
    surroundings,
  });
  const api = new ApiStack(app, `${STACK_PREFIX}Api`, {
    description: 'Protiv: the HTTPS API',
    routes: inputs.routes,
    surroundings,
    eventBus: data.eventBus,
    allowedOrigins: inputs.allowedOrigins ?? [],
    credentialsKey: data.credentialsKey,
    deliveryQueue: events.webhooks.queue.queue,
    people: identity.people,
    syncFunctions: new Map([...sync.syncs].map(([provider, each]) => [provider, each.function])),
  });
  new OpsStack(app, `${STACK_PREFIX}Ops`, { description: 'Protiv: the dashboard', data, sync, events, bonus, identity, api });
  return app;
}
