import { CfnParameter, Stack, type StackProps } from 'aws-cdk-lib';
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
      integrations.map(({ provider, name, auth }) => [
        provider,
        new IntegrationSync(this, pascalCase(provider), {
          provider,
          surroundings,
          eventBus,
          credentialsKey,
          takesFiles: auth === 'file',
          ...(auth === 'oauth' ? { oauthClient: this.#oauthClient(provider, name) } : {}),
        }),
      ]),
    );
  }

  /**
   * The product's client at a source: `{"id","secret"}` encrypted with the credentials key under the context `tenant=-`,
   * `connection=oauth.<provider>`, as base64. Empty until the product is registered there; nobody can connect before.
   */
  #oauthClient(provider: string, name: string): string {
    return new CfnParameter(this, `${pascalCase(provider)}Client`, {
      type: 'String',
      default: '',
      description: `OAuth client of the product at ${name}, sealed with the credentials key`,
    }).valueAsString;
  }
}
