import { AppError } from '#kernel/errors.ts';
import type { Environment } from '#platform/aws-environment.ts';
import type { Vault } from '#platform/vault.ts';
import type { OAuthClient } from './oauth/token-endpoint.ts';

/** How the product is known to a source, and where that source is on this machine. */
export interface SourceRegistration {
  readonly oauthClient: () => Promise<OAuthClient | null>;
  readonly localSource?: string;
}

/** A source of the local host, as `PROTIV_SOURCES` lists them by provider. */
interface LocalSource {
  readonly url: string;
  readonly client?: OAuthClient;
}

/** Where the product's own secrets are sealed: no tenant has this name. */
const PRODUCT = '-';

/**
 * The product's client at a source of OAuth. Deployed, it is `OAUTH_CLIENT`: id and secret sealed under the credentials key for the
 * context `{ tenant: "-", connection: "oauth.<provider>" }`, so that no configuration holds a secret that can be read. Where nobody has
 * set it up there is none. On the local host the running fakes tell theirs.
 */
export function sourceRegistration(provider: string, vault: Vault, environment: Environment): SourceRegistration {
  const local = localSource(provider, environment);
  if (local !== null) return { oauthClient: async () => local.client ?? null, localSource: local.url };
  const sealed = environment.OAUTH_CLIENT;
  return {
    oauthClient: async () => {
      if (!sealed) return null;
      const { id, secret } = await vault.decrypt({ tenantId: PRODUCT, connectionId: `oauth.${provider}` }, sealed);
      if (!id || !secret) throw new AppError('oauth-client-incomplete', { category: 'ours' });
      return { id, secret };
    },
  };
}

function localSource(provider: string, environment: Environment): LocalSource | null {
  if (environment.PROTIV_LOOPBACK !== '1' || !environment.PROTIV_SOURCES) return null;
  return (JSON.parse(environment.PROTIV_SOURCES) as Record<string, LocalSource>)[provider] ?? null;
}
