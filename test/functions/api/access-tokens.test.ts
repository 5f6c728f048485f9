import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AccessTokenReader, MAX_ACCESS_TOKEN_LENGTH, openAccessTokens } from '#functions/api/authorizer/access-token.ts';
import { authorize } from '#functions/api/authorizer/authorize.ts';
import type { Table } from '#store/table.ts';
import { CLIENT_ID, ISSUER, SUBJECT, startIssuer, type TestIssuer } from '#test/support/issuer.ts';

// Fault 72: tokens that somebody made, changed, borrowed or kept for too long.
let issuer: TestIssuer;
let read: AccessTokenReader;
beforeAll(async () => {
  issuer = await startIssuer();
});
beforeEach(() => {
  issuer.asked.length = 0;
  read = openAccessTokens({ issuer: ISSUER, clientId: CLIENT_ID, fetchKeys: (url) => issuer.fetchKeys(url) });
});

const now = () => Math.floor(Date.now() / 1000);
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('an access token', () => {
  it('says who signed in, when, and where the pool lists them', async () => {
    const authTime = now() - 100;
    expect(await read(await issuer.token({ auth_time: authTime, exp: authTime + 3_600, tenants: 'acme1 rival1' }))).toEqual({
      subject: SUBJECT,
      tenantIds: 'acme1 rival1',
      verifiedEmail: 'ann@acme.example',
      signedInAt: new Date(authTime * 1000).toISOString(),
      expiresAt: new Date((authTime + 3_600) * 1000).toISOString(),
    });
    for (const unverified of [{ email_verified: 'false' }, { email_verified: undefined }, { email: undefined }, { email: 7 }])
      expect(await read(await issuer.token(unverified))).toMatchObject({ verifiedEmail: '' });
    expect(await read(await issuer.token({ tenants: undefined }))).toMatchObject({ tenantIds: '' });
  });

  it('is verified with keys that are read once, from the configured issuer alone', async () => {
    await Promise.all([issuer.token(), issuer.token(), issuer.token()].map(async (token) => read(await token)));
    expect(await read(await issuer.token())).not.toBeNull();
    expect(issuer.asked).toEqual([`${ISSUER}/.well-known/jwks.json`]);
  });
});

