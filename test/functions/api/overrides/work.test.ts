import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  idOf,
  jobId,
  putBranch,
  putBudget,
  putJob,
  putTime,
  putVisit,
  putWorker,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';
import { overrideDesk } from '#test/support/override-desk.ts';
import { deskOfJob, proPayDesk, saveArea } from '#test/support/propay-desk.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await putBranch(bench);
  for (const name of ['ann', 'max', 'moe']) await putWorker(bench, name, 250_000);
});
afterEach(() => bench.stop());

const DONE = { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' } as const;
const desk = (job: string) => overrideDesk(bench, `/v1/jobs/${jobId(job)}`);
const alertsOf = async (kind: string) =>
  (await bench.api.call<{ items: { kind: string; items: object[] }[] }>('GET', '/v1/alerts')).body.items.find(
    (one) => one.kind === kind,
  )?.items ?? [];

describe('a manager assigned here (E-6, M-47)', () => {
  it('wins over map and source; Active ProPays follow, approved ones do not; clearing goes back', async () => {
    await putJob(bench, 'deck', { ...DONE, managerId: workerId('max') });
    await putBudget(bench, 'deck', null, 80);
    await putTime(bench, { id: 't1', worker: 'ann', job: 'deck', hours: 40 });
    await bench.settle();
    const proPay = deskOfJob(bench, 'deck');
    expect(await proPay.get()).toMatchObject({ managerIds: [workerId('max')] });
    const set = await desk('deck').set('manager', { value: workerId('moe') });
    expect(set.body.overrides.manager).toMatchObject({
      value: workerId('moe'),
      sourceValueWhenSet: workerId('max'),
      conflict: false,
    });
    await bench.settle();
    expect(await desk('deck').record()).toMatchObject({ managerId: workerId('moe'), overridden: ['manager'] });
    expect(await proPay.get()).toMatchObject({ managerIds: [workerId('moe')] });
    const manager = (await proPay.explain()).workers.find(({ role }) => role === 'manager');
    expect(manager?.leaves).toMatchObject([{ entity: 'override', id: `${jobId('deck')}.manager` }]);
    // The source names somebody else: the assignment stays, and the conflict is told.
    await putJob(bench, 'deck', { ...DONE, managerId: workerId('ann') });
    await bench.settle();
    expect((await desk('deck').read()).body.overrides.manager).toMatchObject({ sourceValue: workerId('ann'), conflict: true });
    expect(await alertsOf('conflicts')).toMatchObject([{ jobId: jobId('deck'), fields: ['manager'] }]);
    expect((await proPay.approve()).status).toBe(200);
    await bench.settle();
    await desk('deck').clear('manager');
    await bench.settle();
    expect(await desk('deck').record()).toMatchObject({ managerId: workerId('ann'), overridden: [] });
    expect(await proPay.get()).toMatchObject({ status: 'Approved', managerIds: [workerId('moe')] });
  });

  it('gives the person the job in sight, and takes it away again (M-143)', async () => {
    await putJob(bench, 'deck');
    const moe = await bench.api.grant('manager', { workerId: workerId('moe') });
    const sees = async () => (await bench.api.call('GET', `/v1/jobs/${jobId('deck')}`, { tokenId: moe })).status;
    expect(await sees()).toBe(404);
    await desk('deck').set('manager', { value: workerId('moe') });
    expect(await sees()).toBe(200);
    // Who manages a job may give it to somebody else.
    expect(
      (await desk('deck').set('manager', { value: workerId('max') }, { tokenId: moe, headers: { 'if-match': '"r1"' } })).status,
    ).toBe(200);
    expect(await sees()).toBe(404);
  });

  it('is somebody of the mirror who has not left', async () => {
    await putJob(bench, 'deck');
    await overrideDesk(bench, `/v1/workers/${workerId('moe')}`).set('active', { value: 'archived' });
    for (const value of [workerId('moe'), workerId('nobody'), 'x'])
      expect((await desk('deck').set('manager', { value })).body).toMatchObject({ status: 422, code: 'unknown-reference' });
    expect((await desk('deck').set('manager', { value: null })).status).toBe(422);
    for (const as of ['crew_lead', 'worker', 'auditor'] as const)
      expect(
        (await desk('deck').set('manager', { value: workerId('max') }, { as, headers: { 'if-match': '"r0"' } })).status,
      ).toBe(403);
    expect(await desk('deck').record()).toMatchObject({ managerId: null });
  });
});

describe('a missing budget added here (E-7, X-20)', () => {
  it('makes the ProPay, gives way to the source’s with a conflict, and applies again when that disappears', async () => {
    await putJob(bench, 'deck', { ...DONE });
    await putTime(bench, { id: 't1', worker: 'ann', job: 'deck', hours: 40 });
    await bench.settle();
    expect(await alertsOf('missing_budgets')).toMatchObject([{ jobId: jobId('deck') }]);
    const set = await desk('deck').set('budget', { budgetSeconds: 288_000, reason: 'as agreed' });
    expect(set.body.overrides.budget).toMatchObject({
      value: { budgetSeconds: 288_000 },
      sourceValueWhenSet: null,
      sourceValue: null,
      conflict: false,
    });
    await bench.settle();
    expect(await alertsOf('missing_budgets')).toEqual([]);
    const proPay = deskOfJob(bench, 'deck');
    // 80 h budget, 40 h at 25.00: 1,000.00.
    expect(await proPay.get()).toMatchObject({ budget: { basis: 'override' }, result: { savings: '1000.00' } });
    expect(await desk('deck').record()).toMatchObject({
      hasPropay: true,
      overridden: ['budget'],
      budget: { budgetSeconds: 288_000, laborAmount: null, basis: 'override' },
    });
    const refs = (await proPay.explain()).nodes.flatMap(({ inputs }) => inputs);
    expect(refs).toContainEqual({ record: 'override', recordId: `${jobId('deck')}.budget`, revision: 1 });

    await putBudget(bench, 'deck', null, 60);
    await bench.settle();
    expect(await proPay.get()).toMatchObject({ budget: { basis: 'HoursEst' }, result: { savings: '500.00' } });
    expect(await desk('deck').record()).toMatchObject({ budget: { budgetSeconds: 216_000, basis: 'HoursEst' } });
    expect((await desk('deck').read()).body.overrides.budget).toMatchObject({
      value: { budgetSeconds: 288_000 },
      sourceValue: { budgetSeconds: 216_000 },
      conflict: true,
    });
    expect(await alertsOf('conflicts')).toMatchObject([{ jobId: jobId('deck'), fields: ['budget'] }]);
    expect((await desk('deck').keep('budget')).body.overrides.budget).toMatchObject({ conflict: false });
    expect(await alertsOf('conflicts')).toEqual([]);

    const gone = { tombstone: { at: bench.api.now(), runId: 'R', reason: 'absent' } } as const;
    await bench.put('budget_info', 'deck/-', budgetFields(216_000), gone);
    await bench.settle();
    expect(await proPay.get()).toMatchObject({ result: { savings: '1000.00' } });
    await desk('deck').clear('budget');
    await bench.settle();
    expect(await proPay.get()).toMatchObject({ result: { outcome: 'cannot-tell', missing: ['budget'] } });
  });

  it('of a milestone stands with the milestone, under the tag of the job', async () => {
    await putJob(bench, 'lawn', { recurring: true });
    await putVisit(bench, 'lawn', 'v1', {
      status: 'completed',
      completedAt: '2026-03-08T20:00:00.000Z',
      scheduledDate: '2026-03-08',
    });
    await putTime(bench, { id: 't1', worker: 'ann', job: 'lawn', visit: 'v1', hours: 4 });
    await bench.settle();
    const milestoneId = visitId('v1');
    const before = (await desk('lawn').read()).headers.etag;
    const set = await desk('lawn').set('budget', { budgetSeconds: 36_000, milestoneId });
    expect(set.status).toBe(200);
    expect(set.headers.etag).not.toBe(before);
    expect((await desk('lawn').read()).body).toMatchObject({ overrides: {}, history: [] });
    const of = (await desk('lawn').read({ query: { milestoneId } })).body;
    expect(of).toMatchObject({ overrides: { budget: { value: { budgetSeconds: 36_000 } } }, history: [{ field: 'budget' }] });
    await bench.settle();
    const visit = (
      await bench.api.call<{ propayId: string; budget: object; overridden: string[] }>('GET', `/v1/milestones/${milestoneId}`)
    ).body;
    expect(visit).toMatchObject({ overridden: ['budget'], budget: { budgetSeconds: 36_000 } });
    // 10 h budget, 4 h at 25.00: 150.00.
    expect(await proPayDesk(bench, visit.propayId).get()).toMatchObject({ result: { savings: '150.00' } });
    await putBudget(bench, 'lawn', 'v1', 8);
    await bench.settle();
    expect(await alertsOf('conflicts')).toMatchObject([{ milestoneId, jobId: jobId('lawn'), fields: ['budget'] }]);
    expect((await desk('lawn').clear('budget', { milestoneId })).body.overrides).toEqual({});
    expect((await desk('lawn').set('budget', { budgetSeconds: 36_000, milestoneId: visitId('no') })).status).toBe(422);
    expect((await desk('lawn').read({ query: { milestoneId: visitId('no') } })).status).toBe(400);
  });

  it('may complete what the source gives in part: price of the one, share of the other', async () => {
    await saveArea(bench, 'incentives', { budgetType: 'contract_price' });
    await putJob(bench, 'deck', { ...DONE, contractPriceCents: 2_480_000 });
    await putTime(bench, { id: 't1', worker: 'ann', job: 'deck', hours: 40 });
    await bench.settle();
    const taken = await desk('deck').set('budget', { contractPrice: '100.00' });
    expect([taken.status, taken.body.code]).toEqual([405, 'mirror-read-only']);
    expect((await desk('deck').set('budget', { laborShareBp: 2_500 })).status).toBe(200);
    await bench.settle();
    // 24,800.00 at 25 % is 6,200.00 (B-28), less 1,000.00 of cost.
    expect(await deskOfJob(bench, 'deck').get()).toMatchObject({ result: { budgetAmount: '6200.00', savings: '5200.00' } });
  });

  it('is refused where the source gives the field, where it is no budget, and to whom it does not belong', async () => {
    await putJob(bench, 'deck');
    await putBudget(bench, 'deck', null, 60);
    expect((await desk('deck').set('budget', { budgetSeconds: 1 })).body).toMatchObject({
      status: 405,
      code: 'mirror-read-only',
    });
    const bad: object[] = [
      {},
      { budgetSeconds: null },
      { tasks: [] },
      { laborAmount: '-1.00' },
      { laborShareBp: 0 },
      { laborShareBp: 10_001 },
      { quantity: '1.23456' },
      { budgetHours: 5 },
      {
        tasks: [
          { key: 'a', name: 'A' },
          { key: 'a', name: 'A again' },
        ],
      },
    ];
    for (const body of bad) expect([(await desk('deck').set('budget', body)).status, body]).toEqual([422, body]);
    expect((await desk('deck').set('budget', { laborAmount: '-1.00' })).body.code).toBe('invalid-budget');
    const elsewhere = await bench.api.grant('manager', {
      scope: { branchIds: [idOf('branch', 'b9')], divisionIds: [], routeIds: [] },
    });
    const headers = { 'if-match': '"r0"' };
    expect((await desk('deck').set('budget', { laborAmount: '5' }, { tokenId: elsewhere, headers })).status).toBe(404);
    expect((await desk('deck').set('budget', { laborAmount: '5' }, { as: 'crew_lead', headers })).status).toBe(403);
    expect((await desk('deck').read()).body.history).toEqual([]);
  });
});

describe('conflicts as alerts (M-118, M-157)', () => {
  it('are told to whom they concern: in scope, of fields that the role sees and may decide, as the filters ask', async () => {
    const b1 = idOf('branch', 'b1');
    await putJob(bench, 'deck', { managerId: workerId('max') });
    await putBudget(bench, 'deck', null, 60, { budgetSeconds: null, laborAmountCents: 1 });
    await bench.settle();
    const ann = overrideDesk(bench, `/v1/workers/${workerId('ann')}`);
    await ann.set('wage', { wage: '30', effectiveFrom: '2026-03-01' });
    await ann.set('active', { value: 'archived' });
    await desk('deck').set('manager', { value: workerId('moe') });
    await desk('deck').set('budget', { budgetSeconds: 36_000 });
    await putWorker(bench, 'ann', 260_000, '2026-03-02');
    await putJob(bench, 'deck', { managerId: workerId('ann') });
    await putBudget(bench, 'deck', null, 60);
    await bench.settle();
    const told = async (options: object = {}) =>
      (
        await bench.api.call<{ items: { kind: string; count: number; items: { fields: string[] }[] }[] }>(
          'GET',
          '/v1/alerts',
          options,
        )
      ).body.items
        .filter(({ kind }) => kind === 'conflicts')
        .flatMap(({ items }) => items.flatMap(({ fields }) => fields))
        .sort();
    const all = ['active', 'budget', 'manager', 'wage'];
    expect([await told(), await told({ as: 'admin' }), await told({ as: 'auditor' })]).toEqual([all, all, all]);
    const scope = { branchIds: [b1], divisionIds: [], routeIds: [] };
    const manager = await bench.api.grant('manager', { scope });
    expect(await told({ tokenId: manager })).toEqual(['budget', 'manager']);
    const elsewhere = await bench.api.grant('manager', { scope: { ...scope, branchIds: [idOf('branch', 'b9')] } });
    for (const options of [{ tokenId: elsewhere }, { as: 'crew_lead' }, { as: 'worker' }])
      expect(await told(options)).toEqual([]);
    expect(await told({ query: { branchId: b1 } })).toEqual(all);
    expect(await told({ query: { branchId: idOf('branch', 'b9') } })).toEqual([]);
    expect(await told({ query: { managerId: workerId('moe') } })).toEqual(['budget', 'manager']);
    // Nothing is dropped by itself: what is in force is told beside what the source says.
    for (const field of ['wage', 'active']) await ann.clear(field);
    for (const field of ['manager', 'budget']) await desk('deck').clear(field);
    expect(await told()).toEqual([]);
  });

  it('a manager who sees no budgets may add one all the same, and is not told it', async () => {
    await putJob(bench, 'deck');
    await saveArea(bench, 'roles', { persons: { [workerId('moe')]: { budgets: false } } });
    const scope = { branchIds: [idOf('branch', 'b1')], divisionIds: [], routeIds: [] };
    const moe = await bench.api.grant('manager', { scope, workerId: workerId('moe') });
    const set = await desk('deck').set('budget', { budgetSeconds: 36_000 }, { tokenId: moe, headers: { 'if-match': '"r0"' } });
    expect([set.status, set.body]).toEqual([200, { overrides: {}, history: [] }]);
    expect(await desk('deck').record({ tokenId: moe })).toMatchObject({ overridden: [], overrides: {} });
    expect(await desk('deck').record()).toMatchObject({ budget: { budgetSeconds: 36_000 } });
  });
});

function budgetFields(budgetSeconds: number) {
  const nothing = { laborAmountCents: null, contractPriceCents: null, laborShareBp: null, rateE4: null, quantityE4: null };
  return { jobId: jobId('deck'), milestoneId: null, budgetSeconds, ...nothing, tasks: [], basis: 'HoursEst' };
}
