import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noteDelivery, takeInvitation } from '#people/send-invitation.ts';
import { readMember } from '#store/member-repository.ts';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBranch, workerId } from '#test/support/bonus-world.ts';
import { OWNER_EMAIL, openPeopleDesk, type PeopleDesk } from '#test/support/people-desk.ts';

const DAY = 86_400;
const B1 = idOf('branch', 'b1');
const B2 = idOf('branch', 'b2');
const NO_PLACES = { branchIds: [], divisionIds: [], routeIds: [] };

let bench: BonusBench;
let desk: PeopleDesk;
beforeAll(async () => {
  bench = await startBonusBench();
  desk = await openPeopleDesk(bench.api);
  for (const name of ['b1', 'b2']) await putBranch(bench, name);
  await bench.context((context) => ({
    ...context,
    branches: { [B1]: { ...context.branches[B1]! }, [B2]: { ...context.branches[B2]! } },
  }));
  const at = (branch: string, email: string | null, phone: string | null) => ({
    ...BLANK_WORKER,
    displayName: `${email ?? phone}`,
    branchId: branch,
    email,
    phone,
  });
  await bench.put('worker', 'ann', at(B1, 'Ann@Field.example', '+1 (303) 555-0101'));
  await bench.put('worker', 'bob', at(B2, 'bob@field.example', '303 555 0102'));
  await bench.put('worker', 'cy', at(B1, null, '303-555-0102'));
  await bench.settle();
});
afterAll(() => bench.stop());

const invite = (fields: Record<string, unknown>, options = {}) =>
  desk.call('POST', '/v1/users', { email: 'x@x.example', name: 'X', role: 'worker', ...fields }, options);

