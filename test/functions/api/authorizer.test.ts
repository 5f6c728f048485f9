import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashSecret, makeToken, parseToken } from '#model/api-token.ts';
import type { ApiToken } from '#model/people.ts';
import { createApiTokenAction } from '#store/people-repository.ts';
import { NO_SCOPE, startTestApi, TENANT, type TestApi } from '#test/support/api.ts';

let api: TestApi;
let authorize: typeof import('#functions/api/authorizer/handler.ts').authorize;
const good = makeToken(TENANT, 'tokengood', randomBytes);
const revoked = makeToken(TENANT, 'tokenrevoked', randomBytes);
beforeAll(async () => {
  api = await startTestApi();
  process.env.TABLE_NAME ??= api.db.tableName;
  ({ authorize } = await import('#functions/api/authorizer/handler.ts'));
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

const ask = (authorization?: string) => authorize(api.table, { headers: authorization === undefined ? {} : { authorization } });

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

  it('fails rather than denies when the store cannot be read', async () => {
    const broken = { ...api.table, get: async () => Promise.reject(new Error('no store')) };
    await expect(authorize(broken, { headers: { authorization: `Bearer ${good.token}` } })).rejects.toThrow('no store');
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
