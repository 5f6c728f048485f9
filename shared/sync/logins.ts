import type { SourceHttp, TokenSource } from '#mirror/connector.ts';
import type { IntegrationManifest } from '#model/manifest.ts';
import { type Credentials, withoutTokens } from '#model/oauth-tokens.ts';
import type { TenantScope } from '#model/scope.ts';
import type { SystemPorts } from '#platform/ports.ts';
import type { Vault } from '#platform/vault.ts';
import { openCredentialStore } from '#store/credential-store.ts';
import type { Table } from '#store/table.ts';
import type { OAuthDesk, openOAuthDesk } from './oauth/desk.ts';
import type { OAuthClient } from './oauth/token-endpoint.ts';

/** What the logins of an integration's function are made with. */
export interface LoginOptions {
  readonly manifest: IntegrationManifest;
  readonly system: Pick<SystemPorts, 'now' | 'sleep' | 'ulid'>;
  readonly table: Table;
  readonly vault: Vault;
  readonly allowLoopback: boolean;
  /** What logs in by OAuth; left out where the source has no such login, so that its function does not carry it. */
  readonly openDesk?: typeof openOAuthDesk | undefined;
  /** The product's own client at a source of OAuth; null where none is configured. */
  readonly oauthClient?: (() => Promise<OAuthClient | null>) | undefined;
  /** Where the source runs on this machine, for connections that name no address themselves. */
  readonly localSource?: string | undefined;
  openHttp(maxCalls: number, deadline: () => number): SourceHttp & { close(): void };
}

/** The credentials of one connection, as its function works with them. */
export interface ConnectionLogin {
  readonly desk: OAuthDesk | null;
  /** Given credentials with what this machine adds, and without tokens, which nobody but the source gives. */
  take(given: Credentials): Credentials;
  seal(credentials: Credentials): Promise<string>;
  unseal(ciphertext: Uint8Array | string): Promise<Credentials>;
  /** What a connector is handed of stored credentials: tokens it asks for. */
  handed(ciphertext: Uint8Array | string): Promise<Credentials>;
  readonly tokens: TokenSource | null;
}

/** A login has this long, whatever else its caller has left: a call that is cut off may cost the authorization. */
const LOGIN_MS = 30_000;
const LOGIN_CALLS = 6;
/** With less than this left to the function no login is begun. */
const LOGIN_MARGIN_MS = LOGIN_MS + 10_000;

export type Logins = (
  place: { readonly scope: TenantScope; readonly n: number; readonly connectionId: string },
  remainingMs: () => number,
) => ConnectionLogin;

/** Opens the logins of an integration. Nothing of them is kept between events: the vault item is the only place of a secret (fault 40). */
export function openLogins(options: LoginOptions): Logins {
  const { manifest, system, vault, localSource } = options;
  const desk = openDesk(options);
  return ({ scope, n, connectionId }, remainingMs) => {
    const place = { tenantId: scope.tenantId, connectionId };
    const seal = (credentials: Credentials) => vault.encrypt(place, credentials);
    const unseal = async (ciphertext: Uint8Array | string) => {
      const credentials = await vault.decrypt(place, ciphertext);
      return localSource === undefined ? credentials : { baseUrl: localSource, ...credentials };
    };
    const store = openCredentialStore(options.table, scope, n);
    const hasTime = () => remainingMs() > LOGIN_MARGIN_MS;
    return {
      desk,
      take: (given) => withoutTokens(localSource === undefined ? given : { baseUrl: localSource, ...given }),
      seal,
      unseal,
      handed: async (ciphertext) => withoutTokens(await unseal(ciphertext)),
      tokens: desk?.stored(store, { seal, unseal, hasTime }) ?? null,
    };
  };

  function openDesk({ allowLoopback, oauthClient, openHttp }: LoginOptions): OAuthDesk | null {
    if (manifest.oauth === undefined) return null;
    if (options.openDesk === undefined) throw new Error(`the function of ${manifest.provider} is made without its OAuth login`);
    return options.openDesk({
      oauth: manifest.oauth,
      client: oauthClient ?? (async () => null),
      allowed: { allowedHosts: manifest.allowedHosts, allowLoopback },
      openHttp: (ms = LOGIN_MS) => {
        const until = Date.parse(system.now()) + ms;
        return openHttp(LOGIN_CALLS, () => until - Date.parse(system.now()));
      },
      now: system.now,
      sleep: system.sleep,
      ulid: system.ulid,
    });
  }
}
