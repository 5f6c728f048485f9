import type { Instant } from '#kernel/instant.ts';
import type { OAuthGrant, OAuthManifest } from './manifest.ts';

/** Credentials as the vault holds them: names and texts. */
export type Credentials = Readonly<Record<string, string>>;

/** The tokens of an OAuth connection. They stand among its credentials, sealed with them (I19). */
export interface OAuthTokens {
  readonly accessToken: string;
  /** Null where the grant has none: then the product logs in again. */
  readonly refreshToken: string | null;
  /** From here on a newer one is asked for: four fifths of its life. */
  readonly renewAt: Instant;
  readonly expiresAt: Instant;
}

const FIELDS = ['accessToken', 'refreshToken', 'renewAt', 'expiresAt'] as const;

/** The tokens among credentials; null where there are none yet. */
export function tokensOf({ accessToken, refreshToken, renewAt, expiresAt }: Credentials): OAuthTokens | null {
  if (accessToken === undefined || renewAt === undefined || expiresAt === undefined) return null;
  return { accessToken, refreshToken: refreshToken ?? null, renewAt, expiresAt };
}

/** Credentials with newer tokens in place of those they held. */
export function withTokens(credentials: Credentials, { refreshToken, ...tokens }: OAuthTokens): Credentials {
  return { ...withoutTokens(credentials), ...tokens, ...(refreshToken === null ? {} : { refreshToken }) };
}

/** What a connector is handed: everything but tokens, which it asks its `TokenSource` for. */
export function withoutTokens(credentials: Credentials): Credentials {
  return Object.fromEntries(Object.entries(credentials).filter(([name]) => !(FIELDS as readonly string[]).includes(name)));
}

/** A token that the contractor made at the source: it is used until the source refuses it, and nothing renews it. */
export function staticTokens(token: string): OAuthTokens {
  return { accessToken: token, refreshToken: null, renewAt: NEVER, expiresAt: NEVER };
}

const NEVER: Instant = '9999-12-31T23:59:59.999Z';

/** The grant that credentials stand for: the one they name, else the one their form tells, else the first on offer. Null: none of them. */
export function grantOf(oauth: OAuthManifest, credentials: Credentials): OAuthGrant | null {
  const given = credentials.grant ?? (credentials.token === undefined ? oauth.grants[0] : 'static_token');
  return oauth.grants.find((grant) => grant === given) ?? null;
}