describe('an invitation (M-147)', () => {
  it('goes out with a secret of its own, is accepted once, and gives role and scope', async () => {
    const userId = await desk.invite({ email: 'New@Acme.example', role: 'manager', scope: { branchIds: [B1] } });
    expect(await desk.user(userId)).toMatchObject({
      ...{ email: 'new@acme.example', role: 'manager', owner: false, state: 'pending', lastSignInAt: null },
      scope: { ...NO_PLACES, branchIds: [B1] },
      invitation: { state: 'pending', sentAt: null, expiresAt: '2026-03-17T12:00:00.000Z' },
    });
    const text = await desk.message(userId);
    expect((await desk.user(userId)).invitation).toMatchObject({ sentAt: '2026-03-10T12:00:00.000Z' });
    const accepted = await desk.accept(text, 'NEW@acme.example', 'subject-new');
    expect(accepted).toEqual({ tenantId: 'acme1', userId });
    expect(await desk.accept(text, 'new@acme.example', 'subject-new')).toEqual(accepted);
    expect(await desk.user(userId)).toMatchObject({ state: 'active', role: 'manager' });
    expect(await readMember(bench.table, bench.scope, 'subject-new')).toMatchObject({
      ...{ userId, role: 'manager', owner: false, state: 'active', revision: 1 },
      scope: { ...NO_PLACES, branchIds: [B1] },
      cursorKey: 'cursor-key-of-acme1',
    });
    const actions = (await desk.audit(userId)).map(({ action }) => action);
    expect(actions.sort()).toEqual(['invitation.accepted', 'invitation.created']);
    expect(JSON.stringify(await desk.audit(userId))).not.toContain('acme.example');
  });

  it('is accepted by nobody else, without the secret, or with another e-mail', async () => {
    const userId = await desk.invite({ email: 'two@acme.example' });
    const text = await desk.message(userId);
    const [tenant, id, secret] = text.split('.') as [string, string, string];
    const forged = [
      `${tenant}.${id}.${'A'.repeat(43)}`,
      `rival1.${id}.${secret}`,
      `${tenant}.${desk.ownerId.slice(0, 20)}.${secret}`,
      `${tenant}.${id}.`,
      'nothing',
    ];
    for (const wrong of forged) await expect(desk.accept(wrong, 'two@acme.example')).rejects.toMatchObject({ code: 'not-found' });
    for (const email of ['one@acme.example', ''])
      await expect(desk.accept(text, email, 'sub-x')).rejects.toMatchObject({ code: 'forbidden' });
    expect(await desk.user(userId)).toMatchObject({ state: 'pending' });
    await desk.accept(text, 'two@acme.example');
    // Taken: the secret gives nothing to whoever comes later.
    await expect(desk.accept(text, 'two@acme.example', 'sub-y')).rejects.toMatchObject({ code: 'invitation-over' });
  });

  it('is over after the days that the settings say, and when it is canceled or sent again', async () => {
    const saved = await desk.call(
      'PUT',
      '/v1/settings/people',
      { area: 'people', values: { inviteExpiryDays: 3 } },
      {
        headers: { 'if-match': '"r0"' },
      },
    );
    expect(saved.status).toBe(200);
    const userId = await desk.invite({ email: 'late@acme.example' });
    const first = await desk.message(userId);
    bench.api.pass(3 * DAY);
    expect(await desk.user(userId)).toMatchObject({ state: 'expired', invitation: { state: 'expired' } });
    await expect(desk.accept(first, 'late@acme.example')).rejects.toMatchObject({ code: 'invitation-over' });
    expect((await desk.call('POST', `/v1/users/${userId}/resend`)).status).toBe(200);
    const second = await desk.message(userId);
    await expect(desk.accept(first, 'late@acme.example')).rejects.toMatchObject({ code: 'not-found' });
    expect((await desk.call('DELETE', `/v1/users/${userId}`)).status).toBe(204);
    expect((await desk.call('DELETE', `/v1/users/${userId}`)).status).toBe(204);
    await expect(desk.accept(second, 'late@acme.example')).rejects.toMatchObject({ code: 'not-found' });
    expect(await desk.user(userId)).toMatchObject({ state: 'canceled' });
    expect((await desk.call('POST', `/v1/users/${userId}/resend`)).body).toMatchObject({ code: 'wrong-state' });
    expect((await desk.audit(userId)).filter(({ action }) => action === 'invitation.canceled')).toHaveLength(1);
    // The e-mail is free again.
    await desk.invite({ email: 'late@acme.example' });
  });

  it('says when it could not be delivered, or waits for somebody to send it', async () => {
    const userId = await desk.invite({ send: false });
    expect(await desk.user(userId)).toMatchObject({ state: 'needs_invite' });
    expect(await takeInvitation(bench.api.ports, bench.scope, userId)).toBeNull();
    expect((await desk.call('POST', `/v1/users/${userId}/resend`)).body).toMatchObject({ state: 'pending' });
    const first = (await takeInvitation(bench.api.ports, bench.scope, userId))!;
    await noteDelivery(bench.api.ports, bench.scope, first, 'bounced');
    expect(await desk.user(userId)).toMatchObject({ state: 'failed', invitation: { failure: 'bounced' } });
    await desk.call('POST', `/v1/users/${userId}/resend`);
    const text = await desk.message(userId);
    expect(await takeInvitation(bench.api.ports, bench.scope, userId)).toBeNull();
    const { email } = await desk.user(userId);
    await desk.accept(text, email);
    await noteDelivery(bench.api.ports, bench.scope, { userId, invitation: text }, 'bounced late');
    expect(await desk.user(userId)).toMatchObject({ state: 'active' });
  });

  it('that was asked for again is not taken for sent because an older message went out', async () => {
    const userId = await desk.invite();
    const older = (await takeInvitation(bench.api.ports, bench.scope, userId))!;
    await desk.call('POST', `/v1/users/${userId}/resend`);
    await noteDelivery(bench.api.ports, bench.scope, older, null);
    expect((await desk.user(userId)).invitation).toMatchObject({ state: 'pending', sentAt: null });
    const { email } = await desk.user(userId);
    await desk.accept(await desk.message(userId), email);
  });

  it('is made once for an e-mail and for a worker, whoever asks at the same time', async () => {
    const both = await Promise.all(['a', 'b'].map((name) => invite({ email: 'twin@acme.example', name, workerId: null })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await invite({ email: 'TWIN@acme.example', workerId: null })).body).toMatchObject({ code: 'already-invited' });
    expect((await invite({ email: 'w1@acme.example', workerId: workerId('bob') })).status).toBe(201);
    expect((await invite({ email: 'w2@acme.example', workerId: workerId('bob') })).status).toBe(409);
    expect((await invite({ email: OWNER_EMAIL.replace('owner', 'free'), workerId: null })).status).toBe(201);
  });

  it('shows the worker whom it fits before it uses them: by e-mail, then by phone', async () => {
    const shown = await invite({ email: 'ann@field.EXAMPLE', phone: '303 555 0102' });
    expect([shown.status, shown.body]).toMatchObject([
      409,
      { code: 'worker-matches', matches: [{ workerId: workerId('ann'), displayName: 'Ann@Field.example', by: 'email' }] },
    ]);
    const byPhone = await invite({ email: 'nobody@field.example', phone: '+1 303 555 0102' });
    expect(byPhone.body.matches.map((one) => one.workerId).sort()).toEqual([workerId('bob'), workerId('cy')].sort());
    const used = await invite({ email: 'ann@field.example', workerId: workerId('ann') });
    expect(used.body).toMatchObject({ workerId: workerId('ann'), state: 'pending' });
    expect((await invite({ email: 'nobody@field.example' })).body).toMatchObject({ workerId: null });
  });

  it.each([
    ['an owner', { role: 'owner' }],
    ['an unknown role', { role: 'root' }],
    ['no e-mail', { email: 'nobody' }],
    ['an unknown worker', { workerId: workerId('zoe') }],
    ['an unknown place', { scope: { branchIds: ['acme1.1.branch.zz'] }, workerId: null }],
    ['fields of its own', { owner: true, workerId: null }],
    ['a membership', { sub: 'me', state: 'active', workerId: null }],
  ])('refuses %s', async (_what, fields) => {
    expect((await invite({ email: 'bad@acme.example', ...fields })).status).toBe(422);
    const { items } = (await desk.call('GET', '/v1/users?limit=200')).body;
    expect(items.filter(({ email }) => email === 'bad@acme.example')).toEqual([]);
  });
});

