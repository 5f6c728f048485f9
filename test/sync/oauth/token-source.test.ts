import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { instantFromMs } from '#kernel/instant.ts';
import { OutOfTime, SourceError } from '#mirror/source-error.ts';
import { type Credentials, tokensOf } from '#model/oauth-tokens.ts';
import { scopeOf } from '#model/scope.ts';
import { saveCredentialsAction } from '#store/connection-repository.ts';
import { type CredentialStore, openCredentialStore } from '#store/credential-store.ts';
import { openTable, type Table } from '#store/table.ts';
import type { TokenSourceOptions } from '#sync/oauth/token-source.ts';
import { localClientConfig, startTestTable, type TestTable } from '#test/support/dynamodb.ts';
import { connected, testDesk } from '#test/support/oauth-desk.ts';
import { type OAuthTestSource, startOAuthSource } from '#test/support/oauth-source.ts';

let db: TestTable;
let table: Table;
let source: OAuthTestSource;
let n = 0;
const scope = scopeOf('acme1');

beforeAll(async () => {
  db = await startTestTable();
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(db.endpoint)));
  table = openTable({
    client,
    tableName: db.tableName,
    now: () => instantFromMs(Date.now()),
    sleep: async () => {},
    random: () => 0.5,
  });
});
afterAll(() => db.stop());
beforeEach(async () => {
  source = await startOAuthSource();
  n += 1;
  return () => source.stop();
});

let seals = 0;
/** Sealing that changes with every time, as KMS does. */
const vault: Pick<TokenSourceOptions, 'seal' | 'unseal' | 'hasTime'> = {
  seal: async (credentials) => Buffer.from(JSON.stringify([++seals, credentials])).toString('base64'),
  unseal: async (ciphertext) => (JSON.parse(Buffer.from(String(ciphertext), 'base64').toString()) as [number, Credentials])[1],
  hasTime: () => true,
};
const store = () => openCredentialStore(table, scope, n);
const stored = async () => tokensOf(await vault.unseal((await store().read())!.ciphertext))!;

/** Connects, and lets the first access token come to the time of its renewal. */
async function connect(): Promise<void> {
  const credentials = await connected(source, testDesk(source));
  await table.write(scope, [saveCredentialsAction(scope, n, await vault.seal(credentials))]);
  source.clock.ms += 3_000_000;
}
/** A process of its own with the connection's tokens. */
const processOf = (changed: Partial<CredentialStore> = {}) => testDesk(source).stored({ ...store(), ...changed }, vault);
const failure = async (asked: Promise<unknown>): Promise<SourceError> => {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SourceError)) throw new Error(`no SourceError but ${String(error)}`);
  return error;
};