describe('a token is refused', () => {
  const refused = async (token: string | Promise<string>) => expect(await read(await token)).toBeNull();

  it('with claims that are not those of an access token for this app, now', async () => {
    const wrong: Record<string, unknown>[] = [
      { iss: 'https://issuer.test/other' },
      { iss: undefined },
      { iss: `${ISSUER}/` },
      { client_id: 'other' },
      { client_id: undefined },
      { client_id: [CLIENT_ID] },
      { client_id: undefined, aud: CLIENT_ID },
      { token_use: undefined },
      // An ID token says who somebody is to the app, and gives no access.
      { token_use: 'id', client_id: undefined, aud: CLIENT_ID },
      { token_use: 'id' },
      { exp: now() - 1 },
      { exp: undefined },
      { exp: 'never' },
      { exp: null },
      { nbf: now() + 60 },
      { sub: undefined },
      { sub: '' },
      { sub: 'x'.repeat(65) },
      { sub: 'a#b' },
      { auth_time: undefined },
      { auth_time: '2026-01-01' },
    ];
    for (const claims of wrong) expect([claims, await read(await issuer.token(claims))]).toEqual([claims, null]);
  });

  it('without a signature of the issuer', async () => {
    const [header, payload, signature] = (await issuer.token()).split('.') as [string, string, string];
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const none = part({ alg: 'none', kid });
    for (const sign of ['', '.', `.${signature}`]) await refused(`${none}.${payload}${sign}`);
    for (const alg of ['None', 'NONE', '', null, 7, ['RS256']]) await refused(`${part({ alg, kid })}.${payload}.${signature}`);
    // The public key as the secret of a keyed hash.
    for (const alg of ['HS256', 'RS256']) {
      const signed = `${part({ alg, kid })}.${payload}`;
      await refused(`${signed}.${createHmac('sha256', issuer.publicText).update(signed).digest('base64url')}`);
    }
    // A key of the attacker's, under the issuer's name and under one of its own.
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const jwk = publicKey.export({ format: 'jwk' });
    for (const more of [{ kid }, { kid: 'mine' }, { kid, jwk }, { kid: 'mine', jku: 'https://evil.test/keys' }, {}]) {
      const signed = `${part({ alg: 'RS256', ...more })}.${payload}`;
      await refused(`${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`);
    }
    await refused(`${header}.${part({ ...claims, sub: 'somebody-else' })}.${signature}`);
    await refused(`${header}.${payload}.${signature.slice(0, -10)}`);
    expect(new Set(issuer.asked)).toEqual(new Set([`${ISSUER}/.well-known/jwks.json`]));
  });

  it('with other algorithms of the same key', async () => {
    const [, payload] = (await issuer.token()).split('.') as [string, string];
    const { kid } = JSON.parse(Buffer.from((await issuer.token()).split('.')[0]!, 'base64url').toString());
    for (const alg of ['RS384', 'RS512', 'PS256', 'ES256', 'EdDSA']) await refused(`${part({ alg, kid })}.${payload}.c2ln`);
    expect(issuer.asked).toEqual([]);
  });

  it('cut, garbled or overgrown, without asking anybody', async () => {
    const token = await issuer.token();
    const [header, payload, signature] = token.split('.') as [string, string, string];
    for (const text of [
      '',
      '.',
      '..',
      'eyJ',
      header,
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `${token}.x`,
      `${token}=.`,
    ])
      await refused(text);
    for (const text of [`${header}.e30.${signature}`, `e30.${payload}.${signature}`, `${part([])}.${payload}.${signature}`])
      await refused(text);
    await refused(`${header}.${Buffer.from('{"a":').toString('base64url')}.${signature}`);
    expect(issuer.asked).toEqual([]);
    const ports = { table: {} as Table, readAccessToken: read };
    const long = { authorization: `Bearer eyJ${'a'.repeat(MAX_ACCESS_TOKEN_LENGTH)}` };
    expect(await authorize(ports, { headers: long })).toEqual({ isAuthorized: false });
  });
});

describe('keys of the issuer', () => {
  it('that are new are found by the first token that names one; older tokens hold', async () => {
    const before = await issuer.token();
    expect(await read(before)).not.toBeNull();
    await issuer.rotate();
    expect(await read(await issuer.token())).not.toBeNull();
    expect(await read(before)).not.toBeNull();
    expect(issuer.asked).toHaveLength(2);
  });

  it('are not asked for again and again by tokens that name one that is not there', async () => {
    for (let n = 0; n < 20; n++) expect(await read(await issuer.token({}, { kid: `forged-${n}` }))).toBeNull();
    expect(issuer.asked).toHaveLength(1);
    expect(await read(await issuer.token())).not.toBeNull();
  });

  it('that cannot be had make an error, neither yes nor no; who came with known keys goes on', async () => {
    const { answer } = issuer;
    for (const broken of [
      () => Promise.reject(new Error('no way to the issuer')),
      async () => ({ message: 'Internal Server Error' }),
      async () => ({ keys: [{ kid: 7 }] }),
    ]) {
      issuer.answer = broken;
      await expect(read(await issuer.token())).rejects.toThrow();
      expect(await read(await issuer.token({ iss: 'https://issuer.test/other' }))).toBeNull();
    }
    issuer.answer = answer;
    expect(await read(await issuer.token())).not.toBeNull();
    issuer.answer = () => Promise.reject(new Error('no way to the issuer'));
    expect(await read(await issuer.token())).not.toBeNull();
    await expect(read(await issuer.token({}, { kid: 'unknown' }))).rejects.toThrow('no way to the issuer');
    issuer.answer = answer;
  });
});
