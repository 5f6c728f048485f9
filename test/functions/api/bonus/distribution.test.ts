import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { putBudget, putJob, putTime, putWage, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { deskOfJob, saveArea } from '#test/support/propay-desk.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

const [ANN, BOB, CYD] = [workerId('ann'), workerId('bob'), workerId('cyd')];
const crewOf = (view: { result: { payouts?: readonly { workerId: string; role: string; amount: string }[] } }) =>
  Object.fromEntries((view.result.payouts ?? []).filter(({ role }) => role === 'crew').map((one) => [one.workerId, one.amount]));

describe('amounts by hand (B-70)', () => {
  const byHand = (amounts: Record<string, string>) => ({
    distribution: { formula: 'manual', amounts: Object.entries(amounts).map(([id, amount]) => ({ workerId: id, amount })) },
  });

  it('divide the crew pool as they stand, to the cent, up to the line items', async () => {
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    const { status, body } = await fence.patch(byHand({ [ANN]: '100.01', [BOB]: '74.99' }));
    expect(status).toBe(200);
    expect(body).toMatchObject({ ready: true, ...byHand({ [ANN]: '100.01', [BOB]: '74.99' }) });
    expect(crewOf(body)).toEqual({ [ANN]: '100.01', [BOB]: '74.99' });
    const { lineItems } = (await fence.approve()).body;
    expect(
      lineItems
        .filter(({ role }) => role === 'crew')
        .map(({ amount }) => amount)
        .sort(),
    ).toEqual(['100.01', '74.99']);
    const amount = (await fence.explain()).nodes.find((node) => node.id.endsWith(`/amount:${ANN}`));
    expect(amount).toMatchObject({ rule: 'B-70', value: 10_001 });
  });

  it.each([
    [
      'must add up to the pool',
      { [ANN]: '100.00', [BOB]: '74.99' },
      'manual-sum-mismatch',
      { pool: '175.00', total: '174.99', difference: '0.01' },
    ],
    ['may not exceed it', { [ANN]: '175.01' }, 'manual-sum-mismatch', { difference: '-0.01' }],
    [
      'are for people with counted time',
      { [ANN]: '100.00', [workerId('lea')]: '75.00' },
      'not-in-crew',
      { workerId: workerId('lea') },
    ],
    ['are not negative', { [ANN]: '200.00', [BOB]: '-25.00' }, 'invalid-amount', {}],
  ])('%s', async (_, amounts, code, more) => {
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    const before = await fence.get();
    const refused = await fence.patch(byHand(amounts));
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code, ...more });
    expect(await fence.get()).toEqual(before);
  });

  it('are refused without the formula, twice for one person, and under a formula that is none', async () => {
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    const amounts = [{ workerId: ANN, amount: '175.00' }];
    expect((await fence.patch({ distribution: { formula: 'per_hour', amounts } })).body.code).toBe('invalid-body');
    expect((await fence.patch({ distribution: { formula: 'manual', amounts: [...amounts, ...amounts] } })).body.code).toBe(
      'duplicate-id',
    );
    expect((await fence.patch({ distribution: { formula: 'by_luck' } })).body.code).toBe('unknown-formula');
    expect((await fence.patch({ distribution: { formula: 'crew_lead_weighted', leadWeightBp: 9_999 } })).body.code).toBe(
      'invalid-weight',
    );
  });

  it('that no longer fit keep the ProPay from approval until they are entered again; nothing is paid out by them meanwhile', async () => {
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    await fence.patch(byHand({ [ANN]: '100.00', [BOB]: '75.00' }));
    await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 8, date: '2026-03-06' });
    await bench.settle();
    // 12 h are left of 20: savings 300.00, the crew's part 105.00.
    const moved = await fence.get();
    expect(moved).toMatchObject({
      ready: false,
      blockers: [{ code: 'manual-sum-mismatch', acceptable: false }],
      result: {
        savings: '300.00',
        pools: { crew: '105.00' },
        companyKeeps: '255.00',
        approvable: false,
        notes: ['manual-sum-mismatch'],
      },
    });
    expect(crewOf(moved)).toEqual({});
    expect((await fence.explain()).workers.map(({ role }) => role).sort()).toEqual(['crew_lead', 'manager']);
    expect((await fence.approve()).body).toMatchObject({ code: 'manual-sum-mismatch', pool: '105.00', difference: '-70.00' });
    await fence.patch(byHand({ [ANN]: '100.00', [BOB]: '5.00' }));
    expect((await fence.approve()).status).toBe(200);
  });

  it('are refused where there is nothing to divide, unless they come to nothing', async () => {
    await seedFence(bench);
    await putBudget(bench, 'fence', null, 50);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    expect(await fence.get()).toMatchObject({ result: { savings: '-250.00' } });
    const refused = async (amounts: Record<string, string>) => (await fence.patch(byHand(amounts))).body.code;
    expect(await refused({ [ANN]: '1.00' })).toBe('manual-sum-mismatch');
    expect(await refused({ nobody: '0.00' })).toBe('not-in-crew');
    expect((await fence.patch(byHand({ [ANN]: '0.00' }))).status).toBe(200);
  });

  it('name somebody who has no time any more: not-in-crew', async () => {
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    await fence.patch(byHand({ [ANN]: '100.00', [BOB]: '75.00' }));
    await fence.patch({ excludedWorkerIds: [BOB] });
    expect((await fence.get()).blockers).toMatchObject([{ code: 'not-in-crew' }]);
    expect((await fence.approve()).body).toMatchObject({ code: 'not-in-crew', workerId: BOB });
  });

  it('of a pool that says manual are asked for on each ProPay', async () => {
    await bench.context((context) => ({
      ...context,
      pools: context.pools.map((pool) => ({ ...pool, distribution: { formula: 'manual' as const } })),
    }));
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    expect((await fence.get()).blockers).toMatchObject([{ code: 'manual-sum-mismatch' }]);
    await fence.patch(byHand({ [ANN]: '87.50', [BOB]: '87.50' }));
    expect((await fence.approve()).status).toBe(200);
  });

  it('fall back to hours for a loss that rolls over', async () => {
    await bench.context((context) => ({ ...context, pools: context.pools.map((pool) => ({ ...pool, rollOverNegative: true })) }));
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    await fence.patch(byHand({ [ANN]: '100.00', [BOB]: '75.00' }));
    await putBudget(bench, 'fence', null, 40);
    await bench.settle();
    // 20 h over: −500.00, half of it the people's, 70% of that the crew's.
    expect(crewOf(await fence.get())).toEqual({ [ANN]: '-87.50', [BOB]: '-87.50' });
    expect((await fence.get()).ready).toBe(true);
  });
});