describe('tokens of a connection', () => {
  it('are used until four fifths of their life, then renewed, and the newer pair is stored before it is used', async () => {
    const credentials = await connected(source, testDesk(source));
    await table.write(scope, [saveCredentialsAction(scope, n, await vault.seal(credentials))]);
    const calls = source.tokenCalls();
    const tokens = processOf();
    source.clock.ms += 2_879_000;
    expect(await tokens.current()).toBe(credentials.accessToken);
    expect(source.tokenCalls()).toBe(calls);
    source.clock.ms += 1_000;
    const second = await tokens.current();
    expect(second).not.toBe(credentials.accessToken);
    expect((await stored()).accessToken).toBe(second);
    expect((await stored()).refreshToken).not.toBe(credentials.refreshToken);
    expect(source.tokenCalls()).toBe(calls + 1);
    expect(await vault.unseal((await store().read())!.ciphertext)).toMatchObject({ baseUrl: source.url, companyId: 'north' });
  });

  it('two refreshers at once make one refresh call, and so do twenty in as many processes (fault 36, X-29)', async () => {
    await connect();
    source.clock.ms += 600_000;
    const calls = source.tokenCalls();
    source.set('slowDrip', { entity: 'Token', value: 1, times: 1 });
    const all = await Promise.all(Array.from({ length: 20 }, () => processOf().current()));
    expect(new Set(all).size).toBe(1);
    expect(all[0]).toBe((await stored()).accessToken);
    expect(source.tokenCalls()).toBe(calls + 1);
    expect((await store().read())!.refreshing).toBeNull();
  });

  it('refused by the source are renewed once, whoever is told so (fault 35)', async () => {
    await connect();
    const first = await processOf().current();
    const calls = source.tokenCalls();
    const [one, two] = [processOf(), processOf()];
    await Promise.all([one.current(), two.current()]);
    const renewed = await Promise.all([one.renew(first), one.renew(first), two.renew(first)]);
    expect(new Set(renewed).size).toBe(1);
    expect(renewed[0]).not.toBe(first);
    expect(source.tokenCalls()).toBe(calls + 1);
  });

  it('a crash after the refresh and before it is stored asks for a new authorization, in clear words and only once (fault 37, X-29)', async () => {
    await connect();
    const dying = processOf({
      replace: async () => {
        throw new Error('killed');
      },
    });
    await expect(dying.current()).rejects.toThrow('killed');
    const calls = source.tokenCalls();
    source.clock.ms += 46_000;
    const told = await failure(processOf().renew('none'));
    expect([told.code, told.detail]).toEqual(['reauth_required', expect.stringContaining('an earlier refresh was lost')]);
    expect(source.tokenCalls()).toBe(calls + 1);
    expect((await store().read())!.refused).toBe(true);
    expect((await failure(processOf().current())).code).toBe('reauth_required');
    expect(source.tokenCalls()).toBe(calls + 1);
  });

  it('a crash after the refresh is got over where the source takes the old token once more', async () => {
    await connect();
    const dying = processOf({
      replace: async () => {
        throw new Error('killed');
      },
    });
    await expect(dying.current()).rejects.toThrow('killed');
    source.set('oldRefreshGrace', { times: 1 });
    source.clock.ms += 46_000;
    expect(await processOf().renew('none')).toBe((await stored()).accessToken);
  });

  it('an answer that was lost is asked for again with the same token; refused, it says so', async () => {
    await connect();
    source.set('refreshReplyLost', { times: 1 });
    const tokens = await stored();
    const told = await failure(processOf().renew(tokens.accessToken));
    expect(told.code).toBe('reauth_required');
    expect((await store().read())!.refused).toBe(true);
  });

  it('an answer without a refresh token leaves the old one (fault 38)', async () => {
    await connect();
    const before = (await stored()).refreshToken;
    source.set('noRefreshToken', { times: 1 });
    const first = await processOf().current();
    expect((await stored()).refreshToken).toBe(before);
    expect(await processOf().renew(first)).not.toBe(first);
  });

  it('a source that gives the same refresh token twice is no harm', async () => {
    await connect();
    source.set('rotation', { on: false });
    const before = (await stored()).refreshToken;
    const first = await processOf().current();
    expect((await stored()).refreshToken).toBe(before);
    expect(await processOf().renew(first)).not.toBe(first);
  });

  it('revoked by the contractor they end in reauth_required, and no further call is made (fault 39)', async () => {
    await connect();
    source.set('revoked');
    expect((await failure(processOf().current())).code).toBe('reauth_required');
    const calls = source.tokenCalls();
    expect((await failure(processOf().current())).code).toBe('reauth_required');
    expect(source.tokenCalls()).toBe(calls);
  });

  it('of a source that is down for a moment go on while they hold', async () => {
    await connect();
    source.set('status', { entity: 'Token', value: 503 });
    const before = await stored();
    expect(await processOf().current()).toBe(before.accessToken);
    source.clock.ms += 46_000;
    expect((await failure(processOf().renew(before.accessToken))).code).toBe('source_unavailable');
    source.set('status', { on: false, entity: 'Token' });
    source.clock.ms += 46_000;
    expect(await processOf().renew(before.accessToken)).not.toBe(before.accessToken);
  });

  it('who waits for a refresher that died takes over after its time', async () => {
    await connect();
    const seen = (await store().read())!;
    const now = instantFromMs(source.clock.ms);
    expect(await store().claim(seen, { by: 'dead', now, until: instantFromMs(source.clock.ms + 45_000) })).toBe(true);
    const token = (await stored()).accessToken;
    expect(await processOf().current()).toBe(token);
    expect((await failure(processOf().renew(token))).code).toBe('source_unavailable');
    source.clock.ms += 46_000;
    expect(await processOf().renew(token)).not.toBe(token);
  });

  it('replaced by a reconnect while they were refreshed are left as the reconnect made them', async () => {
    await connect();
    const fresh = await connected(source, testDesk(source));
    const late = processOf({
      replace: async (seen, ciphertext) => {
        await table.write(scope, [saveCredentialsAction(scope, n, await vault.seal(fresh))]);
        return store().replace(seen, ciphertext);
      },
    });
    expect(await late.current()).toBe(fresh.accessToken);
    expect((await stored()).refreshToken).toBe(fresh.refreshToken);
  });

  it('a write of newer tokens whose answer was lost counts as done (fault 43)', async () => {
    await connect();
    const token = await processOf({
      replace: async (seen, ciphertext) => {
        await store().replace(seen, ciphertext);
        return store().replace(seen, ciphertext);
      },
    }).current();
    expect(token).toBe((await stored()).accessToken);
  });

  it('are not asked for with too little time left, and not without an authorization', async () => {
    expect((await failure(processOf().current())).code).toBe('reauth_required');
    await connect();
    const calls = source.tokenCalls();
    const hurried = testDesk(source).stored(store(), { ...vault, hasTime: () => false });
    await expect(hurried.current()).rejects.toBeInstanceOf(OutOfTime);
    expect(source.tokenCalls()).toBe(calls);
  });

  it('a refusal that repeats our secrets brings none of them out (fault 41)', async () => {
    await connect();
    const { refreshToken } = await stored();
    source.set('revoked');
    source.set('tokenEcho');
    const told = await failure(processOf().current());
    for (const secret of ['product-secret', refreshToken!])
      expect(JSON.stringify([told.message, told.detail])).not.toContain(secret);
  });
});
