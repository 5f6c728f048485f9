import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMember } from '#store/member-repository.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { openPeopleDesk, type PeopleDesk } from '#test/support/people-desk.ts';

let bench: BonusBench;
let desk: PeopleDesk;
beforeAll(async () => {
  bench = await startBonusBench();
  desk = await openPeopleDesk(bench.api);
});
afterAll(() => bench.stop());

const OWNER_SUB = 'sub-of-owner-acme-example';
const offer = (userId: string, options = {}) => desk.call('POST', `/v1/users/${userId}/transfer-ownership`, undefined, options);
const accept = async (userId: string) =>
  desk.call('POST', `/v1/users/${userId}/accept-ownership`, undefined, { tokenId: await desk.tokenOf(userId, 'admin') });
const owners = async () =>
  (await desk.call('GET', '/v1/users?limit=200')).body.items.filter(({ owner }) => owner).map(({ id }) => id);
const tag = async (userId: string) => ({ headers: { 'if-match': `"r${(await desk.user(userId)).revision}"` } });

describe('ownership (M-142)', () => {
  it('the owner keeps role and access', async () => {
    const { ownerId } = desk;
    for (const fields of [{ role: 'worker' }, { state: 'deactivated' }, { state: 'archived' }])
      expect((await desk.call('PATCH', `/v1/users/${ownerId}`, fields, await tag(ownerId))).body).toMatchObject({
        code: 'owner-protected',
      });
    expect((await desk.call('DELETE', `/v1/users/${ownerId}`)).body).toMatchObject({ code: 'owner-protected' });
    expect((await desk.call('PATCH', `/v1/users/${ownerId}`, { name: 'Olive O' }, await tag(ownerId))).status).toBe(200);
    expect(await owners()).toEqual([ownerId]);
  });

  it('is offered by the owner alone, to an admin alone', async () => {
    const [worker, admin, invited] = [
      await desk.join(),
      await desk.join({ role: 'admin' }),
      await desk.invite({ role: 'admin' }),
    ];
    for (const userId of [worker, invited, desk.ownerId])
      expect((await offer(userId)).body).toMatchObject({ code: 'wrong-state' });
    for (const as of ['admin', 'manager', 'crew_lead', 'worker', 'auditor'] as const)
      expect((await offer(admin, { as })).status).toBe(403);
    expect((await accept(admin)).body).toMatchObject({ code: 'wrong-state' });
    expect((await offer(admin)).body).toMatchObject({ ownershipOffered: true, owner: false });
    expect(await owners()).toEqual([desk.ownerId]);
    // Nobody accepts for somebody else, and an offer that was taken back is none.
    const other = await desk.join({ role: 'admin' });
    expect(
      (await desk.call('POST', `/v1/users/${admin}/accept-ownership`, undefined, { tokenId: await desk.tokenOf(other, 'admin') }))
        .status,
    ).toBe(403);
    expect((await desk.call('POST', `/v1/users/${admin}/accept-ownership`, undefined, { as: 'admin' })).status).toBe(403);
    expect((await desk.call('DELETE', `/v1/users/${admin}/transfer-ownership`)).status).toBe(204);
    expect((await accept(admin)).body).toMatchObject({ code: 'wrong-state' });
  });

  it('passes in one step: of everybody who accepts at once, one owns the account, and the old owner is an admin', async () => {
    const next = await desk.join({ role: 'admin' });
    await offer(next);
    bench.api.pass(1);
    const twins = await Promise.all([accept(next), accept(next), accept(next)]);
    expect(twins.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const list = (await desk.call('GET', '/v1/users?limit=200', undefined, { as: 'admin' })).body.items;
    expect(list.filter(({ owner }) => owner).map(({ id }) => id)).toEqual([next]);
    expect(await readMember(bench.table, bench.scope, OWNER_SUB)).toMatchObject({ role: 'admin', owner: false });
    const entries = (await desk.call('GET', `/v1/audit?entityId=${next}`, undefined, { as: 'admin' })).body.items;
    expect(entries.filter(({ action }) => action === 'ownership.transferred')).toHaveLength(1);
    expect(entries[0]).toMatchObject({ before: { ownerId: desk.ownerId }, after: { ownerId: next, offeredTo: null } });
    // A token with the old owner's rights is an admin's now.
    expect((await offer(desk.ownerId)).status).toBe(403);
  });

  it('an offer that meets another one leaves one of both', async () => {
    const owner = { tokenId: await bench.api.grant('owner') };
    const [one, two] = [await desk.join({ role: 'admin' }), await desk.join({ role: 'admin' })];
    await Promise.all([offer(one, owner), offer(two, owner)]);
    const offered = (await desk.call('GET', '/v1/users?limit=200')).body.items.filter(({ ownershipOffered }) => ownershipOffered);
    expect(offered).toHaveLength(1);
    const both = await Promise.all([accept(one), accept(two)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await owners()).toEqual([offered[0]!.id]);
  });
});
