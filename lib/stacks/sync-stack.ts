import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { IntegrationSync } from '#lib/constructs/integration-sync.ts';
import type { FunctionSurroundings } from '#lib/constructs/service-function.ts';
import type { IntegrationWiring } from '#lib/inputs.ts';
import { pascalCase } from '#lib/names.ts';

export interface SyncStackProps extends StackProps {
  readonly integrations: readonly IntegrationWiring[];
  readonly surroundings: FunctionSurroundings;
  readonly eventBus: IEventBus;
  readonly credentialsKey: IKey;
}

/** One set of function, queues, tick and request rule per integration. */
export class SyncStack extends Stack {
  /** By provider id. */
  readonly syncs: ReadonlyMap<string, IntegrationSync>;

  constructor(scope: Construct, id: string, props: SyncStackProps) {
    const { integrations, surroundings, eventBus, credentialsKey, ...stackProps } = props;
    super(scope, id, stackProps);
    this.syncs = new Map(
      integrations.map(({ provider }) => [
        provider,
        new IntegrationSync(this, pascalCase(provider), { provider, surroundings, eventBus, credentialsKey }),
      ]),
    );
  }
}