describe('a manager invites workers and crew leads of the own scope', () => {
  const asManager = async () => ({ tokenId: await bench.api.grant('manager', { scope: { ...NO_PLACES, branchIds: [B1] } }) });

  it('and nobody else, nor anywhere else', async () => {
    const mo = await asManager();
    const b1 = { scope: { branchIds: [B1] }, workerId: null };
    const status = async (fields: Record<string, unknown>, email: string) => (await invite({ email, ...fields }, mo)).status;
    expect(await status({ role: 'crew_lead', ...b1 }, 'm1@acme.example')).toBe(201);
    expect(await status({ role: 'worker', workerId: workerId('cy') }, 'm2@acme.example')).toBe(201);
    for (const role of ['manager', 'admin', 'auditor']) expect(await status({ role, ...b1 }, 'm3@acme.example')).toBe(403);
    expect(await status({ workerId: null }, 'm3@acme.example')).toBe(403);
    expect(await status({ scope: { branchIds: [B1, B2] }, workerId: null }, 'm3@acme.example')).toBe(403);
    expect(await status({ workerId: workerId('bob') }, 'm3@acme.example')).toBe(403);
  });

  it('sees those alone, and cancels and resends their invitations', async () => {
    const mo = await asManager();
    const own = await desk.invite({ email: 'own@acme.example', scope: { branchIds: [B1] } });
    const other = await desk.invite({ email: 'other@acme.example', scope: { branchIds: [B2] } });
    const boss = await desk.invite({ email: 'boss@acme.example', role: 'manager', scope: { branchIds: [B1] } });
    const ids = (await desk.call('GET', '/v1/users?limit=200', undefined, mo)).body.items;
    expect(ids.map(({ id }) => id)).toEqual(expect.arrayContaining([own, boss]));
    expect(ids.map(({ id }) => id)).not.toContain(other);
    const done = async (method: string, path: string) => (await desk.call(method, path, undefined, mo)).status;
    expect(await done('GET', `/v1/users/${other}`)).toBe(404);
    expect(await done('POST', `/v1/users/${other}/resend`)).toBe(404);
    expect(await done('DELETE', `/v1/users/${other}`)).toBe(404);
    expect(await done('POST', `/v1/users/${boss}/resend`)).toBe(403);
    expect(await done('DELETE', `/v1/users/${boss}`)).toBe(403);
    expect(await done('POST', `/v1/users/${own}/resend`)).toBe(200);
    expect(await done('DELETE', `/v1/users/${own}`)).toBe(204);
  });
});

describe('accepting over the API', () => {
  const accept = (invitation: unknown, person: object | null) =>
    desk.call('POST', '/v1/invitations/accept', { invitation }, person === null ? {} : { person: person as never });

  it('asks for a person who signed in with the e-mail, and lets them in from then on', async () => {
    const userId = await desk.invite({ email: 'http@acme.example', role: 'auditor' });
    const text = await desk.message(userId);
    const person = { subject: 'subject-http', verifiedEmail: 'http@acme.example' };
    const me = () => bench.api.call('GET', '/v1/me', { person: person as never, headers: { 'tenant-id': 'acme1' } });
    expect((await me()).status).toBe(403);
    expect((await accept(text, null)).status).toBe(401);
    expect((await accept(text, { ...person, verifiedEmail: '' })).status).toBe(403);
    expect((await accept(`${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`, person)).status).toBe(404);
    expect((await accept({ text }, person)).status).toBe(422);
    expect(await accept(text, person)).toMatchObject({ status: 200, body: { tenantId: 'acme1', userId } });
    expect((await me()).body).toMatchObject({ role: 'auditor', userId });
    // What was given is taken back with the next request.
    expect((await desk.call('DELETE', `/v1/users/${userId}`)).status).toBe(204);
    expect((await me()).status).toBe(403);
  });

  it('gives the membership of one of two who hand in the same message at once', async () => {
    const userId = await desk.invite({ email: 'race@acme.example' });
    const text = await desk.message(userId);
    const both = await Promise.all(
      ['race-1', 'race-2'].map((subject) => accept(text, { subject, verifiedEmail: 'race@acme.example' })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const members = await Promise.all(['race-1', 'race-2'].map((sub) => readMember(bench.table, bench.scope, sub)));
    expect(members.filter((member) => member !== null)).toHaveLength(1);
  });
});
