import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { manifest } from '#functions/sync/jobber/manifest.ts';
import { instantFromMs } from '#kernel/instant.ts';
import type { TokenSource } from '#mirror/connector.ts';
import { type Credentials, tokensOf } from '#model/oauth-tokens.ts';
import { scopeOf } from '#model/scope.ts';
import { saveCredentialsAction } from '#store/connection-repository.ts';
import { openCredentialStore } from '#store/credential-store.ts';
import { openTable, type Table } from '#store/table.ts';
import { type OAuthDesk, openOAuthDesk } from '#sync/oauth/desk.ts';
import { localClientConfig, startTestTable, type TestTable } from '#test/support/dynamodb.ts';
import { readAll, rowsOfPages } from '#test/support/mapped-rows.ts';
import { approve, REDIRECT } from '#test/support/oauth-desk.ts';
import { sourceErrorOf } from '#test/support/source-errors.ts';
import { APP, Bench, dataset, full } from './jobber-support.ts';

const scope = scopeOf('acme1');
let db: TestTable;
let table: Table;
let bench: Bench;
let n = 0;

beforeAll(async () => {
  db = await startTestTable();
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(db.endpoint)));
  const system = { now: () => instantFromMs(Date.now()), sleep: async () => {}, random: () => 0.5 };
  table = openTable({ client, tableName: db.tableName, ...system });
});
afterAll(() => db.stop());
beforeEach(async () => {
  bench = await new Bench().start();
  n += 1;
});
afterEach(() => bench.stop());

let seals = 0;
const vault = {
  seal: async (credentials: Credentials) => Buffer.from(JSON.stringify([++seals, credentials])).toString('base64'),
  unseal: async (ciphertext: Uint8Array | string) =>
    (JSON.parse(Buffer.from(String(ciphertext), 'base64').toString()) as [number, Credentials])[1],
  hasTime: () => true,
};

/** The logins of one process, as the engine opens them for this integration. */
function desk(): OAuthDesk {
  let ids = 0;
  const maker = Math.random().toString(36);
  return openOAuthDesk({
    oauth: manifest.oauth!,
    client: async () => APP,
    allowed: { allowedHosts: manifest.allowedHosts, allowLoopback: true },
    openHttp: () => bench.http(),
    now: () => instantFromMs(bench.nowMs),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 20)),
    ulid: () => `${maker}${++ids}`,
  });
}

/** Approves at the authorize page and exchanges the code. */
async function approved(account = 'one'): Promise<Credentials> {
  const approval = { redirectUri: REDIRECT, verifier: 'v'.repeat(43) };
  const given = { baseUrl: bench.url };
  const query = await approve(`${await desk().authorize(given, { ...approval, state: 's' })}&account=${account}`);
  return desk().firstTokens(given, { ...approval, code: query.get('code')! });
}

/** Connects and stores; each call afterwards is a process of its own with the connection's tokens. */
async function connect(): Promise<() => TokenSource> {
  await table.write(scope, [saveCredentialsAction(scope, n, await vault.seal(await approved()))]);
  return () => desk().stored(openCredentialStore(table, scope, n), vault);
}
const stored = async () => tokensOf(await vault.unseal((await openCredentialStore(table, scope, n).read())!.ciphertext))!;
const refreshes = () => bench.requests().filter((door) => door === 'Token').length;
const readUsers = async (tokens: TokenSource) => rowsOfPages(await readAll(await bench.open({ tokens }), full('users')));

describe('an approval at Jobber', () => {
  it('opens the account that approved, for an hour as its token tells', async () => {
    const credentials = await approved();
    const { renewAt, expiresAt } = tokensOf(credentials)!;
    expect(expiresAt).toBe(instantFromMs(bench.nowMs + 3_600_000));
    expect(renewAt < expiresAt).toBe(true);
    const found = await jobberConnector.check(bench.options({ credentials, tokens: desk().given(credentials) }));
    expect(found).toMatchObject({ accountId: dataset.endpoints.account![0]!.id, missingScopes: [] });
    const other = await approved('two');
    const checked = await jobberConnector.check(bench.options({ tokens: desk().given(other) }));
    expect(checked.accountId).not.toBe(found.accountId);
  });
});

describe('the tokens of a connection', () => {
  it('are renewed once for two that read at once when they have run out (35, 36)', async () => {
    const tokens = await connect();
    bench.nowMs += 3_700_000;
    bench.mark();
    const [one, two] = await Promise.all([readUsers(tokens()), readUsers(tokens())]);
    expect([one.length, two.length]).toEqual([12, 12]);
    expect(refreshes()).toBe(1);
  });

  it('refused in the middle of a run are renewed, and the newer pair is stored before its use (35, I19)', async () => {
    const tokens = await connect();
    const before = await stored();
    const session = await bench.open({ tokens: tokens() });
    await bench.arm('unauthenticatedAt200', { entity: 'users', times: 1 });
    bench.mark();
    expect(rowsOfPages(await readAll(session, full('users')))).toHaveLength(12);
    expect(refreshes()).toBe(1);
    const after = await stored();
    expect(after.refreshToken).not.toBe(before.refreshToken);
  });

  it('whose newer pair was lost on the way end in clear words, since Jobber rotates them (37)', async () => {
    const tokens = await connect();
    bench.nowMs += 3_700_000;
    await bench.arm('refreshReplyLost', { entity: 'Token', times: 1 });
    await sourceErrorOf(readUsers(tokens()));
    expect((await sourceErrorOf(readUsers(tokens()))).code).toBe('reauth_required');
    expect((await sourceErrorOf(readUsers(tokens()))).code).toBe('reauth_required');
  });

  it('keep the refresh token where a refresh brings none (38)', async () => {
    const tokens = await connect();
    const { refreshToken } = await stored();
    bench.nowMs += 3_700_000;
    await bench.arm('noRefreshToken', { entity: 'Token', times: 1 });
    expect(await readUsers(tokens())).toHaveLength(12);
    expect((await stored()).refreshToken).toBe(refreshToken);
  });

  it('of an account that has left us are over: one call, no more (39)', async () => {
    const tokens = await connect();
    bench.nowMs += 3_700_000;
    await bench.arm('revoked');
    bench.mark();
    expect((await sourceErrorOf(readUsers(tokens()))).code).toBe('reauth_required');
    expect(bench.requests()).toEqual(['Token']);
  });

  it('stay out of every error, also where the source repeats them (41)', async () => {
    const tokens = await connect();
    const { refreshToken } = await stored();
    bench.nowMs += 3_700_000;
    await bench.arm('tokenEcho', { entity: 'Token' });
    await bench.arm('revoked');
    const error = await sourceErrorOf(readUsers(tokens()));
    expect(`${error.message} ${error.detail} ${String(error.cause)}`).not.toContain(refreshToken!.slice(-20));
  });
});
