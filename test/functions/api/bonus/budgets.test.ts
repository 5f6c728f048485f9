import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntityFields } from '#model/entities.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBranch, putBudget, putJob, putTime, putVisit, putWorker, workerId } from '#test/support/bonus-world.ts';
import { deskOfJob, type ProPayView, proPayDesk, saveArea } from '#test/support/propay-desk.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

/** One finished job of ann's 20 hours at 25.00, which cost 500.00; the crew gets everything that its people save. */
async function seedJob(budget: Partial<EntityFields['budget_info']> | null, job: Partial<EntityFields['job']> = {}) {
  await putBranch(bench);
  await bench.context((context) => ({
    ...context,
    pools: context.pools.map((pool) => ({ ...pool, splitEnabled: false, crewBp: 10_000, crewLeadBp: 0, managerBp: 0 })),
  }));
  await putWorker(bench, 'ann', 250_000);
  await putJob(bench, 'hall', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z', ...job });
  if (budget !== null) await putBudget(bench, 'hall', null, 0, { budgetSeconds: null, ...budget });
  for (const day of [2, 3])
    await putTime(bench, { id: `t${day}`, worker: 'ann', job: 'hall', hours: 10, date: `2026-03-0${day}` });
}

const tasks = [
  { key: 'dig', name: 'Dig', seconds: 16 * 3_600, amountCents: 30_000 },
  { key: 'lay', name: 'Lay', seconds: 8 * 3_600, amountCents: 25_001 },
];

describe('budget types from the mirror to a line item (B-25 to B-31)', () => {
  it.each([
    // 24 h less 20 h at 25.00.
    ['hours_budget', { budgetSeconds: 24 * 3_600 }, { budgetSeconds: 86_400, savedSeconds: 14_400, savings: '100.00' }],
    ['labor_budget', { laborAmountCents: 61_234 }, { budgetAmount: '612.34', savings: '112.34' }],
    // 24,800.00 at 2.5%.
    ['contract_price', { contractPriceCents: 2_480_000, laborShareBp: 250 }, { budgetAmount: '620.00', savings: '120.00' }],
    // 2.50 for each of 240.5 units.
    ['rate', { rateE4: 25_000, quantityE4: 2_405_000 }, { budgetAmount: '601.25', savings: '101.25' }],
    ['task_hours', { tasks }, { budgetSeconds: 86_400, savedSeconds: 14_400, savings: '100.00' }],
    ['task_amount', { tasks }, { budgetAmount: '550.01', savings: '50.01' }],
  ] as const)('%s', async (type, fields, figures) => {
    await saveArea(bench, 'incentives', { budgetType: type });
    await seedJob(fields);
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    expect(await hall.get()).toMatchObject({ ready: true, budget: { type }, result: { outcome: 'applies', ...figures } });
    const approved = await hall.approve();
    expect(approved.body.lineItems).toMatchObject([{ workerId: workerId('ann'), amount: figures.savings }]);
    const { nodes } = await hall.explain();
    const base = nodes.find((node) => node.id.endsWith('/budget-base'));
    expect(base?.inputs).toEqual([{ record: 'budget_info', recordId: idOf('budget_info', 'hall/-'), revision: 1 }]);
  });

  it('a contract price without a share takes the setting’s, and follows it (B-28, M-50)', async () => {
    await saveArea(bench, 'incentives', { budgetType: 'contract_price', branches: {} });
    await seedJob(null, { contractPriceCents: 2_480_000 });
    await bench.settle();
    expect((await bench.state({ jobId: jobId('hall'), milestoneId: null })).verdict).toMatchObject({ code: 'no_budget' });
    await saveArea(bench, 'incentives', { laborBp: 2_000, branches: { [idOf('branch', 'b1')]: { laborBp: 250 } } });
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    expect(await hall.get()).toMatchObject({
      budget: { contractPrice: '24800.00', laborBp: 250, basis: 'setting' },
      result: { budgetAmount: '620.00' },
    });
    await saveArea(bench, 'incentives', { branches: {} });
    await bench.settle();
    expect(await hall.get()).toMatchObject({ budget: { laborBp: 2_000 }, result: { budgetAmount: '4960.00' } });
    const base = (await hall.explain()).nodes.find((node) => node.id.endsWith('/budget-base'));
    expect(base?.inputs).toEqual([
      { record: 'job', recordId: jobId('hall'), revision: 1 },
      { record: 'setting', recordId: 'incentives.tenant', revision: 3 },
    ]);
  });

  it('visits of a recurring job take no contract price that is the whole job’s', async () => {
    await saveArea(bench, 'incentives', { budgetType: 'contract_price', laborBp: 5_000 });
    await putJob(bench, 'mow', { recurring: true, contractPriceCents: 1_000_000 });
    await putVisit(bench, 'mow', 'v1', { status: 'completed' });
    await bench.settle();
    expect((await bench.state({ jobId: jobId('mow'), milestoneId: idOf('milestone', 'v1') })).verdict).toMatchObject({
      code: 'no_budget',
    });
  });
});

describe('setting modification (B-21, B-33)', () => {
  it('of the most specific place is copied at creation, is shown, traced, and keeps what it was (fault 68)', async () => {
    await putBranch(bench);
    await bench.settle();
    const branch = idOf('branch', 'b1');
    await saveArea(bench, 'incentives', {
      modification: { direction: 'increase', bp: 100 },
      branches: { [branch]: { modification: { direction: 'increase', bp: 1_000 } } },
    });
    await seedJob({ budgetSeconds: 24 * 3_600 });
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    const shown = { direction: 'increase', bp: 1_000, scope: 'branch' };
    // 24 h and a tenth are 26.4 h: 6.4 h saved at 25.00.
    expect(await hall.get()).toMatchObject({ settingModification: shown, result: { budgetSeconds: 95_040, savings: '160.00' } });
    await saveArea(bench, 'incentives', { budgetType: 'labor_budget', modification: null, branches: {} });
    await bench.settle();
    expect(await hall.get()).toMatchObject({ settingModification: shown, result: { savings: '160.00' } });
    const { nodes } = await hall.explain();
    const setting = nodes.find((node) => node.rule === 'B-33');
    expect(setting?.inputs).toContainEqual({ record: 'setting', recordId: `incentives.branch.${branch}`, revision: 1 });
    expect((await hall.approve()).body.lineItems).toMatchObject([{ amount: '160.00' }]);
  });

  it('of 200% and more down, or below 1%, is refused', async () => {
    for (const modification of [
      { direction: 'decrease', bp: 10_000 },
      { direction: 'increase', bp: 20_001 },
      { direction: 'increase', bp: 99 },
    ])
      expect((await saveArea(bench, 'incentives', { modification })).body.code).toBe('invalid-percentage');
  });
});

describe('adjustments (B-34, B-35)', () => {
  it('change the budget from its base, and none restores it', async () => {
    await saveArea(bench, 'incentives', { budgetType: 'labor_budget', modification: { direction: 'increase', bp: 1_000 } });
    await seedJob({ laborAmountCents: 100_000 });
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    const budgetAfter = async (adjustment: object) => (await hall.patch({ adjustment })).body.result.budgetAmount;
    expect(await budgetAfter({ type: 'percentage_decrease', valueBp: 500 })).toBe('1045.00');
    expect(await budgetAfter({ type: 'percentage_increase', valueBp: 500 })).toBe('1155.00');
    expect(await budgetAfter({ type: 'multiply', factorBp: 20_000 })).toBe('2200.00');
    expect(await budgetAfter({ type: 'manual_amount', value: '712.34' })).toBe('712.34');
    expect(await budgetAfter({ type: 'none' })).toBe('1100.00');
  });

  it.each([
    [{ type: 'percentage_increase', valueBp: 100_001 }, 'invalid-percentage'],
    [{ type: 'percentage_decrease', valueBp: 10_000 }, 'invalid-percentage'],
    [{ type: 'multiply', factorBp: 0 }, 'invalid-percentage'],
    [{ type: 'manual_hours', valueSeconds: 3_600 }, 'adjustment-unit-mismatch'],
    [{ type: 'manual_amount', value: '0.00' }, 'invalid-number'],
    [{ type: 'manual_amount' }, 'invalid-number'],
    [{ type: 'double' }, 'unknown-adjustment'],
    [{ type: 'none', valueBp: 5 }, 'invalid-body'],
  ])('refuse %j with %s, and change nothing', async (adjustment, code) => {
    await saveArea(bench, 'incentives', { budgetType: 'labor_budget' });
    await seedJob({ laborAmountCents: 100_000 });
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    const before = await hall.get();
    const { status, body } = await hall.patch({ adjustment });
    expect([status, body.code]).toEqual([422, code]);
    expect(await hall.get()).toEqual(before);
  });

  it('a base that changes at the source is taken at once; a value by hand stays and says so (budget-source-changed)', async () => {
    await seedJob({ budgetSeconds: 24 * 3_600 });
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    await hall.patch({ adjustment: { type: 'percentage_increase', valueBp: 5_000 } });
    await putBudget(bench, 'hall', null, 30);
    await bench.settle();
    // 25 h saved in 20 h of work: more than the work itself earned (B-62).
    expect(await hall.get()).toMatchObject({
      result: { budgetSeconds: 45 * 3_600 },
      warnings: ['payout-above-straight-pay'],
    });
    expect((await hall.patch({ adjustment: { type: 'manual_hours', valueSeconds: 25 * 3_600 } })).body).toMatchObject({
      result: { budgetSeconds: 25 * 3_600, savings: '125.00' },
      warnings: [],
    });
    await putBudget(bench, 'hall', null, 40);
    await bench.settle();
    expect(await hall.get()).toMatchObject({ result: { budgetSeconds: 25 * 3_600 }, warnings: ['budget-source-changed'] });
    expect((await hall.patch({ adjustment: { type: 'manual_hours', valueSeconds: 26 * 3_600 } })).body.warnings).toEqual([]);
  });

  it('a value by hand makes a budget known that the source does not have', async () => {
    await seedJob({ budgetSeconds: 24 * 3_600 });
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    const typed = await hall.patch({ budget: { type: 'labor_budget' } });
    expect(typed.body).toMatchObject({ budget: null, result: { outcome: 'cannot-tell', missing: ['budget'] } });
    const manual = await hall.patch({ adjustment: { type: 'manual_amount', value: '800.00' } });
    expect(manual.body.result).toMatchObject({ outcome: 'applies', budgetAmount: '800.00', savings: '300.00' });
    expect((await hall.patch({ budget: { type: 'task_hours' } })).body.code).toBe('adjustment-unit-mismatch');
    expect((await hall.patch({ budget: { type: 'magic' } })).body.code).toBe('unknown-budget-type');
  });
});

describe('a budget given at creation by hand (B-16, M-134)', () => {
  const create = (budget: object | undefined, more: object = {}) =>
    bench.api.call<ProPayView>('POST', '/v1/propays', { body: { jobId: jobId('hall'), budget, ...more } });

  it.each([
    [{ type: 'hours_budget', budgetSeconds: 86_400 }, { savings: '100.00' }],
    [{ budgetSeconds: 86_400 }, { savings: '100.00' }],
    [{ type: 'labor_budget', budgetAmount: '612.34' }, { savings: '112.34' }],
    [{ type: 'contract_price', contractPrice: '24800.00', laborBp: 250 }, { savings: '120.00' }],
    [{ type: 'rate', rate: '2.50', quantity: '240.50' }, { savings: '101.25' }],
    [
      {
        type: 'task_hours',
        tasks: [
          { id: 'a', budgetSeconds: 80_000 },
          { id: 'b', budgetSeconds: 6_400 },
        ],
      },
      { savings: '100.00' },
    ],
    [{ type: 'task_amount', tasks: [{ id: 'a', budgetAmount: '550.01' }] }, { savings: '50.01' }],
  ])('%j is the ProPay’s own where the source has none', async (budget, figures) => {
    await seedJob(null);
    await bench.settle();
    const { status, body } = await create(budget);
    expect(status).toBe(201);
    expect(body).toMatchObject({ budget: { basis: 'hand', ...budget }, result: figures, adjustment: { type: 'none' } });
    expect((await proPayDesk(bench, body.id).approve()).body.lineItems).toMatchObject([{ amount: figures.savings }]);
  });

  it('is an adjustment where the source has one', async () => {
    await bench.context((context) => ({ ...context, autoCreate: false }));
    await seedJob({ budgetSeconds: 86_400, contractPriceCents: 1_000_000, laborShareBp: 5_000 });
    await bench.settle();
    const { body } = await create({ type: 'contract_price', contractPrice: '24800.01', laborBp: 250 });
    // 24,800.01 at 2.5% are 620.00025.
    expect(body).toMatchObject({ adjustment: { type: 'manual_amount', value: '620.00' }, result: { savings: '120.00' } });
    await putBudget(bench, 'hall', null, 0, { contractPriceCents: 1_000_000, laborShareBp: 6_000 });
    await bench.settle();
    expect((await proPayDesk(bench, body.id).get()).warnings).toEqual(['budget-source-changed']);
  });

  it.each([
    [undefined, 409, 'not-eligible'],
    [{ budgetSeconds: 0 }, 409, 'not-eligible'],
    [{ budgetAmount: '5.00' }, 422, 'invalid-budget'],
    [{ budgetSeconds: -1 }, 422, 'invalid-budget'],
    [{ type: 'labor_budget', budgetAmount: '-5.00' }, 422, 'invalid-budget'],
    [{ type: 'contract_price', contractPrice: '100.00' }, 422, 'invalid-budget'],
    [{ type: 'contract_price', contractPrice: '100.00', laborBp: 10_001 }, 422, 'invalid-number'],
    [
      {
        type: 'task_hours',
        tasks: [
          { id: 'a', budgetSeconds: 5 },
          { id: 'a', budgetSeconds: 5 },
        ],
      },
      422,
      'duplicate-id',
    ],
    [{ type: 'task_hours', tasks: [{ id: 'a' }] }, 422, 'invalid-budget'],
    [{ type: 'magic', budgetSeconds: 5 }, 422, 'unknown-budget-type'],
  ])('%j is answered with %i %s, and makes nothing', async (budget, status, code) => {
    await seedJob(null);
    await bench.settle();
    const refused = await create(budget);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect((await bench.state({ jobId: jobId('hall'), milestoneId: null })).proPay).toBeNull();
  });

  it('needs a pool to copy', async () => {
    await seedJob(null);
    await bench.context((context) => ({ ...context, pools: [] }));
    expect((await create({ budgetSeconds: 86_400 })).body).toMatchObject({ code: 'not-eligible', reason: 'no_pool' });
  });
});
