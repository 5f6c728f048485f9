import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBudget, putTime, seedFence, workerId } from '#test/support/bonus-world.ts';
import { openPeopleDesk, type PeopleDesk } from '#test/support/people-desk.ts';

const B1 = idOf('branch', 'b1');
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

const view = (userId: string, path: string, options: object = {}, method = 'GET') =>
  desk.call(method, path, undefined, { headers: { 'view-as': userId }, ...options });

describe('viewing as a user (M-145)', () => {
  it('shows what they see, as they see it, and says in the audit log who looked', async () => {
    const ann = await desk.join({ role: 'worker', workerId: workerId('ann') });
    const [proPay] = (await desk.call('GET', '/v1/propays')).body.items;
    const mine = await bench.api.grant('worker', { workerId: workerId('ann') });
    for (const path of ['/v1/propays', `/v1/propays/${proPay!.id}`, '/v1/workers', '/v1/statements'])
      expect([path, (await view(ann, path)).body]).toEqual([
        path,
        (await desk.call('GET', path, undefined, { tokenId: mine })).body,
      ]);
    expect((await view(ann, '/v1/users')).status).toBe(403);
    expect((await view(ann, '/v1/me')).body).toMatchObject({ role: 'worker', userId: ann, workerId: workerId('ann') });
    const viewed = (await desk.audit(ann)).filter(({ action }) => action === 'user.viewed');
    expect(viewed).toHaveLength(6);
    const asked = viewed.map((entry) => ({ ...entry }) as unknown as { actor: object; onBehalfOf: string; after: object });
    expect(asked.map(({ onBehalfOf }) => onBehalfOf)).toEqual(asked.map(() => ann));
    expect(new Set(asked.map(({ actor }) => JSON.stringify(actor))).size).toBe(1);
    expect(asked.map(({ after }) => after)).toContainEqual({ method: 'GET', path: `/v1/propays/${proPay!.id}` });
  });

  it('follows the user’s role and scope of this moment', async () => {
    const moe = await desk.join({ role: 'manager', scope: { branchIds: [B1] } });
    expect((await view(moe, '/v1/propays')).body.items).toHaveLength(1);
    const { revision } = await desk.user(moe);
    await desk.call('PATCH', `/v1/users/${moe}`, { scope: { branchIds: [] } }, { headers: { 'if-match': `"r${revision}"` } });
    expect((await view(moe, '/v1/propays')).body.items).toHaveLength(0);
  });

  it('changes nothing, whoever asks, and whatever is asked', async () => {
    const ann = await desk.join({ role: 'admin' });
    for (const [method, path] of [
      ['POST', '/v1/users'],
      ['PATCH', `/v1/users/${ann}`],
      ['DELETE', `/v1/users/${ann}`],
      ['PUT', '/v1/settings/roles'],
      ['POST', '/v1/propays/preview'],
    ] as const)
      expect([method, path, (await view(ann, path, {}, method)).status]).toEqual([method, path, 403]);
    expect(await desk.user(ann)).toMatchObject({ state: 'active' });
  });

  it('is for owners and admins of the tenant, and for users with a login', async () => {
    const ann = await desk.join({ role: 'worker' });
    for (const as of ['manager', 'crew_lead', 'worker', 'auditor'] as const)
      expect((await view(ann, '/v1/me', { as })).status).toBe(403);
    expect((await view(ann, '/v1/me', { as: 'admin' })).status).toBe(200);
    expect((await view(ann, '/v1/me', { tenant: 'rival1' })).status).toBe(404);
    const invited = await desk.invite();
    const gone = await desk.join();
    await desk.call('DELETE', `/v1/users/${gone}`);
    for (const userId of [invited, gone, 'nobody', 'x#y', ''])
      expect([userId, (await view(userId, '/v1/me')).status]).toEqual([userId, 404]);
    expect((await desk.audit(invited)).filter(({ action }) => action === 'user.viewed')).toEqual([]);
  });
});