describe('share of total earnings (B-71)', () => {
  /** Ann works thirty hours on the fence and twenty elsewhere in one week, bob thirty on the fence alone. */
  async function seedEarnings(): Promise<void> {
    await seedFence(bench);
    await putJob(bench, 'shed');
    for (const day of ['05', '06'])
      await putTime(bench, { id: `shed${day}`, worker: 'ann', job: 'shed', hours: 10, date: `2026-03-${day}` });
    await saveArea(bench, 'pay-law', { hoursSource: 'all' });
    await bench.settle();
  }

  it('goes by straight and overtime pay of the whole weeks, on every job', async () => {
    await seedEarnings();
    const fence = deskOfJob(bench, 'fence');
    const { body } = await fence.patch({ distribution: { formula: 'total_earnings' } });
    // Ann 50 h at 25.00 and half of it for ten hours: 1,375.00; bob 750.00. 175.00 · 1375 / 2125.
    expect(crewOf(body)).toEqual({ [ANN]: '113.24', [BOB]: '61.76' });
    expect(body.warnings).toEqual(['total-earnings-single']);
    const weight = (await fence.explain()).nodes.find((node) => node.id.endsWith(`/weight:${ANN}`));
    expect(weight).toMatchObject({ rule: 'B-71', value: 137_500 });
    const records = weight?.inputs.filter((input) => input.record === 'time_entry' || input.record === 'wage_record');
    expect(records).toHaveLength(6);
    expect((await fence.approve()).status).toBe(200);
  });

  it('keeps the overtime premium that lies in each share, and owes none beside it (B-208)', async () => {
    await bench.context((context) => ({ ...context, pools: [{ ...POOL, warrantyBp: 1_000, warrantyDays: 30 }] }));
    await seedEarnings();
    const fence = deskOfJob(bench, 'fence');
    await fence.patch({ distribution: { formula: 'total_earnings' } });
    const { body } = await fence.approve();
    // 125.00 of Ann's 1,375.00 are paid for overtime: 113.24 · 125 / 1375 = 10.29, over both parts of the share.
    const held = body.lineItems.map(({ workerId: who, role, amount, ...item }) => [who, role, amount, item.embeddedPremium]);
    expect(held).toEqual(
      expect.arrayContaining([
        [ANN, 'crew', '101.92', '9.26'],
        [ANN, 'crew', '11.32', '1.03'],
        [BOB, 'crew', '55.58', '0.00'],
        [BOB, 'crew', '6.18', '0.00'],
        [workerId('max'), 'manager', '22.50', null],
      ]),
    );
    await bench.settle();
    const all = await bench.api.call<{ items: { type: string }[] }>('GET', '/v1/line-items', { query: { workerId: ANN } });
    expect(all.body.items.filter(({ type }) => type === 'premium')).toEqual([]);
    const first = body.lineItems.find((item) => item.amount === '101.92')!;
    const replacements = [{ amount: '50.96' }, { amount: '50.96' }];
    const parts = await bench.api.call<{ replacedBy: { embeddedPremium: string }[] }>('POST', `/v1/line-items/${first.id}/void`, {
      body: { reason: 'in halves', replacements },
      headers: { 'idempotency-key': 'halves' },
    });
    expect(parts.body.replacedBy.map(({ embeddedPremium }) => embeddedPremium)).toEqual(['4.63', '4.63']);
  });

  it('owes the premium all the same where somebody was left out by hand, and says so before (B-208)', async () => {
    await seedEarnings();
    const fence = deskOfJob(bench, 'fence');
    const changed = await fence.patch({ distribution: { formula: 'total_earnings' }, excludedWorkerIds: [BOB] });
    expect(changed.body.warnings).toEqual(['total-earnings-single', 'total-earnings-by-hand']);
    const { body } = await fence.approve();
    const [own] = body.lineItems.filter((item) => item.workerId === ANN);
    expect([own!.amount, own!.embeddedPremium]).toEqual(['175.00', null]);
    await bench.settle();
    const all = await bench.api.call<{ items: { type: string; amount: string }[] }>('GET', '/v1/line-items', {
      query: { workerId: ANN },
    });
    // 175.00 · 10 / (2 · 50).
    expect(all.body.items.filter(({ type }) => type === 'premium').map(({ amount }) => amount)).toEqual(['17.50']);
  });

  it('follows wages and hours of those weeks wherever they were worked', async () => {
    await seedEarnings();
    const fence = deskOfJob(bench, 'fence');
    await fence.patch({ distribution: { formula: 'total_earnings' } });
    await putWage(bench, 'bob', 500_000, '2026-03-04');
    await bench.settle();
    // Bob's last ten hours are worth 50.00 an hour: 1,000.00, though the ProPay keeps his fixed wage for its cost.
    expect(crewOf(await fence.get())).toEqual({ [ANN]: '101.32', [BOB]: '73.68' });
    expect((await fence.get()).result).toMatchObject({ actualCost: '1500.00' });
    await putTime(bench, { id: 'shop', worker: 'bob', job: null, hours: 10, date: '2026-03-07' }, { category: 'shop' });
    await bench.settle();
    expect(crewOf(await fence.get())).toEqual({ [ANN]: '83.70', [BOB]: '91.30' });
  });

  it('shows what other hours of those weeks would change after the approval, and moves nothing (B-96)', async () => {
    await seedEarnings();
    const fence = deskOfJob(bench, 'fence');
    await fence.patch({ distribution: { formula: 'total_earnings' } });
    await fence.approve();
    await putTime(bench, { id: 'shop', worker: 'bob', job: null, hours: 10, date: '2026-03-07' }, { category: 'shop' });
    await bench.settle();
    const { result, sourceChange } = await fence.get();
    expect(crewOf({ result })).toEqual({ [ANN]: '113.24', [BOB]: '61.76' });
    // Bob 40 h: 1,000.00 of 2,375.00.
    expect(sourceChange).toMatchObject({ state: 'Open', deltaSeconds: 0, delta: '0.00' });
    const { body } = await bench.api.call<{ byWorker: { workerId: string; difference: string }[] }>(
      'GET',
      `/v1/propays/${fence.id}/source-changes`,
    );
    expect(Object.fromEntries(body.byWorker.map((one) => [one.workerId, one.difference]))).toEqual({
      [ANN]: '-11.92',
      [BOB]: '11.92',
    });
  });

  it('cannot be told while hours or wages of those weeks may be missing', async () => {
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    const { body } = await fence.patch({ distribution: { formula: 'total_earnings' } });
    expect(body.result).toMatchObject({ outcome: 'cannot-tell', missing: [`earnings:${ANN}`, `earnings:${BOB}`].sort() });
    await saveArea(bench, 'pay-law', { hoursSource: 'all' });
    await bench.settle();
    expect((await fence.get()).result).toMatchObject({ outcome: 'applies' });
    await putWorker(bench, 'cyd', 250_000, '2026-03-06');
    await putTime(bench, { id: 'c1', worker: 'cyd', job: 'fence', hours: 5, date: '2026-03-04' });
    await bench.settle();
    // The ProPay takes cyd's first wage after its start (B-41); what cyd earned on the fourth nobody knows.
    expect((await fence.get()).result).toMatchObject({ outcome: 'cannot-tell', missing: [`earnings:${CYD}`] });
  });
});

