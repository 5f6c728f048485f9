import { instantFromMs } from '#kernel/instant.ts';
import type { OAuthManifest } from '#model/manifest.ts';
import type { Credentials } from '#model/oauth-tokens.ts';
import { createSourceHttp } from '#platform/http.ts';
import { type OAuthDesk, openOAuthDesk } from '#sync/oauth/desk.ts';
import { CLIENT, type OAuthTestSource } from './oauth-source.ts';

/** The login of the test source as a manifest has it. */
export const TEST_OAUTH: OAuthManifest = {
  grants: ['authorization_code', 'client_credentials', 'static_token'],
  origins: { production: 'https://login.example.com', sandbox: 'https://login-sandbox.example.com' },
  authorizePath: '/oauth/authorize',
  tokenPath: '/oauth/token',
  scopes: ['read:jobs', 'read:time'],
  pkce: true,
  clientAuth: 'form',
  accessSeconds: 1_800,
  rotates: true,
  keep: { companyId: 'company_id' },
};

/** A desk of one process: of two desks neither knows what the other holds. */
export function testDesk(source: OAuthTestSource, oauth: Partial<OAuthManifest> = {}): OAuthDesk {
  let ids = 0;
  const maker = Math.random().toString(36);
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms / 20));
  return openOAuthDesk({
    oauth: { ...TEST_OAUTH, ...oauth },
    client: async () => CLIENT,
    allowed: { allowedHosts: ['login.example.com'], allowLoopback: true },
    openHttp: () =>
      createSourceHttp({
        allowedHosts: ['login.example.com'],
        allowLoopback: true,
        requestsPerSecond: 1_000,
        maxCalls: 6,
        now: Date.now,
        sleep,
        random: () => 0,
      }),
    now: () => instantFromMs(source.clock.ms),
    sleep,
    ulid: () => `${maker}${++ids}`,
  });
}

/** Approves at the authorize page as a person would; gives the query that the source sends back. */
export async function approve(authorizeUrl: string): Promise<URLSearchParams> {
  const answer = await fetch(authorizeUrl, { redirect: 'manual' });
  const location = answer.headers.get('location');
  if (answer.status !== 302 || location === null) throw new Error(`the authorize page answered ${answer.status}`);
  return new URL(location).searchParams;
}

export const REDIRECT = 'https://api.protiv.example/v1/oauth/callback';

/** Credentials with first tokens, got through the whole code flow. */
export async function connected(source: OAuthTestSource, desk: OAuthDesk): Promise<Credentials> {
  const approval = { redirectUri: REDIRECT, verifier: 'v'.repeat(43) };
  const given = { baseUrl: source.url };
  const query = await approve(await desk.authorize(given, { ...approval, state: 's' }));
  return desk.firstTokens(given, { ...approval, code: query.get('code')! });
}
