import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBudget, putTime, seedFence, workerId } from '#test/support/bonus-world.ts';
import { openPeopleDesk, type PeopleDesk } from '#test/support/people-desk.ts';

const B1 = idOf('branch', 'b1');
const NO_PLACES = { branchIds: [], divisionIds: [], routeIds: [] };

let bench: BonusBench;
let desk: PeopleDesk;
beforeAll(async () => {
  bench = await startBonusBench();
  desk = await openPeopleDesk(bench.api);
  await seedFence(bench);
  await putBudget(bench, 'fence', null, 80);
  await putTime(bench, { id: 'x1', worker: 'ann', job: 'fence', hours: 2 });
  await bench.settle();
});
afterAll(() => bench.stop());

const change = async (userId: string, fields: object, options = {}, revision?: number) =>
  desk.call('PATCH', `/v1/users/${userId}`, fields, {
    headers: { 'if-match': `"r${revision ?? (await desk.user(userId)).revision}"` },
    ...options,
  });

describe('what a login gives (M-142, M-144)', () => {
  it('is changed under the tag it was read with, and stands in membership and audit log', async () => {
    const userId = await desk.join({ role: 'worker' });
    const { revision } = await desk.user(userId);
    const changed = await change(userId, { role: 'manager', scope: { branchIds: [B1] }, reason: 'runs b1' });
    expect([changed.status, changed.body]).toMatchObject([200, { role: 'manager', scope: { branchIds: [B1] } }]);
    expect(changed.headers.etag).toContain(`r${revision + 1}.`);
    expect(await desk.member(userId)).toMatchObject({ role: 'manager', scope: { ...NO_PLACES, branchIds: [B1] }, revision: 2 });
    expect((await change(userId, { role: 'admin' }, {}, revision)).status).toBe(412);
    expect((await desk.call('PATCH', `/v1/users/${userId}`, { role: 'admin' })).status).toBe(428);
    const [entry] = await desk.audit(userId);
    expect(entry).toMatchObject({
      ...{ action: 'user.changed', reason: 'runs b1' },
      before: { role: 'worker' },
      after: { role: 'manager' },
    });
    // Of two who change the same reading, one is told to read again.
    const twins = await Promise.all([
      change(userId, { role: 'worker' }, {}, revision + 1),
      change(userId, { role: 'auditor' }, {}, revision + 1),
    ]);
    expect(twins.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('is changed before anybody accepted as well, and is what they get', async () => {
    const userId = await desk.invite({ role: 'worker' });
    expect((await change(userId, { role: 'crew_lead', name: 'Pat Two', phone: '303 555 0199' })).body).toMatchObject({
      ...{ role: 'crew_lead', name: 'Pat Two', phone: '303 555 0199' },
    });
    expect((await change(userId, { state: 'archived' })).body).toMatchObject({ code: 'wrong-state' });
    const { email } = await desk.user(userId);
    await desk.accept(await desk.message(userId), email);
    expect(await desk.member(userId)).toMatchObject({ role: 'crew_lead' });
  });

  it('lists what waits for a manager who is lowered', async () => {
    const userId = await desk.join({ role: 'manager', workerId: workerId('max') });
    const { items } = (await desk.call('GET', '/v1/propays')).body;
    const lowered = await change(userId, { role: 'worker' });
    expect(lowered.body).toMatchObject({ role: 'worker', waitingPropayIds: [items[0]!.id] });
    expect((await change(userId, { role: 'worker' })).body).not.toHaveProperty('waitingPropayIds');
  });

  it('follows the role that was given last, to the login or to the worker', async () => {
    const userId = await desk.join({ role: 'worker', workerId: workerId('bob') });
    const tag = async () => (await desk.call('GET', `/v1/workers/${workerId('bob')}/overrides`)).headers.etag!;
    bench.api.pass(60);
    await desk.call(
      'PUT',
      `/v1/workers/${workerId('bob')}/overrides/role`,
      { value: 'crew_lead' },
      { headers: { 'if-match': await tag() } },
    );
    expect(await desk.user(userId)).toMatchObject({ role: 'crew_lead' });
    bench.api.pass(60);
    expect((await change(userId, { role: 'manager' })).body).toMatchObject({ role: 'manager' });
    expect(await desk.user(userId)).toMatchObject({ role: 'manager' });
    await desk.call(
      'PUT',
      `/v1/workers/${workerId('bob')}/overrides/active`,
      { value: 'archived' },
      { headers: { 'if-match': await tag() } },
    );
    expect(await desk.user(userId)).toMatchObject({ state: 'archived' });
    expect((await change(userId, { state: 'active' })).body).toMatchObject({ code: 'wrong-state' });
  });

  it('takes and gives back its worker', async () => {
    const [one, two] = [await desk.join(), await desk.join()];
    expect((await change(one, { workerId: workerId('lea') })).status).toBe(200);
    expect((await change(two, { workerId: workerId('lea') })).body).toMatchObject({ code: 'already-invited' });
    expect((await change(one, { workerId: null })).status).toBe(200);
    expect((await change(two, { workerId: workerId('lea') })).body).toMatchObject({ workerId: workerId('lea') });
  });
});

describe('who leaves (M-148)', () => {
  it('is deactivated, archived, let in again, and removed; tokens end with the login', async () => {
    const userId = await desk.join({ role: 'auditor' });
    const tokenId = await desk.tokenOf(userId, 'auditor');
    const me = async () => (await bench.api.call('GET', '/v1/me', { tokenId })).status;
    expect(await me()).toBe(200);
    expect((await change(userId, { state: 'deactivated' })).body).toMatchObject({ state: 'deactivated' });
    expect(await me()).toBe(401);
    expect((await change(userId, { state: 'archived' })).body).toMatchObject({ state: 'archived' });
    expect((await change(userId, { state: 'active' })).body).toMatchObject({ state: 'active', role: 'auditor' });
    const later = await desk.tokenOf(userId, 'auditor');
    expect((await desk.call('DELETE', `/v1/users/${userId}`)).status).toBe(204);
    expect((await bench.api.call('GET', '/v1/me', { tokenId: later })).status).toBe(401);
    expect(await desk.user(userId)).toMatchObject({ state: 'removed' });
    expect(await desk.member(userId)).toMatchObject({ revokedAt: bench.api.now() });
    expect((await change(userId, { role: 'admin' })).body).toMatchObject({ code: 'wrong-state' });
    // The same person comes back under a new invitation.
    const { email } = await desk.user(userId);
    const again = await desk.invite({ email, role: 'worker' });
    await desk.accept(await desk.message(again), email);
    expect(await desk.user(again)).toMatchObject({ state: 'active' });
    expect(await desk.user(userId)).toMatchObject({ state: 'removed' });
  });

  it('is told by whom the sessions end', async () => {
    const userId = await desk.join();
    bench.api.pass(10);
    expect((await desk.call('POST', `/v1/users/${userId}/end-sessions`)).status).toBe(200);
    expect(await desk.member(userId)).toMatchObject({ sessionsEndedAt: bench.api.now() });
    expect((await desk.audit(userId))[0]).toMatchObject({ action: 'user.sessions_ended' });
    const invited = await desk.invite();
    expect((await desk.call('POST', `/v1/users/${invited}/end-sessions`)).body).toMatchObject({ code: 'wrong-state' });
  });

  it('is never a member twice: an invitation to somebody with a login is refused when it is accepted', async () => {
    const first = await desk.join();
    const { email } = await desk.user(first);
    const other = await desk.invite({ email: `also-${email}` });
    const subject = `sub-of-${email.replaceAll(/\W/g, '-')}`;
    await expect(desk.accept(await desk.message(other), `also-${email}`, subject)).rejects.toMatchObject({
      code: 'already-member',
    });
    expect(await desk.user(first)).toMatchObject({ state: 'active' });
  });
});

describe('roles', () => {
  it('a manager moves workers and crew leads of the own scope, and touches nothing else', async () => {
    const mo = { tokenId: await bench.api.grant('manager', { scope: { ...NO_PLACES, branchIds: [B1] } }) };
    const own = await desk.join({ role: 'worker', scope: { branchIds: [B1] } });
    const boss = await desk.join({ role: 'manager', scope: { branchIds: [B1] } });
    const far = await desk.join({ role: 'worker' });
    const as = async (userId: string, fields: object) =>
      (await change(userId, fields, { ...mo, headers: { 'if-match': `"r${(await desk.user(userId)).revision}"` } })).status;
    expect(await as(own, { role: 'crew_lead' })).toBe(200);
    for (const fields of [
      { role: 'manager' },
      { role: 'admin' },
      { name: 'Z' },
      { state: 'archived' },
      { workerId: null },
      { scope: { branchIds: [] } },
    ])
      expect([fields, await as(own, fields)]).toEqual([fields, 403]);
    expect(await as(boss, { role: 'worker' })).toBe(403);
    expect(await as(far, { role: 'crew_lead' })).toBe(404);
    expect((await desk.call('DELETE', `/v1/users/${own}`, undefined, mo)).status).toBe(403);
    expect((await desk.call('POST', `/v1/users/${own}/end-sessions`, undefined, mo)).status).toBe(403);
  });

  it('an auditor sees users without their contact data; crew leads and workers see none', async () => {
    const { items } = (await desk.call('GET', '/v1/users', undefined, { as: 'auditor' })).body;
    expect(items.length).toBeGreaterThan(3);
    for (const one of items) expect(Object.keys(one)).not.toEqual(expect.arrayContaining(['email']));
    for (const as of ['crew_lead', 'worker'] as const)
      expect((await desk.call('GET', '/v1/users', undefined, { as })).status).toBe(403);
  });

  it('a list is filtered by role and state and paged', async () => {
    const ids = async (query: string) => (await desk.call('GET', `/v1/users?${query}`)).body.items.map(({ id }) => id);
    const all = await ids('limit=200');
    const first = (await desk.call('GET', '/v1/users?limit=3')).body as unknown as { nextCursor: string };
    expect(await ids(`limit=200&cursor=${first.nextCursor}`)).toBeDefined();
    const next = (await desk.call('GET', `/v1/users?limit=3&cursor=${first.nextCursor}`)).body.items.map(({ id }) => id);
    expect(next).toEqual(all.slice(3, 6));
    for (const one of (await desk.call('GET', '/v1/users?role=manager&limit=200')).body.items) expect(one.role).toBe('manager');
    expect(await ids('state=removed')).toHaveLength(1);
  });

  it('another tenant’s users are nobody here', async () => {
    const userId = await desk.join();
    const there = { tenant: 'rival1', headers: { 'if-match': '"r1"' } };
    for (const [method, path, body] of [
      ['GET', ''],
      ['PATCH', '', { name: 'x' }],
      ['DELETE', ''],
      ['POST', '/resend'],
      ['POST', '/end-sessions'],
      ['POST', '/transfer-ownership'],
    ] as const)
      expect([method, path, (await desk.call(method, `/v1/users/${userId}${path}`, body, there)).status]).toEqual([
        method,
        path,
        404,
      ]);
  });
});

describe('a token for a user', () => {
  it('has their worker, and is made for who signs in alone', async () => {
    const userId = await desk.join({ role: 'worker', workerId: workerId('ann') });
    const make = (fields: object) => desk.call('POST', '/v1/api-tokens', { name: 't', role: 'worker', ...fields });
    expect((await make({ userId })).body).toMatchObject({ userId, workerId: workerId('ann') });
    const invited = await desk.invite();
    for (const fields of [{ userId: invited }, { userId: 'nobody' }, { userId, workerId: workerId('bob') }])
      expect((await make(fields)).status).toBe(422);
  });
});
