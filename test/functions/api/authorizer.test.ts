import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuthorizerPorts, authorize } from '#functions/api/authorizer/authorize.ts';
import { hashSecret, makeToken, parseToken } from '#model/api-token.ts';
import type { ApiToken } from '#model/people.ts';
import { createApiTokenAction } from '#store/people-repository.ts';
import { NO_SCOPE, startTestApi, TENANT, type TestApi } from '#test/support/api.ts';

let api: TestApi;
const good = makeToken(TENANT, 'tokengood', randomBytes);
const revoked = makeToken(TENANT, 'tokenrevoked', randomBytes);
beforeAll(async () => {
  api = await startTestApi();
  for (const [id, made, revokedAt] of [
    ['tokengood', good, null],
    ['tokenrevoked', revoked, api.now()],
  ] as const) {
    const record: ApiToken = {
      id,
      name: id,
      secretHash: made.secretHash,
      role: 'owner',
      workerId: null,
      userId: null,
      scope: NO_SCOPE,
      createdAt: api.now(),
      createdBy: 'test',
      revokedAt,
      restricted: false,
      cursorKey: 'k',
    };
    await api.table.write(api.scope, [createApiTokenAction(api.scope, record)]);
  }
});
afterAll(() => api.stop());

/** What looks like a JWT is for the reader of access tokens, which has tests of its own. */
const ports = (more: Partial<AuthorizerPorts> = {}): AuthorizerPorts => ({
  table: api.table,
  readAccessToken: async () => null,
  ...more,
});
const ask = (authorization?: string) => authorize(ports(), { headers: authorization === undefined ? {} : { authorization } });

describe('the authorizer', () => {
  it('says whose a token is, and no more', async () => {
    expect(await ask(`Bearer ${good.token}`)).toEqual({
      isAuthorized: true,
      context: { tenantId: TENANT, tokenId: 'tokengood' },
    });
    expect(await ask(`bearer ${good.token}`)).toMatchObject({ isAuthorized: true });
  });

  it('denies everything else', async () => {
    const [tenant, id, secret] = good.token.split('.') as [string, string, string];
    const wrongSecret = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`;
    const wrong = [
      undefined,
      '',
      'Bearer',
      `Basic ${good.token}`,
      good.token,
      `Bearer ${tenant}.${id}.${wrongSecret}`,
      `Bearer ${tenant}.${id}.${secret}x`,
      `Bearer ${tenant}.${id}`,
      `Bearer rival1.${id}.${secret}`,
      `Bearer ${tenant}.other.${secret}`,
      `Bearer ${tenant}#X.${id}.${secret}`,
      `Bearer ${revoked.token}`,
      `Bearer ${good.token} ${good.token}`,
      `Bearer ${'a'.repeat(9_000)}`,
    ];
    for (const header of wrong) expect([header, await ask(header)]).toEqual([header, { isAuthorized: false }]);
  });

  it('leaves a JWT to the issuer, and an issuer that cannot be asked is an error', async () => {
    const jwt = { headers: { authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln' } };
    const person = { subject: 's', tenantIds: TENANT, verifiedEmail: '', signedInAt: api.now(), expiresAt: api.now() };
    const asked: string[] = [];
    const readAccessToken = async (token: string) => {
      asked.push(token);
      return person;
    };
    expect(await authorize(ports({ readAccessToken }), jwt)).toEqual({ isAuthorized: true, context: person });
    expect(asked).toEqual(['eyJhbGciOiJSUzI1NiJ9.e30.c2ln']);
    expect(await authorize(ports(), jwt)).toEqual({ isAuthorized: false });
    const unreachable = () => Promise.reject(new Error('no issuer'));
    await expect(authorize(ports({ readAccessToken: unreachable }), jwt)).rejects.toThrow('no issuer');
  });

  it('fails rather than denies when the store cannot be read', async () => {
    const table = { ...api.table, get: async () => Promise.reject(new Error('no store')) };
    await expect(authorize(ports({ table }), { headers: { authorization: `Bearer ${good.token}` } })).rejects.toThrow('no store');
  });
});

describe('a token', () => {
  it('reads back as it was made, and its secret is kept as a hash only', () => {
    const parts = parseToken(good.token)!;
    expect(parts).toMatchObject({ tenantId: TENANT, tokenId: 'tokengood' });
    expect(hashSecret(parts.secret)).toBe(good.secretHash);
    expect(good.secretHash).not.toContain(parts.secret);
    expect(makeToken(TENANT, 'tokengood', randomBytes).token).not.toBe(good.token);
  });
});
