import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_SCOPE } from '#test/support/api.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBudget, putJob, putTime, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { csatTemplate, goalDesk } from '#test/support/goal-world.ts';
import { proPayOf, putExample, startGroups } from '#test/support/group-world.ts';
import { DAY, payCalls, statementOf } from '#test/support/pay-calls.ts';

let bench: BonusBench;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  calls = payCalls(bench);
});
afterEach(() => bench.stop());

const bonus = async (worker: string, options: object = {}) =>
  bench.api.call<Record<string, unknown>>('GET', `/v1/workers/${workerId(worker)}/bonus`, options);
const of = async (worker: string) => {
  const { projected, untold, held, inProcess, paid } = (await bonus(worker)).body;
  return { projected, untold, held, inProcess, paid };
};

describe('what a worker has coming (B-141)', () => {
  it('moves from projected over held and in process to paid, and nothing is lost or doubled', async () => {
    const retention = { crew: { retentionBp: 2_000, retentionDays: 30 } };
    await bench.context((context) => ({ ...context, pools: [{ ...POOL, retention }] }));
    await seedFence(bench);
    await bench.settle();
    expect(await of('ann')).toEqual({ projected: '87.50', untold: 0, held: [], inProcess: '0.00', paid: '0.00' });
    await calls.approve(proPayOf('fence'));
    const approved = { projected: '0.00', untold: 0, held: [{ on: '2026-04-09', amount: '17.50' }] };
    expect(await of('ann')).toEqual({ ...approved, inProcess: '70.00', paid: '0.00' });
    bench.api.pass(20 * DAY);
    const ann = statementOf('ann');
    expect((await calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-27' })).status).toBe(200);
    await bench.settle();
    expect(await of('ann')).toEqual({ ...approved, inProcess: '0.00', paid: '70.00' });
    const later = statementOf('ann', '2026-04-06');
    expect((await bench.api.call<{ held: string }>('GET', `/v1/statements/${later}`)).body.held).toBe('17.50');
    bench.api.pass(11 * DAY);
    expect(await of('ann')).toEqual({ projected: '0.00', untold: 0, held: [], inProcess: '17.50', paid: '70.00' });
  });

  it('names what is held without end last, and lowers a bucket by what is deducted', async () => {
    await seedFence(bench);
    await bench.settle();
    await calls.approve(proPayOf('fence'));
    const made = async (amount: string, type = 'bonus') =>
      (await calls.post('/v1/line-items', { workerId: workerId('ann'), type, purpose: 'other', amount })).body.id;
    await made('12.50', 'deduction');
    await calls.post(`/v1/line-items/${await made('5.00')}/hold`);
    await calls.post(`/v1/line-items/${await made('3.00')}/hold`, { until: '2026-03-20' });
    expect(await of('ann')).toMatchObject({
      held: [
        { on: '2026-03-20', amount: '3.00' },
        { on: null, amount: '5.00' },
      ],
      inProcess: '75.00',
    });
  });

  it('counts a group once, as it would pay, and says what nobody can tell', async () => {
    await startGroups(bench, ['north']);
    await putExample(bench, 'north');
    await putJob(bench, 'open', { status: 'in_progress', routeId: null });
    await putBudget(bench, 'open', null, 0, { budgetSeconds: null, laborAmountCents: 50_000 });
    await putTime(bench, { id: 'o', worker: 'ann', job: 'open', hours: 1 });
    await bench.settle();
    // The published example: 84.00 for Ann's 21 of 40 hours; the open job tells no progress.
    expect(await of('ann')).toMatchObject({ projected: '84.00', untold: 1 });
  });

  it('counts the goals the worker takes part in as they stand, and those that nobody can tell yet (B-160)', async () => {
    for (const name of ['ann', 'bob', 'max']) await putWorker(bench, name, 250_000);
    await bench.settle();
    const desk = goalDesk(bench);
    const everybody = await desk.start(await desk.live());
    expect(await of('ann')).toMatchObject({ projected: '0.00', untold: 1 });
    await desk.enter(everybody, { values: [{ workerId: null, value: 9_200 }] });
    expect(await of('ann')).toMatchObject({ projected: '100.00', untold: 0 });
    const named = { ...csatTemplate(), name: 'Punctual', participants: { type: 'named', workerIds: [workerId('bob')] } };
    const own = await desk.start(await desk.live(named));
    await desk.enter(own, { values: [{ workerId: null, value: 9_600 }] });
    expect(await of('bob')).toMatchObject({ projected: '300.00', untold: 0 });
    expect(await of('ann')).toMatchObject({ projected: '100.00', untold: 0 });
    // Approved it is an item, and projected no more; canceled it is nothing.
    expect((await desk.approve(own, { accept: [{ code: 'period-open', reason: 'early' }] })).status).toBe(200);
    expect(await of('bob')).toMatchObject({ projected: '100.00', inProcess: '200.00' });
    await desk.post(`/v1/pro-goals/${everybody}/cancel`, { reason: 'no more' });
    expect(await of('bob')).toMatchObject({ projected: '0.00', untold: 0, inProcess: '200.00' });
  });

  it('is the worker’s own, and of those in charge of the branch', async () => {
    await seedFence(bench);
    await putWorker(bench, 'zoe', 200_000);
    await bench.settle();
    const as = (role: 'worker' | 'manager' | 'crew_lead', branch: string, worker?: string) =>
      bench.api.grant(role, {
        scope: { ...NO_SCOPE, branchIds: [idOf('branch', branch)] },
        ...(worker === undefined ? {} : { workerId: workerId(worker) }),
      });
    expect((await bonus('ann', { tokenId: await as('worker', 'b1', 'ann') })).status).toBe(200);
    expect((await bonus('ann', { tokenId: await as('crew_lead', 'b1', 'ann') })).status).toBe(200);
    for (const tokenId of [await as('worker', 'b1', 'zoe'), await as('crew_lead', 'b1', 'zoe'), await as('manager', 'b2')])
      expect((await bonus('ann', { tokenId })).status).toBe(404);
    expect((await bonus('ann', { tokenId: await as('manager', 'b1') })).status).toBe(200);
    expect((await bonus('nobody')).status).toBe(404);
    expect((await bonus('ann', { tenant: 'rival1' })).status).toBe(404);
  });
});
