import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PersonContext } from '#functions/api/http.ts';
import { addSeconds } from '#kernel/instant.ts';
import { readMember } from '#store/member-repository.ts';
import { NO_SCOPE, OTHER_TENANT, TENANT } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBranch, putWorker, workerId } from '#test/support/bonus-world.ts';
import { seedTenant } from '#test/support/mirror-seed.ts';
import { overrideDesk } from '#test/support/override-desk.ts';
import { change, join } from '#test/support/people.ts';

// People who signed in: what they may do is the membership's, read on every request (M-139, M-144, M-148, M-149; fault 72).
let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await putBranch(bench);
});
afterEach(() => bench.stop());

const ann = (more: Partial<PersonContext> = {}) => ({ subject: 'ann', tenantIds: TENANT, ...more });
const as = (person: ReturnType<typeof ann>, tenant?: string) => ({
  person,
  ...(tenant === undefined ? {} : { headers: { 'Tenant-Id': tenant } }),
});
const me = (person = ann(), tenant?: string) => bench.api.call('GET', '/v1/me', as(person, tenant));
const statusOf = async (person = ann(), tenant?: string) => (await me(person, tenant)).status;

describe('a person', () => {
  it('is told who they are, as user and not as token', async () => {
    const scope = { ...NO_SCOPE, branchIds: [idOf('branch', 'b1')] };
    await putWorker(bench, 'ann', null);
    await join(bench.api, 'ann', { scope, workerId: workerId('ann') });
    expect((await me()).body).toMatchObject({
      tenant: { id: TENANT },
      role: 'manager',
      userId: 'user-ann',
      workerId: workerId('ann'),
      scope,
      visibility: { wages: false, bonuses: true },
    });
    await join(bench.api, 'olga', { role: 'admin', owner: true });
    expect((await me(ann({ subject: 'olga' }))).body).toMatchObject({ role: 'owner', userId: 'user-olga' });
  });

  it('stands in the audit trail as the user', async () => {
    await join(bench.api, 'olga', { role: 'admin' });
    const person = ann({ subject: 'olga' });
    const { status } = await bench.api.call('POST', '/v1/api-tokens', { person, body: { name: 'T', role: 'worker' } });
    expect(status).toBe(201);
    const { body } = await bench.api.call<{ items: { action: string; actor: unknown }[] }>('GET', '/v1/audit', { person });
    expect(body.items[0]).toMatchObject({ action: 'api_token.created', actor: { kind: 'user', id: 'user-olga' } });
  });

  it('has the rights of the role that the membership says on this very request', async () => {
    await join(bench.api, 'ann', { role: 'admin' });
    const list = () => bench.api.call('GET', '/v1/api-tokens', { person: ann() });
    expect((await list()).status).toBe(200);
    await change(bench.api, 'ann', { role: 'manager' });
    expect(await list()).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    await change(bench.api, 'ann', { role: 'auditor' });
    expect((await me()).body).toMatchObject({ role: 'auditor' });
  });

  it('sees what the scope says on this very request', async () => {
    await putWorker(bench, 'bob', null);
    const b1 = { ...NO_SCOPE, branchIds: [idOf('branch', 'b1')] };
    await join(bench.api, 'ann', { scope: b1 });
    const bob = () => bench.api.call('GET', `/v1/workers/${workerId('bob')}`, { person: ann() });
    expect((await bob()).status).toBe(200);
    await change(bench.api, 'ann', { scope: NO_SCOPE });
    expect((await bob()).status).toBe(404);
  });

  it('is out with the next request when the login is removed, archived, restricted or the session ended', async () => {
    await putWorker(bench, 'ann', null);
    await join(bench.api, 'ann', { workerId: workerId('ann') });
    const signedInAt = bench.api.now();
    bench.api.pass(10);
    expect(await statusOf(ann({ signedInAt }))).toBe(200);
    await change(bench.api, 'ann', { sessionsEndedAt: bench.api.now() });
    expect(await me(ann({ signedInAt }))).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    bench.api.pass(1);
    expect(await statusOf()).toBe(200);

    await change(bench.api, 'ann', { state: 'archived' });
    expect(await me()).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    await change(bench.api, 'ann', { state: 'active' });
    expect(await statusOf()).toBe(200);

    const settings = `/v1/workers/${workerId('ann')}/settings`;
    await bench.api.call('PUT', settings, { body: { restrictAccess: true } });
    expect(await statusOf()).toBe(403);
    await bench.api.call('PUT', settings, { body: { restrictAccess: false } });
    expect(await statusOf()).toBe(200);

    await overrideDesk(bench, `/v1/workers/${workerId('ann')}`).set('active', { value: 'archived', reason: 'left' });
    expect(await statusOf()).toBe(403);
    await overrideDesk(bench, `/v1/workers/${workerId('ann')}`).set('active', { value: 'active', reason: 'back' });
    expect(await statusOf()).toBe(200);

    await change(bench.api, 'ann', { revokedAt: bench.api.now() });
    expect(await statusOf()).toBe(403);
  });

  it('who is deactivated sees the own pay and nothing else', async () => {
    await join(bench.api, 'ann', { role: 'admin', state: 'deactivated' });
    expect((await me()).body).toMatchObject({ role: 'worker' });
    expect((await bench.api.call('GET', '/v1/statements', { person: ann() })).status).toBe(200);
    for (const path of ['/v1/workers', '/v1/api-tokens', '/v1/settings'])
      expect((await bench.api.call('GET', path, { person: ann() })).status).toBe(403);
  });

  it('has the role given to the worker, if it was given later (M-48)', async () => {
    await putWorker(bench, 'ann', null);
    const desk = overrideDesk(bench, `/v1/workers/${workerId('ann')}`);
    await desk.set('role', { value: 'crew_lead', reason: 'leads' });
    bench.api.pass(5);
    await join(bench.api, 'ann', { workerId: workerId('ann') });
    expect((await me()).body).toMatchObject({ role: 'manager' });
    bench.api.pass(5);
    await desk.set('role', { value: 'worker', reason: 'no more' });
    expect((await me()).body).toMatchObject({ role: 'worker' });
  });

  it('is not known any more when the token has expired, however long the gateway remembers it', async () => {
    await join(bench.api, 'ann');
    const expiresAt = addSeconds(bench.api.now(), 60);
    expect(await statusOf(ann({ expiresAt }))).toBe(200);
    bench.api.pass(60);
    expect(await me(ann({ expiresAt }))).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('leaves behind when they last signed in', async () => {
    await join(bench.api, 'ann');
    const seen = async () => (await readMember(bench.table, bench.scope, 'ann'))?.lastSignInAt;
    const first = bench.api.now();
    await me(ann({ signedInAt: first }));
    expect(await seen()).toBe(first);
    bench.api.pass(100);
    await me(ann({ signedInAt: bench.api.now() }));
    await me(ann({ signedInAt: first }));
    expect(await seen()).toBe(bench.api.now());
  });
});

describe('several tenants', () => {
  const both = (more: Partial<PersonContext> = {}) => ann({ tenantIds: `${TENANT} ${OTHER_TENANT}`, ...more });
  beforeEach(async () => {
    await seedTenant(bench.table, bench.api.otherScope, 'Rival Gardens');
    await join(bench.api, 'ann', { role: 'manager' });
    await join(bench.api, 'ann', { role: 'auditor', userId: 'ann-there' }, OTHER_TENANT);
  });

  it('are told apart by Tenant-Id, each with its own role', async () => {
    expect((await me(both(), TENANT)).body).toMatchObject({ tenant: { id: TENANT }, role: 'manager' });
    expect((await me(both(), OTHER_TENANT)).body).toMatchObject({
      tenant: { id: OTHER_TENANT, name: 'Rival Gardens' },
      role: 'auditor',
      userId: 'ann-there',
    });
  });

  it('must be told apart by who has several; who has one need not', async () => {
    expect(await me(both())).toMatchObject({
      status: 400,
      body: { code: 'invalid-parameter', errors: [{ parameter: 'Tenant-Id' }] },
    });
    expect((await me(ann({ tenantIds: OTHER_TENANT }))).body).toMatchObject({ role: 'auditor' });
  });

  it('are opened by a membership and never by a list or a header', async () => {
    const refusal = { status: 403, body: { code: 'forbidden' } };
    const bob = (more: Partial<PersonContext> = {}) => ann({ subject: 'bob', ...more });
    await join(bench.api, 'bob', {}, OTHER_TENANT);
    const foreign = await me(bob({ tenantIds: OTHER_TENANT }), TENANT);
    expect(foreign).toMatchObject(refusal);
    // A tenant that is not there is refused in the same words as one that is.
    const nowhere = await me(bob({ tenantIds: OTHER_TENANT }), 'nobody1');
    expect({ ...nowhere.body, requestId: 0 }).toEqual({ ...foreign.body, requestId: 0 });
    for (const name of ['', '#', 'T#acme1', `${OTHER_TENANT} `, `${OTHER_TENANT},${TENANT}`, 'x'.repeat(4_000)])
      expect(await me(bob(), name)).toMatchObject(refusal);
    expect(await me(bob({ tenantIds: TENANT }))).toMatchObject(refusal);
    expect(await me(bob({ tenantIds: '' }))).toMatchObject(refusal);
    expect(await me(bob({ tenantIds: '# T#x' }))).toMatchObject(refusal);
    // The pool's list is behind: the membership was made a moment ago.
    expect((await me(bob({ tenantIds: '' }), OTHER_TENANT)).status).toBe(200);
  });

  it('are listed for the person as the table has them', async () => {
    const mine = (person = both()) => bench.api.call('GET', '/v1/me/tenants', { person });
    const name = expect.any(String);
    expect((await mine()).body).toEqual({
      items: [
        { id: TENANT, name, role: 'manager' },
        { id: OTHER_TENANT, name: 'Rival Gardens', role: 'auditor' },
      ],
      nextCursor: null,
    });
    await change(bench.api, 'ann', { revokedAt: bench.api.now() }, OTHER_TENANT);
    expect((await mine()).body).toMatchObject({ items: [{ id: TENANT }] });
    expect((await mine(both({ subject: 'bob' }))).body).toMatchObject({ items: [] });
    expect((await mine(both({ expiresAt: bench.api.now() }))).status).toBe(401);
    expect((await bench.api.call('GET', '/v1/me/tenants')).body).toMatchObject({ code: 'unauthenticated' });
  });
});
