import { App, type AppProps, DefaultStackSynthesizer, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { listFunctions } from './functions.ts';
import type { IntegrationWiring, RouteWiring } from './inputs.ts';
import { pascalCase } from './names.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { BonusStack } from './stacks/bonus-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { EventsStack } from './stacks/events-stack.ts';
import { IdentityStack } from './stacks/identity-stack.ts';
import { OpsStack } from './stacks/ops-stack.ts';
import { SyncStack } from './stacks/sync-stack.ts';
import { readStage, type Stage } from './stage.ts';

export interface ProductInputs {
  readonly integrations: readonly IntegrationWiring[];
  readonly routes: readonly RouteWiring[];
  /** Folder that holds one built bundle per function name. */
  readonly bundleFolder: string;
  readonly outdir?: string;
  /** `stage` and `stages`, where neither the CLI nor the environment brings them. */
  readonly context?: AppProps['context'];
}

const PRODUCT = 'Protiv';

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
    context: { ...FEATURES, ...inputs.context },
    analyticsReporting: false,
    // The CLI checks the bootstrap version anyway; without the rule the templates need no parameter to be created.
    defaultStackSynthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    ...(inputs.outdir === undefined ? {} : { outdir: inputs.outdir }),
  });
  const stage = readStage(app.node.tryGetContext('stage'), app.node.tryGetContext('stages'));
  refuseUnknownFunctions(stage, inputs);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app), new NIST80053R5Checks(app));

  const stackPrefix = `${PRODUCT}${pascalCase(stage.name)}`;
  /** One id for a stack in every stage, so that templates can be compared; its name tells the stage, so that an account can hold several. */
  const called = (part: string) => ({
    stackName: `${stackPrefix}${part}`,
    env: { ...(stage.account ? { account: stage.account } : {}), ...(stage.region ? { region: stage.region } : {}) },
  });
  for (const [key, value] of Object.entries({ ...stage.tags, product: 'protiv', stage: stage.name }))
    Tags.of(app).add(key, value);

  const data = new DataStack(app, `${PRODUCT}Data`, {
    ...called('Data'),
    stackPrefix,
    stage,
    description: 'Protiv: table, keys, event bus and alarm topic',
    terminationProtection: true,
  });
  const surroundings = {
    bundleFolder: inputs.bundleFolder,
    tableReference: { table: data.mirror.table, encryptionKey: data.tableKey },
    logKey: data.operationsKey,
    alarms: data.alarms,
    stage,
  };
  const sync = new SyncStack(app, `${PRODUCT}Sync`, {
    ...called('Sync'),
    description: 'Protiv: one sync function with its queues per integration',
    integrations: inputs.integrations,
    surroundings,
    eventBus: data.eventBus,
    credentialsKey: data.credentialsKey,
  });
  const events = new EventsStack(app, `${PRODUCT}Events`, {
    ...called('Events'),
    description: 'Protiv: events to webhooks and mails',
    surroundings,
    credentialsKey: data.credentialsKey,
  });
  const bonus = new BonusStack(app, `${PRODUCT}Bonus`, {
    ...called('Bonus'),
    description: 'Protiv: bonus recalculation and what follows',
    surroundings,
    eventsQueue: events.dispatch.queue.queue,
    mailQueue: events.mails.queue.queue,
  });
  const identity = new IdentityStack(app, `${PRODUCT}Identity`, {
    ...called('Identity'),
    description: 'Protiv: the people who sign in',
    terminationProtection: true,
    surroundings,
  });
  const api = new ApiStack(app, `${PRODUCT}Api`, {
    ...called('Api'),
    description: 'Protiv: the HTTPS API',
    routes: inputs.routes,
    surroundings,
    eventBus: data.eventBus,
    credentialsKey: data.credentialsKey,
    deliveryQueue: events.webhooks.queue.queue,
    people: identity.people,
    syncFunctions: new Map([...sync.syncs].map(([provider, each]) => [provider, each.function])),
  });
  new OpsStack(app, `${PRODUCT}Ops`, {
    ...called('Ops'),
    description: 'Protiv: the dashboard and the budget',
    stage,
    data,
    sync,
    events,
    bonus,
    identity,
    api,
  });
  return app;
}

/** A name that is misspelt would reserve nothing and say nothing. */
function refuseUnknownFunctions({ name, reservedConcurrency }: Stage, { integrations }: ProductInputs): void {
  const known = new Set(listFunctions(integrations.map(({ provider }) => provider)).map((each) => each.name));
  const unknown = Object.keys(reservedConcurrency).filter((each) => !known.has(each));
  if (unknown.length > 0)
    throw new Error(`cdk.json, stage ${name}: reservedConcurrency names no function: ${unknown.join(', ')}.`);
}
