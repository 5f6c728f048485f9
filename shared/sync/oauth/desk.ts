import type { Instant } from '#kernel/instant.ts';
import type { TokenSource } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { OAuthManifest } from '#model/manifest.ts';
import { type Credentials, grantOf, staticTokens, tokensOf, withTokens } from '#model/oauth-tokens.ts';
import type { ClosableSourceHttp, SourceHttpOptions } from '#platform/http.ts';
import type { CredentialStore } from '#store/credential-store.ts';
import { authorizeUrl } from './authorize-url.ts';
import { loginAddress } from './login-address.ts';
import { exchangeCode, logIn, type OAuthClient, refresh, revoke, type TokenRequest } from './token-endpoint.ts';
import { fixedToken, openTokenSource, type TokenSourceOptions } from './token-source.ts';

/** What the OAuth logins of an integration are made with. */
export interface OAuthDeskOptions {
  readonly oauth: OAuthManifest;
  /** The product's own client at the source; null where nobody has configured one. */
  readonly client: () => Promise<OAuthClient | null>;
  readonly allowed: Pick<SourceHttpOptions, 'allowedHosts' | 'allowLoopback'>;
  /** A way to the source for one login, closed after it; `ms`: how long it may take, where that is less than a login may. */
  readonly openHttp: (ms?: number) => ClosableSourceHttp;
  readonly now: () => Instant;
  readonly sleep: (ms: number) => Promise<void>;
  readonly ulid: () => string;
}

/** Somebody waits for the end of a disconnecting. */
const REVOKE_MS = 8_000;

/** What the authorize page was opened with, and the code that it gave. */
export interface Approval {
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string;
}

/** Logs connections in: sends people to the authorize page, turns what they approved into tokens, and keeps those fresh. */
export interface OAuthDesk {
  /** The authorize page for a new approval. */
  authorize(credentials: Credentials, request: Omit<Approval, 'code'> & { readonly state: string }): Promise<string>;
  /** The credentials with their first tokens: by the approval's code, or by a login where the grant needs no person. */
  firstTokens(credentials: Credentials, approval: Approval | null): Promise<Credentials>;
  /** The tokens that `firstTokens` has just got, for the check that follows. */
  given(credentials: Credentials): TokenSource;
  /** Gives the tokens back to the source; false where it does not offer that, or there are none. */
  revoke(credentials: Credentials): Promise<boolean>;
  /** The tokens of a stored connection. */
  stored(store: CredentialStore, vault: Pick<TokenSourceOptions, 'seal' | 'unseal' | 'hasTime'>): TokenSource;
}

export function openOAuthDesk(options: OAuthDeskOptions): OAuthDesk {
  const { oauth, allowed, now, sleep, ulid } = options;

  async function clientOf(credentials: Credentials): Promise<OAuthClient> {
    const { clientId, secret } = credentials;
    // A service account of the contractor's own logs in as itself; every approval is given to the product.
    if (grantOf(oauth, credentials) === 'client_credentials' && clientId && secret) return { id: clientId, secret };
    const client = await options.client();
    if (client === null) throw new SourceError('request_rejected', 'the product is not registered with this source yet');
    return client;
  }

  async function asking<T>(
    credentials: Credentials,
    ask: (request: TokenRequest) => Promise<T>,
    path = oauth.tokenPath,
    ms?: number,
  ): Promise<T> {
    const address = loginAddress(oauth, path, credentials, allowed);
    const client = await clientOf(credentials);
    const http = options.openHttp(ms);
    try {
      return await ask({ http, address, oauth, client, now });
    } finally {
      http.close();
    }
  }

  return {
    async authorize(credentials, request) {
      const address = loginAddress(oauth, oauth.authorizePath, credentials, allowed);
      return authorizeUrl(address, oauth, { ...request, clientId: (await clientOf(credentials)).id });
    },

    async firstTokens(credentials, approval) {
      if (approval === null && grantOf(oauth, credentials) === 'static_token') return withStaticToken(credentials);
      const reply = await asking(credentials, (request) =>
        approval === null ? logIn(request) : exchangeCode(request, approval),
      );
      return withTokens({ ...credentials, ...reply.kept }, reply.tokens);
    },

    given: (credentials) => fixedToken(tokensOf(credentials)?.accessToken ?? ''),

    async revoke(credentials) {
      const tokens = tokensOf(credentials);
      if (oauth.revokePath === undefined || tokens === null) return false;
      // The one that could make others goes first.
      for (const token of [tokens.refreshToken, tokens.accessToken])
        if (token !== null) await asking(credentials, (request) => revoke(request, token), oauth.revokePath, REVOKE_MS);
      return true;
    },

    stored(store, vault) {
      const ask: TokenSourceOptions['ask'] = (credentials) =>
        asking(credentials, (request) => {
          if (grantOf(oauth, credentials) === 'client_credentials') return logIn(request);
          const spent = tokensOf(credentials)?.refreshToken ?? null;
          if (spent === null) throw new SourceError('reauth_required', 'the authorization has run out and cannot be renewed');
          return refresh(request, spent);
        });
      return openTokenSource({ store, ...vault, ask, now, sleep, ulid });
    },
  };
}

function withStaticToken({ token, ...credentials }: Credentials): Credentials {
  if (!token) throw new SourceError('reauth_required', 'no token is given');
  return withTokens({ ...credentials, grant: 'static_token' }, staticTokens(token));
}
