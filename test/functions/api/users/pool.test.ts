import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TENANT } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { putBranch } from '#test/support/bonus-world.ts';
import { openPeopleDesk, type PeopleDesk } from '#test/support/people-desk.ts';

// The pool that people sign in to, beside the memberships that count (M-147, decision 030).
let bench: BonusBench;
let desk: PeopleDesk;
beforeAll(async () => {
  bench = await startBonusBench();
  desk = await openPeopleDesk(bench.api);
  await putBranch(bench);
});
afterAll(() => bench.stop());

const pool = () => bench.api.outside.pool;
const person = (subject: string, verifiedEmail: string) => ({ subject, verifiedEmail });
const accept = (invitation: string, who: ReturnType<typeof person>) =>
  bench.api.call('POST', '/v1/invitations/accept', { body: { invitation }, person: who });
const me = (who: ReturnType<typeof person>, tenantIds: string) =>
  bench.api.call('GET', '/v1/me', { person: { ...who, tenantIds } });

describe('an invitation', () => {
  it('lets its address into the pool when it is sent, and not before', async () => {
    const invite = (email: string, send: boolean) =>
      desk.call('POST', '/v1/users', { email, name: 'N', role: 'worker', workerId: null, send });
    const later = await invite('later@acme.example', false);
    expect(pool().admitted).not.toContain('later@acme.example');
    await desk.call('POST', `/v1/users/${later.body.id}/resend`, undefined);
    await invite('now@acme.example', true);
    expect(pool().admitted).toEqual(expect.arrayContaining(['later@acme.example', 'now@acme.example']));
  });

  it('is not made while the pool cannot be reached', async () => {
    pool().works = false;
    const body = { email: 'dark@acme.example', name: 'N', role: 'worker', workerId: null };
    expect(await desk.call('POST', '/v1/users', body)).toMatchObject({ status: 503, body: { code: 'pool-unavailable' } });
    pool().works = true;
    expect((await desk.call('POST', '/v1/users', body)).status).toBe(201);
  });

  it('is accepted by whoever signed in with its address, listed under the tenant, and unlisted with the login', async () => {
    const userId = await desk.invite({ email: 'ann@acme.example', role: 'manager' });
    const text = await desk.message(userId);
    const ann = person('subject-ann', 'ann@acme.example');
    expect((await me(ann, TENANT)).status).toBe(403);
    expect((await accept(text, person('subject-eve', 'eve@acme.example'))).body).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    expect((await accept('nothing', ann)).status).toBe(404);
    expect((await bench.api.call('POST', '/v1/invitations/accept', { body: { invitation: text } })).status).toBe(401);
    expect(await accept(text, ann)).toMatchObject({ status: 200, body: { tenantId: TENANT, userId } });
    expect(pool().lists.get('subject-ann')).toEqual([TENANT]);
    expect(pool().lists.has('subject-eve')).toBe(false);
    expect((await me(ann, TENANT)).body).toMatchObject({ role: 'manager', userId });

    for (const repeat of [1, 2]) {
      expect([repeat, (await desk.call('DELETE', `/v1/users/${userId}`, undefined)).status]).toEqual([repeat, 204]);
      expect(pool().lists.get('subject-ann')).toEqual([]);
      expect((await me(ann, TENANT)).status).toBe(403);
    }
  });

  it('holds although the pool could not be told; accepting again tells it', async () => {
    const userId = await desk.invite({ email: 'bea@acme.example' });
    const text = await desk.message(userId);
    const bea = person('subject-bea', 'bea@acme.example');
    pool().works = false;
    expect((await accept(text, bea)).status).toBe(503);
    const named = { person: { ...bea, tenantIds: '' }, headers: { 'Tenant-Id': TENANT } };
    expect((await bench.api.call('GET', '/v1/me', named)).status).toBe(200);
    pool().works = true;
    expect((await accept(text, bea)).status).toBe(200);
    expect(pool().lists.get('subject-bea')).toEqual([TENANT]);
  });
});
