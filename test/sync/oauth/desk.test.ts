import { beforeEach, describe, expect, it } from 'vitest';
import { SourceError } from '#mirror/source-error.ts';
import { grantOf, tokensOf } from '#model/oauth-tokens.ts';
import { approve, connected, REDIRECT, TEST_OAUTH, testDesk } from '#test/support/oauth-desk.ts';
import { type OAuthTestSource, startOAuthSource } from '#test/support/oauth-source.ts';

let source: OAuthTestSource;
beforeEach(async () => {
  source = await startOAuthSource();
  return () => source.stop();
});

/** Verifier and challenge are the example of RFC 7636, appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const opening = { redirectUri: REDIRECT, verifier: VERIFIER, state: 'state-1' };
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'no error',
    (error: unknown) => (error instanceof SourceError ? error.code : String(error)),
  );

describe('an approval', () => {
  it('is asked for at the source, with scopes, state and the challenge of PKCE', async () => {
    const url = new URL(await testDesk(source).authorize({}, opening));
    expect(url.origin + url.pathname).toBe('https://login.example.com/oauth/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'product',
      redirect_uri: REDIRECT,
      state: 'state-1',
      scope: 'read:jobs read:time',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const plain = new URL(await testDesk(source, { pkce: false, scopes: [] }).authorize({}, opening));
    expect([...plain.searchParams.keys()]).toEqual(['response_type', 'client_id', 'redirect_uri', 'state']);
  });

  it('becomes tokens and what the connector keeps of the answer, once', async () => {
    const desk = testDesk(source);
    const query = await approve(await desk.authorize({ baseUrl: source.url }, opening));
    expect(query.get('state')).toBe('state-1');
    const approval = { code: query.get('code')!, redirectUri: REDIRECT, verifier: VERIFIER };
    const credentials = await desk.firstTokens({ baseUrl: source.url }, approval);
    expect(credentials).toMatchObject({ baseUrl: source.url, companyId: 'north' });
    expect(tokensOf(credentials)).toMatchObject({
      renewAt: '2026-03-10T12:48:00.000Z',
      expiresAt: '2026-03-10T13:00:00.000Z',
      refreshToken: expect.any(String),
    });
    expect(await codeOf(desk.firstTokens({ baseUrl: source.url }, approval))).toBe('reauth_required');
  });

  it('holds only for its own verifier and address', async () => {
    const desk = testDesk(source);
    for (const wrong of [{ verifier: 'w'.repeat(43) }, { redirectUri: `${REDIRECT}/other` }]) {
      const query = await approve(await desk.authorize({ baseUrl: source.url }, opening));
      const approval = { code: query.get('code')!, redirectUri: REDIRECT, verifier: VERIFIER, ...wrong };
      expect(await codeOf(desk.firstTokens({ baseUrl: source.url }, approval))).toBe('reauth_required');
    }
  });

  it('leads nowhere but to the hosts of the integration', async () => {
    const desk = testDesk(source);
    for (const baseUrl of [
      'https://169.254.169.254/latest',
      'http://login.example.com',
      'https://login.example.com:8443',
      'https://user@login.example.com',
      'https://evil.example',
      'https://login.example.com.evil.example',
      'file:///etc/passwd',
      'login.example.com',
    ])
      expect([baseUrl, await codeOf(desk.authorize({ baseUrl }, opening))]).toEqual([baseUrl, 'host_refused']);
    for (const environment of ['nowhere', 'constructor', 'sandbox'])
      expect(await codeOf(desk.firstTokens({ environment }, { ...opening, code: 'c' }))).toBe('host_refused');
  });
});

describe('logins without a person', () => {
  it('as the product, or as the contractor’s own service account', async () => {
    const desk = testDesk(source);
    const given = { baseUrl: source.url, grant: 'client_credentials' };
    const credentials = await desk.firstTokens(given, null);
    expect(tokensOf(credentials)).toMatchObject({ refreshToken: null });
    expect(await codeOf(desk.firstTokens({ ...given, clientId: 'theirs', secret: 'wrong' }, null))).toBe('request_rejected');
  });

  it('a token made at the source is used as it is', async () => {
    const credentials = await testDesk(source).firstTokens({ token: 'S.4__made' }, null);
    expect(tokensOf(credentials)?.accessToken).toBe('S.4__made');
    expect(credentials).not.toHaveProperty('token');
    expect(grantOf(TEST_OAUTH, credentials)).toBe('static_token');
    expect(source.tokenCalls()).toBe(0);
  });

  it('a client that the source does not know is ours to mend, not the contractor’s', async () => {
    const desk = testDesk(source, { clientAuth: 'basic' });
    expect(tokensOf(await connected(source, desk))).not.toBeNull();
    source.set('status', { entity: 'Token', value: { code: 401, body: '{"error":"invalid_client"}' } });
    expect(await codeOf(connected(source, desk))).toBe('request_rejected');
  });
});