describe('who shares in the crew pool (B-72, E-4)', () => {
  const remove = (name: string, removeBonus: boolean) =>
    bench.api.call('PUT', `/v1/workers/${workerId(name)}/settings`, { body: { removeBonus } });

  it('nobody whose bonus was removed, unless a ProPay takes them in; their time costs all the same', async () => {
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    expect((await remove('bob', true)).body).toMatchObject({ removeBonus: true });
    await bench.settle();
    expect(crewOf(await fence.get())).toEqual({ [ANN]: '175.00' });
    expect((await fence.get()).result).toMatchObject({ actualCost: '1500.00' });
    const excluded = (await fence.explain()).nodes.find((node) => node.rule === 'B-72');
    expect(excluded?.inputs).toContainEqual(expect.objectContaining({ record: 'worker', recordId: BOB }));
    expect(crewOf((await fence.patch({ includedWorkerIds: [BOB] })).body)).toEqual({ [ANN]: '87.50', [BOB]: '87.50' });
    expect((await fence.patch({ excludedWorkerIds: [BOB] })).body.code).toBe('invalid-body');
    expect(crewOf((await fence.patch({ includedWorkerIds: [], excludedWorkerIds: [ANN] })).body)).toEqual({});
    await remove('bob', false);
    await bench.settle();
    expect(crewOf(await fence.get())).toEqual({ [BOB]: '175.00' });
  });

  it('the tenant’s list is overridden either way as well, and an approval keeps what it was made with', async () => {
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    await saveArea(bench, 'bonus', { excludedWorkerIds: [ANN] });
    await bench.settle();
    expect(crewOf(await fence.get())).toEqual({ [BOB]: '175.00' });
    await fence.approve();
    await saveArea(bench, 'bonus', { excludedWorkerIds: [] });
    await remove('bob', true);
    await bench.settle();
    expect(await fence.get()).toMatchObject({ status: 'Approved', sourceChange: null });
    expect(crewOf(await fence.get())).toEqual({ [BOB]: '175.00' });
  });

  it('a lead keeps the part of the role (B-72), and shares in the crew unless switched out (B-73)', async () => {
    await seedFence(bench);
    await bench.settle();
    const lea = workerId('lea');
    await putWorker(bench, 'lea', 250_000);
    await putTime(bench, { id: 'l1', worker: 'lea', job: 'fence', hours: 20, date: '2026-03-04' });
    await putBudget(bench, 'fence', null, 100);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    const payouts = async () =>
      Object.fromEntries(((await fence.get()).result.payouts ?? []).map((one) => [`${one.role} ${one.workerId}`, one.amount]));
    expect(await payouts()).toMatchObject({ [`crew ${lea}`]: '43.75', [`crew_lead ${lea}`]: '50.00' });
    await remove('lea', true);
    await bench.settle();
    expect(await payouts()).not.toHaveProperty(`crew ${lea}`);
    expect(await payouts()).toMatchObject({ [`crew_lead ${lea}`]: '50.00' });
  });
});

describe('lead pay (B-61)', () => {
  it('is an amount of at least nothing beside the pools', async () => {
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    expect((await fence.patch({ leadPay: '-1.00' })).body).toMatchObject({ status: 422, code: 'invalid-amount' });
    expect((await fence.patch({ leadPay: '100.00' })).body).toMatchObject({ leadPay: '100.00', result: { leadPay: '100.00' } });
    const { lineItems } = (await fence.approve()).body;
    expect(
      lineItems
        .filter((item) => item.workerId === workerId('lea'))
        .map((item) => item.amount)
        .sort(),
    ).toEqual(['100.00', '50.00']);
  });
});
