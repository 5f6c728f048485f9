import { afterAll, beforeAll, expect, it } from 'vitest';
import { noteDelivery, takeInvitation } from '#people/send-invitation.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBranch, putWorker, workerId } from '#test/support/bonus-world.ts';
import { openPeopleDesk, type PeopleDesk } from '#test/support/people-desk.ts';

const B1 = idOf('branch', 'b1');
let bench: BonusBench;
let desk: PeopleDesk;
beforeAll(async () => {
  bench = await startBonusBench();
  desk = await openPeopleDesk(bench.api);
  await putBranch(bench);
  for (const name of ['ann', 'bob', 'cy', 'di']) await putWorker(bench, name, null);
});
afterAll(() => bench.stop());

/** What each kind of alert names, by kind. */
const told = async (options = {}, query = '') => {
  const { body } = await desk.call('GET', `/v1/alerts${query}`, undefined, options);
  const kinds = body.items as unknown as readonly { kind: string; items: readonly { workerId?: string; userId?: string }[] }[];
  const named = kinds.filter(({ kind }) => kind.startsWith('invitations'));
  return Object.fromEntries(named.map(({ kind, items }) => [kind, items.map((one) => one.userId ?? one.workerId).sort()]));
};
const workers = (...names: string[]) => names.map(workerId);

it('who has no login, has not accepted or could not be reached asks for somebody (M-147, M-157)', async () => {
  expect(await told()).toEqual({ invitations_needed: workers('ann', 'bob', 'cy', 'di').sort() });
  const prepared = await desk.invite({ send: false });
  const pending = await desk.invite({ workerId: workerId('ann') });
  const failed = await desk.invite({ workerId: workerId('bob') });
  const message = (await takeInvitation(bench.api.ports, bench.scope, failed))!;
  await noteDelivery(bench.api.ports, bench.scope, message, 'no such mailbox');
  await desk.join({ workerId: workerId('cy') });
  await desk.call('PUT', `/v1/workers/${workerId('di')}/settings`, { restrictAccess: true });
  expect(await told()).toEqual({
    invitations_needed: [prepared],
    invitations_pending: [pending],
    invitations_failed: [failed],
  });
  expect(await told({ as: 'auditor' })).toEqual(await told());
  // Placed by the worker; who is nowhere is left out by a filter.
  expect(await told({}, `?branchId=${B1}`)).toEqual({ invitations_pending: [pending], invitations_failed: [failed] });
  bench.api.pass(8 * 86_400);
  expect(await told()).toEqual({ invitations_needed: [prepared], invitations_failed: [failed] });
});

it('is told to managers of their scope, and to nobody who may not invite', async () => {
  const at = (branchIds: string[]) => bench.api.grant('manager', { scope: { branchIds, divisionIds: [], routeIds: [] } });
  expect(Object.keys(await told({ tokenId: await at([B1]) }))).toEqual(['invitations_failed']);
  expect(await told({ tokenId: await at([]) })).toEqual({});
  for (const as of ['crew_lead', 'worker'] as const) expect(await told({ as })).toEqual({});
});
