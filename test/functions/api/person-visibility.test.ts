import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RoleVisibility, VISIBILITY_PRESETS } from '#model/visibility.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBranch, putBudget, putJob, putWorker, workerId } from '#test/support/bonus-world.ts';
import { openPeopleDesk } from '#test/support/people-desk.ts';
import { saveArea } from '#test/support/propay-desk.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await putBranch(bench);
  for (const name of ['ann', 'max', 'moe']) await putWorker(bench, name, 200_000);
  await putJob(bench, 'deck');
  await putBudget(bench, 'deck', null, 10);
  await bench.settle();
});
afterEach(() => bench.stop());

const scope = { branchIds: [idOf('branch', 'b1')], divisionIds: [], routeIds: [] };
const manager = (name: string) => bench.api.grant('manager', { scope, workerId: workerId(name) });
const ann = async (tokenId: string) => (await bench.api.call('GET', `/v1/workers/${workerId('ann')}`, { tokenId })).body;
const deck = async (tokenId: string) => (await bench.api.call('GET', `/v1/jobs/${jobId('deck')}`, { tokenId })).body;

describe('what one person sees otherwise than their role (M-146)', () => {
  it('is a setting of its own beside the role’s, and acts on their next request', async () => {
    const [max, moe] = [await manager('max'), await manager('moe')];
    expect([await ann(max), await deck(max)]).toMatchObject([{}, { budget: { budgetSeconds: 36_000 } }]);
    expect((await ann(max)).wage).toBeUndefined();
    const saved = await saveArea(bench, 'roles', { persons: { [workerId('max')]: { wages: true, budgets: false } } });
    expect(saved.status).toBe(200);
    expect((await ann(max)).wage).toBe('20.00');
    expect((await deck(max)).budget).toBeUndefined();
    // Nobody else sees anything else.
    expect([(await ann(moe)).wage, (await deck(moe)).budget]).toMatchObject([undefined, { budgetSeconds: 36_000 }]);
    const me = await bench.api.call<{ visibility: object }>('GET', '/v1/me', { tokenId: max });
    expect(me.body.visibility).toMatchObject({ wages: true, budgets: false, bonuses: true });
    await saveArea(bench, 'roles', { persons: {} });
    expect((await ann(max)).wage).toBeUndefined();
  });

  it('names people of the mirror and toggles there are', async () => {
    const refused = [
      { [workerId('zoe')]: { wages: true } },
      { [workerId('max')]: { salaries: true } },
      { [workerId('max')]: { wages: 'yes' } },
    ];
    for (const persons of refused) expect((await saveArea(bench, 'roles', { persons })).status).toBe(422);
  });

  it('is chosen for users who are no workers as well', async () => {
    const desk = await openPeopleDesk(bench.api);
    const userId = await desk.join({ role: 'manager', scope: { branchIds: scope.branchIds } });
    const tokenId = await desk.tokenOf(userId, 'manager', scope);
    expect((await ann(tokenId)).wage).toBeUndefined();
    expect((await saveArea(bench, 'roles', { persons: { [userId]: { wages: true } } })).status).toBe(200);
    expect((await ann(tokenId)).wage).toBe('20.00');
    expect((await saveArea(bench, 'roles', { persons: { '01NOBODY': { wages: true } } })).status).toBe(422);
    await saveArea(bench, 'roles', { persons: {} });
  });
});

describe('presets of what roles see (M-146)', () => {
  it('are Standard until another is chosen, and nobody’s once a toggle is set by hand', async () => {
    const values = async () => (await bench.api.call<{ values: RoleVisibility }>('GET', '/v1/settings/roles')).body.values;
    const { standard, open } = VISIBILITY_PRESETS;
    expect(await values()).toMatchObject({ preset: 'standard', visibility: standard });
    await saveArea(bench, 'roles', { preset: 'open' });
    expect(await values()).toMatchObject({ preset: 'open', visibility: open });
    const max = await manager('max');
    expect((await ann(max)).wage).toBe('20.00');
    await saveArea(bench, 'roles', { visibility: { ...open, manager: { ...open.manager, budgets: false } } });
    expect(await values()).toMatchObject({ preset: null, visibility: { manager: { wages: true, budgets: false } } });
    // What is read may be sent back with one toggle changed, whatever preset it names.
    const read = { ...(await values()), preset: null };
    await saveArea(bench, 'roles', { ...read, visibility: standard });
    expect(await values()).toMatchObject({ preset: 'standard', visibility: standard });
    expect((await saveArea(bench, 'roles', { preset: 'wide' })).status).toBe(422);
  });
});
