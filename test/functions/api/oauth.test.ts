import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addSeconds } from '#kernel/instant.ts';
import { sourceSteps } from '#mirror/source-steps.ts';
import { parseConnectionId } from '#model/ids.ts';
import { tokensOf } from '#model/oauth-tokens.ts';
import { readAuthorization } from '#store/authorization-repository.ts';
import { readCiphertext, readSyncState } from '#store/connection-repository.ts';
import { revokeApiTokenAction } from '#store/people-repository.ts';
import { createSyncHandler } from '#sync/handler.ts';
import { createHooks } from '#sync/hooks.ts';
import { openOAuthDesk } from '#sync/oauth/desk.ts';
import { OTHER_TENANT, startTestApi, TENANT, type TestApi } from '#test/support/api.ts';
import { memoryVault } from '#test/support/memory-vault.ts';
import { seedTenant } from '#test/support/mirror-seed.ts';
import { oauthConnector } from '#test/support/oauth-connector.ts';
import { approve } from '#test/support/oauth-desk.ts';
import { CLIENT, type OAuthTestSource, startOAuthSource } from '#test/support/oauth-source.ts';
import { change } from '#test/support/people.ts';
import { openPeopleDesk } from '#test/support/people-desk.ts';

// One integration more than the product has: everything else is as it is shipped.
vi.mock('#functions/sync/manifests.ts', async (original) => {
  const { manifests } = await original<typeof import('#functions/sync/manifests.ts')>();
  const { oauthManifest } = await import('#test/support/oauth-connector.ts');
  return { manifests: [...manifests, oauthManifest] };
});

let api: TestApi;
let source: OAuthTestSource;
const vault = memoryVault();
const CALLBACK = '/v1/oauth/callback';

beforeAll(async () => {
  api = await startTestApi();
  await seedTenant(api.table, api.scope);
  await seedTenant(api.table, api.otherScope);
});
afterAll(() => api.stop());
beforeEach(async () => {
  source = await startOAuthSource();
  source.clock.ms = Date.parse(api.now());
  api.outside.integration = (call) => integration()(call, { getRemainingTimeInMillis: () => 180_000 });
  return () => source.stop();
});

/** The integration's own function, as it is deployed, over the test's table. */
function integration() {
  const nothing = async () => undefined;
  return createSyncHandler({
    connector: oauthConnector,
    system: { ...api.ports, sleep: async () => {} },
    table: api.table,
    slots: { due: async () => [], lastTick: async () => null, moveTick: nothing, free: nothing, occupy: nothing } as never,
    cycleQueue: { send: nothing },
    bulkQueue: { send: nothing },
    bulkQueueName: 'bulk',
    vault,
    allowLoopback: true,
    openDesk: openOAuthDesk,
    openHooks: createHooks,
    steps: () => sourceSteps,
    oauthClient: async () => CLIENT,
    localSource: source.url,
    log: () => {},
  });
}

interface Opened {
  readonly id: string;
  readonly authorizeUrl: string;
}
const n = (id: string) => parseConnectionId(id)!.n;
const stored = async (id: string) =>
  vault.decrypt({ tenantId: TENANT, connectionId: id }, (await readCiphertext(api.table, api.scope, n(id)))!);

/** Connects anew; an earlier connection gives its entities up first. */
async function open(credentials?: Record<string, string>): Promise<Opened & Record<string, unknown>> {
  const { body: list } = await api.call<{ items: { id: string; state: string }[] }>('GET', '/v1/connections');
  for (const one of list.items.filter(({ state }) => state !== 'disconnected')) {
    const { headers } = await api.call('GET', `/v1/connections/${one.id}`);
    await api.call('DELETE', `/v1/connections/${one.id}`, { headers: { 'if-match': headers.etag! } });
  }
  const body = { provider: 'oauthtest', name: 'Test', ...(credentials && { credentials }) };
  const answer = await api.call<Opened & Record<string, unknown>>('POST', '/v1/connections', { body });
  expect(answer.status).toBe(201);
  return answer.body;
}
const back = (query: URLSearchParams) => api.call('GET', CALLBACK, { query: Object.fromEntries(query) });
const approved = async ({ authorizeUrl }: Opened, account?: string) =>
  approve(`${authorizeUrl}${account ? `&account=${account}` : ''}`);

