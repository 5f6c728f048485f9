import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { UserPool } from '#local/host/identity/user-pool.ts';
import type { Product } from '#local/product.ts';
import { mailsIn } from '#test/support/mailbox.ts';
import { ProductClient, until } from '#test/support/product-client.ts';
import { askTokens, authorizeUrl, discover, passForm, type Session, signIn } from '#test/support/sign-in.ts';
import { startTestProduct } from '#test/support/test-product.ts';

vi.setConfig({ testTimeout: 60_000 });

/** People who sign in, from the form to the API and out again: issuer, trigger, gateway, authorizer and functions as deployed. */
describe('signing in', () => {
  const workDir = mkdtempSync(join(tmpdir(), 'protiv-sign-in-'));
  let product: Product;
  let pool: UserPool;
  let demo: { issuer: string; clientId: string; password: string; tenants: { id: string; people: Record<string, string> }[] };

  beforeAll(async () => {
    product = await startTestProduct(workDir);
    pool = product.host.userPool!;
    demo = JSON.parse(readFileSync(join(workDir, 'demo.json'), 'utf8'));
  }, 240_000);
  afterAll(async () => {
    await product?.stop();
    rmSync(workDir, { recursive: true, force: true });
  });

  const person = (key: string, tenant = 0) => demo.tenants[tenant]!.people[key]!;
  const enter = (key: string, tenant = 0) => signIn(pool, person(key, tenant), demo.password);
  const client = ({ access_token }: Session) => new ProductClient(product.host.url, access_token);
  const me = (session: Session, headers: Record<string, string> = {}) =>
    client(session).send('GET', '/v1/me', undefined, headers);

  /** What the pool itself has written to somebody. */
  const messagesTo = (email: string): string[] => {
    const folder = join(workDir, 'host', 'pool-mail');
    const messages = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
    return messages.filter(({ to }) => to.includes(email)).map(({ text }) => text);
  };
  /** The secret of an invitation, as its mail says it. */
  const secretFor = async (email: string): Promise<string> => {
    const mails = await until(
      async () => mailsIn(product.host.mailFolder).filter(({ to }) => to.includes(email)),
      ({ length }) => length > 0,
    );
    return /invitations#(\S+)/.exec(mails[0]!.text)![1]!;
  };

  it('leads every demo person to what the token of the same name may do', async () => {
    expect(demo).toMatchObject({ issuer: pool.issuer, clientId: pool.clientId });
    for (const [key, role] of Object.entries({
      owner: 'owner',
      admin: 'admin',
      manager: 'manager',
      crewLead: 'crew_lead',
      worker: 'worker',
    })) {
      const session = await enter(key);
      const token = new ProductClient(product.host.url, product.tenants[0]!.tokens[key as 'owner']);
      const { body: asToken } = await token.get('/v1/me');
      expect([role, (await me(session)).body]).toEqual([role, { ...asToken, role, userId: expect.any(String) }]);
    }
  });

  it('finds everybody among the users of the tenant, and two who have not joined yet', async () => {
    const { body } = await client(await enter('owner')).get('/v1/users');
    const users = body.items as readonly { readonly name: string; readonly state: string; readonly owner: boolean }[];
    expect(users.filter(({ owner }) => owner).map(({ name }) => name)).toEqual(['Demo owner']);
    expect(users.filter(({ state }) => state !== 'active').map(({ name, state }) => [name, state])).toEqual([
      ['Ines Vale', 'pending'],
      ['Theo Marsh', 'needs_invite'],
    ]);
  });

  it('gives tokens with the claims of Cognito', async () => {
    const { access_token, id_token, expires_in } = await enter('manager');
    const common = { iss: pool.issuer, sub: expect.stringMatching(/^[0-9a-f-]{36}$/), tenants: demo.tenants[0]!.id };
    const times = { auth_time: expect.any(Number), iat: expect.any(Number), exp: expect.any(Number), jti: expect.any(String) };
    const access = decodeJwt(access_token);
    expect(access).toMatchObject({
      ...{ ...common, ...times, token_use: 'access', client_id: pool.clientId, scope: 'openid email' },
      ...{ username: access.sub, email: person('manager'), email_verified: 'true' },
    });
    expect(access.exp! - access.iat!).toBe(expires_in);
    expect(decodeJwt(id_token)).toMatchObject({
      ...{ ...common, ...times, token_use: 'id', aud: pool.clientId, nonce: 'some-nonce' },
      ...{ 'cognito:username': access.sub, email: person('manager'), email_verified: true },
    });
  });

  it('takes an ID token for nothing at the API', async () => {
    const { id_token } = await enter('owner');
    expect((await new ProductClient(product.host.url, id_token).get('/v1/me')).status).toBe(403);
  });

  it('lets who belongs to several tenants choose one by name', async () => {
    const session = await enter('auditor');
    expect((await me(session)).body).toMatchObject({ status: 400, code: 'invalid-parameter' });
    const { body } = await client(session).get('/v1/me/tenants');
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual(demo.tenants.map(({ id }) => id));
    for (const { id } of demo.tenants.slice(0, 2))
      expect((await me(session, { 'tenant-id': id })).body).toMatchObject({ tenant: { id }, role: 'auditor' });
    const stranger = await enter('owner');
    expect((await me(stranger, { 'tenant-id': demo.tenants[1]!.id })).body).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('goes on with a refresh until the session is ended', async () => {
    const session = await enter('worker');
    const refresh = (refresh_token: string) => askTokens(pool, { grant_type: 'refresh_token', refresh_token });
    const next = (await (await refresh(session.refresh_token)).json()) as Session;
    expect(next.refresh_token).not.toBe(session.refresh_token);
    expect(decodeJwt(next.access_token).auth_time).toBe(decodeJwt(session.access_token).auth_time);
    expect((await me(next)).status).toBe(200);
    const { revocation_endpoint } = await discover(pool);
    const form = new URLSearchParams({ token: next.refresh_token, client_id: pool.clientId });
    expect((await fetch(revocation_endpoint!, { method: 'POST', body: form })).status).toBe(200);
    for (const token of [next.refresh_token, session.refresh_token, 'made-up']) {
      const answer = await refresh(token);
      expect([answer.status, await answer.json()]).toEqual([400, { error: 'invalid_grant' }]);
    }
  });

  it('refuses wrong passwords, foreign addresses, and codes without their proof', async () => {
    const { url } = await authorizeUrl(pool);
    expect(await passForm(url, person('owner'), 'wrong')).toBeNull();
    expect(await passForm(url, 'nobody@fernhill.example', demo.password)).toBeNull();
    const wrongs: Record<string, string>[] = [
      { redirect_uri: 'https://evil.example/' },
      { client_id: 'other' },
      { response_type: 'token' },
      { code_challenge_method: 'plain' },
      { code_challenge: '' },
      { scope: 'openid aws.cognito.signin.user.admin' },
    ];
    for (const wrong of wrongs)
      expect((await fetch((await authorizeUrl(pool, wrong)).url, { redirect: 'manual' })).status).toBe(400);
    const { url: good, verifier } = await authorizeUrl(pool);
    const exchange = async (proof: Record<string, string>) => {
      const back = await passForm(good, person('owner'), demo.password);
      expect(back?.searchParams.get('state')).toBe('some-state');
      const code = back!.searchParams.get('code')!;
      const redirect_uri = pool.callbackUrls[0]!;
      const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier };
      return { form, status: (await askTokens(pool, { ...form, ...proof })).status };
    };
    expect((await exchange({ code_verifier: 'guess' })).status).toBe(400);
    expect((await exchange({ redirect_uri: 'https://evil.example/' })).status).toBe(400);
    expect((await exchange({ client_id: 'other' })).status).toBe(400);
    const { form, status } = await exchange({});
    expect(status).toBe(200);
    // A code is good for once.
    expect((await askTokens(pool, form)).status).toBe(400);
  });

  it('survives new keys of the issuer, and says 500 while the keys cannot be had', async () => {
    const before = await enter('manager');
    expect((await me(before)).status).toBe(200);
    await pool.rotateKeys();
    const after = await enter('manager');
    expect([(await me(before)).status, (await me(after)).status]).toEqual([200, 200]);
    await pool.rotateKeys();
    pool.failKeys(true);
    const during = await enter('manager');
    expect((await me(during)).status).toBe(500);
    expect((await me(after)).status).toBe(200);
    pool.failKeys(false);
    expect((await me(during)).status).toBe(200);
  });

  it('takes somebody who was invited from the pool’s message to a role, and out again', async () => {
    const admin = client(await enter('admin'));
    const email = 'newcomer@field.example';
    const invited = await admin.post('/v1/users', { email, name: 'New Comer', role: 'auditor', workerId: null });
    expect([invited.status, invited.body.state]).toEqual([201, 'pending']);
    const password = /first password (\S+)\./.exec(messagesTo(email)[0]!)![1]!;
    const stranger = await signIn(pool, email, password);
    expect((await me(stranger)).status).toBe(403);

    const tenantId = demo.tenants[0]!.id;
    const invitation = await secretFor(email);
    const accepted = await client(stranger).post('/v1/invitations/accept', { invitation });
    expect(accepted.body).toEqual({ tenantId, userId: invited.body.id });
    expect((await me(stranger, { 'tenant-id': tenantId })).body).toMatchObject({ role: 'auditor', userId: invited.body.id });
    // The list of tenants comes with the next tokens.
    const refresh_token = stranger.refresh_token;
    const member = (await (await askTokens(pool, { grant_type: 'refresh_token', refresh_token })).json()) as Session;
    expect((await me(member)).body).toMatchObject({ role: 'auditor' });
    const { body: user } = await admin.get(`/v1/users/${invited.body.id}`);
    expect(user).toMatchObject({ state: 'active', email, lastSignInAt: expect.any(String) });

    const tag = (await admin.get(`/v1/users/${invited.body.id}`)).headers.get('etag')!;
    const lowered = await admin.send('PATCH', `/v1/users/${invited.body.id}`, { role: 'worker' }, { 'if-match': tag });
    expect(lowered.status).toBe(200);
    expect((await me(member)).body).toMatchObject({ role: 'worker' });
    await admin.post(`/v1/users/${invited.body.id}/end-sessions`);
    expect((await me(member)).body).toMatchObject({ status: 401, code: 'unauthenticated' });
    await wait(1_100);
    const again = await signIn(pool, email, password);
    expect((await me(again)).status).toBe(200);
    expect((await admin.send('DELETE', `/v1/users/${invited.body.id}`)).status).toBe(204);
    expect((await me(again)).body).toMatchObject({ status: 403, code: 'forbidden' });
    expect(decodeJwt((await signIn(pool, email, password)).access_token).tenants).toBe('');
  });

  it('gives no tokens while the pool’s trigger fails', async () => {
    const trigger = Object.keys(product.host.counters.functions).find((name) => name.includes('Claims'))!;
    product.host.faults.failInvocations(trigger, 'crash');
    await expect(enter('worker')).rejects.toThrow('the token endpoint answered 500');
    expect((await me(await enter('worker'))).status).toBe(200);
  });
});