describe('connecting by an approval at the source', () => {
  it('answers 201 with the page to open; until it is approved the connection makes no call', async () => {
    const opened = await open();
    expect(opened).toMatchObject({ state: 'pending', cause: 'authorization_required', nextRunAt: null, accountId: null });
    const url = new URL(opened.authorizeUrl);
    expect(url.origin).toBe(source.url);
    expect(url.searchParams.get('redirect_uri')).toBe(`https://api.test${CALLBACK}`);
    expect(url.searchParams.get('state')).toMatch(new RegExp(`^${opened.id}\\.[A-Za-z0-9_-]{43}$`));
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(await readCiphertext(api.table, api.scope, n(opened.id))).toBeNull();
    expect(api.outside.slots.has(`oauthtest/20/${opened.id}`)).toBe(false);
    const resync = await api.call('POST', `/v1/connections/${opened.id}/resyncs`, {
      body: {},
      headers: { 'idempotency-key': 'r1' },
    });
    expect(resync.body).toMatchObject({ status: 409, code: 'connection-not-runnable' });
    const again = await api.call('GET', `/v1/connections/${opened.id}`);
    expect(again.body).not.toHaveProperty('authorizeUrl');
  });

  it('the callback stores the account and sealed tokens, and the first run is asked for', async () => {
    const opened = await open({ environment: 'production' });
    const query = await approved(opened);
    // Sources send more along than they were asked for.
    query.set('session_state', 'x');
    const events = api.outside.events.length;
    const answer = await back(query);
    expect([answer.status, answer.body]).toEqual([
      200,
      { connectionId: opened.id, provider: 'oauthtest', name: 'Test', accountName: 'north Ltd', state: 'pending' },
    ]);
    const { body } = await api.call('GET', `/v1/connections/${opened.id}`);
    expect(body).toMatchObject({ state: 'pending', cause: null, accountId: 'north', accountName: 'north Ltd' });
    const credentials = await stored(opened.id);
    expect(tokensOf(credentials)).not.toBeNull();
    expect(credentials).toMatchObject({ companyId: 'north', environment: 'production' });
    const held = String(await readCiphertext(api.table, api.scope, n(opened.id)));
    expect(held).not.toContain(tokensOf(credentials)!.accessToken);
    await expect(vault.decrypt({ tenantId: OTHER_TENANT, connectionId: opened.id }, held)).rejects.toThrow();
    expect(api.outside.slots.has(`oauthtest/20/${opened.id}`)).toBe(true);
    expect(api.outside.events.slice(events)).toEqual([expect.objectContaining({ connectionId: opened.id, kind: 'hint' })]);
    expect((await readSyncState(api.table, api.scope, n(opened.id)))!.pending).toBeNull();
    const audit = await api.call<{ items: { action: string; actor: { id: string } }[] }>('GET', '/v1/audit');
    expect(audit.body.items.map(({ action }) => action)).toContain('connection.authorized');
  });

  it('a state holds once, for ten minutes, and for nobody else', async () => {
    const opened = await open();
    const query = await approved(opened);
    const calls = source.tokenCalls();
    const tampered = (state: string) => new URLSearchParams({ ...Object.fromEntries(query), state });
    const secret = query.get('state')!.slice(opened.id.length + 1);
    for (const state of [
      `${opened.id}.${'x'.repeat(43)}`,
      `${OTHER_TENANT}.${n(opened.id)}.${secret}`,
      'nonsense',
      `.${secret}`,
      `${TENANT}.99.${secret}`,
    ])
      expect([state, (await back(tampered(state))).body.code]).toEqual([state, 'authorization-over']);
    expect((await api.call('GET', CALLBACK)).status).toBe(400);
    expect(source.tokenCalls()).toBe(calls);
    const twins = await Promise.all([back(query), back(query), back(query)]);
    expect(twins.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect(source.tokenCalls()).toBe(calls + 1);
    const late = await open();
    const lateQuery = await approved(late);
    api.pass(600);
    expect((await back(lateQuery)).body.code).toBe('authorization-over');
    expect(await readCiphertext(api.table, api.scope, n(late.id))).toBeNull();
  });

  it('a newer approval takes the place of an older one, and disconnecting ends it', async () => {
    const opened = await open();
    const first = await approved(opened);
    const second = await api.call<Opened>('POST', `/v1/connections/${opened.id}/reconnect`, { body: {} });
    expect((await back(first)).body.code).toBe('authorization-over');
    const query = await approved(second.body);
    const { headers } = await api.call('GET', `/v1/connections/${opened.id}`);
    await api.call('DELETE', `/v1/connections/${opened.id}`, { headers: { 'if-match': headers.etag! } });
    expect((await back(query)).body.code).toBe('authorization-over');
    expect(await readAuthorization(api.table, api.scope, n(opened.id))).toBeNull();
  });

  it('who opened it must still be allowed to connect when it ends', async () => {
    const tokenId = await api.grant('admin');
    await open();
    const { body: list } = await api.call<{ items: { id: string; state: string }[] }>('GET', '/v1/connections');
    const { id } = list.items.find(({ state }) => state === 'pending')!;
    const { body } = await api.call<Opened>('POST', `/v1/connections/${id}/reconnect`, { body: {}, tokenId });
    const query = await approved({ id, authorizeUrl: body.authorizeUrl });
    await api.table.write(api.scope, [revokeApiTokenAction(api.scope, tokenId, api.now())]);
    expect((await back(query)).status).toBe(403);
    expect(await readCiphertext(api.table, api.scope, n(id))).toBeNull();
  });

  it('a person who signed in may open it, and must still be allowed to connect when it ends', async () => {
    const desk = await openPeopleDesk(api);
    const userId = await desk.join({ role: 'admin' });
    const { sub } = (await desk.member(userId))!;
    const { id } = await open();
    const person = { subject: sub, tenantIds: TENANT };
    const reconnect = async () => {
      const { body } = await api.call<Opened>('POST', `/v1/connections/${id}/reconnect`, { body: {}, person });
      return approved({ id, authorizeUrl: body.authorizeUrl });
    };
    const query = await reconnect();
    await change(api, sub, { role: 'manager' });
    expect((await back(query)).status).toBe(403);
    expect(await readCiphertext(api.table, api.scope, n(id))).toBeNull();
    await change(api, sub, { role: 'admin' });
    expect((await back(await reconnect())).status).toBe(200);
    const { body } = await api.call<{ items: { action: string; actor: object }[] }>('GET', '/v1/audit');
    expect(body.items[0]).toMatchObject({ action: 'connection.authorized', actor: { kind: 'user', id: userId } });
  });

  it('a person who says no leaves the connection as it was', async () => {
    const opened = await open();
    source.set('denied', { times: 1 });
    const refused = await back(await approved(opened));
    expect(refused.body).toMatchObject({ status: 422, code: 'credentials-refused', cause: 'approval_denied' });
    expect((await api.call('GET', `/v1/connections/${opened.id}`)).body.cause).toBe('authorization_required');
  });

  it('a code that the source does not take is refused, and no word of it comes out', async () => {
    const opened = await open();
    const query = await approved(opened);
    source.set('tokenEcho');
    query.set('code', 'stolen-code');
    const refused = await back(query);
    expect([refused.status, refused.body.code]).toEqual([422, 'credentials-refused']);
    for (const secret of ['stolen-code', CLIENT.secret]) expect(JSON.stringify([refused.body, api.logs])).not.toContain(secret);
  });

  it('addresses of the caller’s that lead inside are refused before anything is called (fault 34)', async () => {
    for (const baseUrl of [
      'https://169.254.169.254',
      'https://10.0.0.1/',
      'http://metadata.internal',
      'https://login.example.com.evil.example',
    ]) {
      const body = { provider: 'oauthtest', name: 'Inside', credentials: { baseUrl }, settings: { entities: ['job'] } };
      const answer = await api.call('POST', '/v1/connections', { body, tenant: OTHER_TENANT });
      expect([baseUrl, answer.status, answer.body.code, answer.body.cause]).toEqual([
        baseUrl,
        422,
        'credentials-refused',
        'host_refused',
      ]);
    }
    expect((await api.call<{ items: unknown[] }>('GET', '/v1/connections', { tenant: OTHER_TENANT })).body.items).toEqual([]);
  });
});

describe('reconnecting by an approval', () => {
  async function connectedOnce(): Promise<string> {
    const opened = await open();
    expect((await back(await approved(opened))).status).toBe(200);
    return opened.id;
  }

  it('keeps the connection as it is until it is approved, then reads everything', async () => {
    const id = await connectedOnce();
    const before = await readCiphertext(api.table, api.scope, n(id));
    const { body } = await api.call<Opened & { state: string }>('POST', `/v1/connections/${id}/reconnect`);
    expect(body.authorizeUrl).toContain('/oauth/authorize');
    expect(await readCiphertext(api.table, api.scope, n(id))).toBe(before);
    expect((await back(await approved(body))).status).toBe(200);
    expect(await readCiphertext(api.table, api.scope, n(id))).not.toBe(before);
    expect((await readSyncState(api.table, api.scope, n(id)))!.pending).toMatchObject({ mode: 'full' });
  });

  it('refuses another account, naming both, and keeps the tokens of the first (M-42)', async () => {
    const id = await connectedOnce();
    const before = await readCiphertext(api.table, api.scope, n(id));
    const { body } = await api.call<Opened>('POST', `/v1/connections/${id}/reconnect`, { body: {} });
    const refused = await back(await approved(body, 'south'));
    expect(refused.body).toMatchObject({ status: 409, code: 'account-mismatch', connected: 'north Ltd', offered: 'south Ltd' });
    expect(await readCiphertext(api.table, api.scope, n(id))).toBe(before);
  });

  it('after disconnecting opens the same connection again', async () => {
    const id = await connectedOnce();
    const { headers } = await api.call('GET', `/v1/connections/${id}`);
    await api.call('DELETE', `/v1/connections/${id}`, { headers: { 'if-match': headers.etag! } });
    expect(await readCiphertext(api.table, api.scope, n(id))).toBeNull();
    const { body } = await api.call<Opened & { state: string }>('POST', `/v1/connections/${id}/reconnect`, { body: {} });
    expect(body.state).toBe('disconnected');
    expect((await back(await approved(body))).body).toMatchObject({ connectionId: id, state: 'pending' });
  });

  it('revoked at the source: the check says so, and whoever reads the mirror still can', async () => {
    const id = await connectedOnce();
    expect((await api.call('POST', `/v1/connections/${id}/check`)).status).toBe(200);
    source.set('revoked');
    const refused = await api.call('POST', `/v1/connections/${id}/check`);
    expect(refused.body).toMatchObject({ status: 422, cause: 'reauth_required' });
    expect((await api.call('GET', `/v1/connections/${id}`)).status).toBe(200);
  });
});

describe('grants without a person', () => {
  it('a service account and a token made at the source are tried like any credentials', async () => {
    const service = await open({ grant: 'client_credentials' });
    expect(service).toMatchObject({ state: 'pending', cause: null, accountId: 'north' });
    expect(service).not.toHaveProperty('authorizeUrl');
    expect(tokensOf(await stored(service.id))).toMatchObject({ refreshToken: null });
    const expiring = source.clock.ms;
    source.clock.ms = Date.parse(addSeconds(api.now(), 4_000));
    expect((await api.call('POST', `/v1/connections/${service.id}/check`)).status).toBe(200);
    source.clock.ms = expiring;
    const refused = await api.call('POST', `/v1/connections/${service.id}/reconnect`, {
      body: { credentials: { token: 'made-up' } },
    });
    expect(refused.body).toMatchObject({ status: 422, cause: 'reauth_required' });
  });

  it('one that the source does not offer is refused', async () => {
    const body = { provider: 'oauthtest', name: 'X', credentials: { grant: 'password' } };
    const refused = await api.call('POST', '/v1/connections', { body, tenant: OTHER_TENANT });
    expect(refused.body).toMatchObject({ status: 422, errors: [{ pointer: '/credentials/grant' }] });
  });
});
