import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { readLineItem } from '#store/pay-repository.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBudget, putJob, putTime, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { BRANCH, csatTemplate, type GoalBody, goalDesk } from '#test/support/goal-world.ts';

let bench: BonusBench;
let desk: ReturnType<typeof goalDesk>;
beforeEach(async () => {
  bench = await startBonusBench({ start: '2026-04-02T12:00:00.000Z' });
  desk = goalDesk(bench);
  await seedFence(bench);
  await bench.settle();
});
afterEach(() => bench.stop());

const [ann, bob, lea, max] = ['ann', 'bob', 'lea', 'max'].map(workerId) as [string, string, string, string];
const FENCE = firstProPayId({ jobId: jobId('fence'), milestoneId: null });

async function approveProPay(id: string, approvalDate: string): Promise<void> {
  const { inputsVersion } = (await desk.get<{ inputsVersion: string }>(`/v1/propays/${id}`)).body;
  const accept = [{ code: 'stale-data', reason: 'seen' }];
  const answer = await desk.post(`/v1/propays/${id}/approve`, { inputsVersion, approvalDate, accept });
  expect(answer.status).toBe(200);
}

const builtin = (name: string, unit: string, tiers: readonly object[]) => ({
  ...csatTemplate(),
  metric: { source: 'builtin', name, unit },
  tiers,
});
const valuesOf = async (goalId: string) => new Map((await desk.results(goalId)).values.map((one) => [one.workerId, one.value]));

describe('built-in figures (B-163)', () => {
  it('count the ProPays approved in the period, for everybody on them, and are frozen by the approval', async () => {
    const tiers = [{ index: 0, type: 'gte', min: 36_000, reward: '50.00' }];
    const id = await desk.start(await desk.live(builtin('hours_gained', 'seconds', tiers)));
    expect([...(await valuesOf(id)).values()]).toEqual([0, 0, 0, 0]);
    await approveProPay(FENCE, '2026-03-31');
    // 80 h of budget, 60 h of work.
    expect(await valuesOf(id)).toEqual(new Map([ann, bob, lea, max].sort().map((one) => [one, 72_000])));
    const { values } = await desk.results(id);
    expect(values[0]).toMatchObject({
      tierIndex: 0,
      reward: '50.00',
      counted: [{ entity: 'propay', id: FENCE, revision: 1 }],
    });
    expect(await desk.enter(id, { values: [{ workerId: null, value: 1 }] })).toMatchObject({
      status: 422,
      body: { code: 'invalid-body' },
    });
    const approved = await desk.approve(id);
    expect(approved.body.lineItems!.map(({ amount }) => amount)).toEqual(['50.00', '50.00', '50.00', '50.00']);
    // What changes afterwards moves nothing that was approved.
    await desk.post(`/v1/propays/${FENCE}/unapprove`, { reason: 'hours were wrong' });
    expect(await valuesOf(id)).toEqual(new Map([ann, bob, lea, max].sort().map((one) => [one, 72_000])));
    expect((await desk.goal(id)).inputsVersion).toBe(approved.body.inputsVersion);
    await desk.post(`/v1/pro-goals/${id}/unapprove`, { reason: 'the ProPay was wrong' });
    expect([...(await valuesOf(id)).values()]).toEqual([0, 0, 0, 0]);
  });

  it('take the period by the day of approval, both ends included', async () => {
    await putJob(bench, 'deck', { status: 'completed', completedAt: '2026-03-20T20:00:00.000Z', managerId: max });
    await putBudget(bench, 'deck', null, 10);
    await putTime(bench, { id: 'd1', worker: 'ann', job: 'deck', hours: 12, date: '2026-02-27' });
    await bench.settle();
    await approveProPay(firstProPayId({ jobId: jobId('deck'), milestoneId: null }), '2026-03-01');
    await approveProPay(FENCE, '2026-04-01');
    const goals = async (name: string, unit: string) => {
      const template = await desk.live(builtin(name, unit, [{ index: 0, type: 'gte', min: 1, reward: '1.00' }]));
      const months = await Promise.all(
        ['2026-03-01', '2026-04-01'].map(async (day) => valuesOf(await desk.start(template, day))),
      );
      return months.map((values) => [values.get(ann), values.get(bob)]);
    };
    expect(await goals('propays_completed', 'count')).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(await goals('hours_gained', 'seconds')).toEqual([
      [-7_200, 0],
      [72_000, 72_000],
    ]);
    expect(await goals('on_budget_rate', 'bp')).toEqual([
      [0, null],
      [10_000, 10_000],
    ]);
    // 12 h of 10 h: 80%; 60 h of 80 h: 125%.
    expect(await goals('insights_efficiency', 'bp')).toEqual([
      [8_000, null],
      [12_500, 12_500],
    ]);
  });

  it('count callbacks recognised in the period against those whose work came back, not those who put it right', async () => {
    const lowerIsBetter = [
      { index: 0, type: 'lte', max: 1, reward: '40.00' },
      { index: 1, type: 'lte', max: 0, reward: '75.00' },
    ];
    const template = await desk.live(builtin('callback_count', 'count', lowerIsBetter));
    const [march, april] = [await desk.start(template, '2026-03-01'), await desk.start(template, '2026-04-01')];
    await putWorker(bench, 'fix', 250_000);
    await bench.context((context) => ({ ...context, callbackServiceTypes: ['Rework'] }));
    await putJob(bench, 'redo', { parentJobId: jobId('fence'), serviceType: 'Rework', startDate: '2026-03-20' });
    await putTime(bench, { id: 'r1', worker: 'fix', job: 'redo', hours: 3, date: '2026-03-20' });
    await bench.settle();
    // Recognised today, the second of April, whenever the work was done.
    expect([...(await valuesOf(march)).values()]).toEqual([0, 0, 0, 0, 0]);
    const counts = await valuesOf(april);
    expect([ann, bob, lea, max, workerId('fix')].map((one) => counts.get(one))).toEqual([1, 1, 1, 1, 0]);
    const { values } = await desk.results(april);
    expect(new Map(values.map((one) => [one.workerId, one.reward])).get(ann)).toBe('40.00');
    expect(new Map(values.map((one) => [one.workerId, one.reward])).get(workerId('fix'))).toBe('75.00');
    expect(values.find((one) => one.workerId === ann)!.counted).toMatchObject([{ entity: 'callback' }]);
  });

  it('that cannot be told need an exclusion', async () => {
    const id = await desk.start(
      await desk.live(builtin('on_budget_rate', 'bp', [{ index: 0, type: 'gte', min: 1, reward: '1.00' }])),
    );
    await approveProPay(FENCE, '2026-03-31');
    await putWorker(bench, 'new', null);
    await bench.settle();
    const missing = [`value:${workerId('new')}`];
    expect(await desk.approve(id)).toMatchObject({ status: 409, body: { code: 'cannot-tell', missing } });
    await desk.enter(id, { values: [{ workerId: workerId('new'), excluded: 'began this month' }] });
    expect((await desk.approve(id)).body.lineItems).toHaveLength(4);
  });
});

describe('the explanation of a goal (B-5)', () => {
  interface Explained {
    readonly snapshotId: string | null;
    readonly nodes: readonly {
      readonly id: string;
      readonly value: unknown;
      readonly inputs: readonly ({ readonly node: string } | { readonly record: string; readonly recordId: string })[];
    }[];
    readonly workers: readonly {
      readonly workerId: string;
      readonly amount: string;
      readonly node: string;
      readonly leaves: readonly object[];
    }[];
  }
  const explain = async (id: string, options = {}) => (await desk.get<Explained>(`/v1/pro-goals/${id}/explain`, options)).body;

  it('leads from every item to the records behind it, the same before and after the approval', async () => {
    const tiers = [{ index: 0, type: 'gte', min: 1, reward: '50.00' }];
    const template = await desk.live(builtin('propays_completed', 'count', tiers));
    const id = await desk.start(template);
    await approveProPay(FENCE, '2026-03-31');
    const before = await explain(id);
    const items = (await desk.approve(id)).body.lineItems!;
    const after = await explain(id);
    expect(after.nodes).toEqual(before.nodes);
    expect(after.snapshotId).not.toBeNull();
    const at = new Map(after.nodes.map((node) => [node.id, node]));
    const recordsOf = (node: string): string[] =>
      at.get(node)!.inputs.flatMap((input) => ('node' in input ? recordsOf(input.node) : [`${input.record} ${input.recordId}`]));
    expect(after.workers.map(({ workerId: who, amount }) => [who, amount])).toEqual(
      items.map((item) => [item.workerId, item.amount]),
    );
    for (const { workerId: who, node, leaves } of after.workers) {
      expect(new Set(recordsOf(node))).toEqual(new Set([`worker ${who}`, `goal_template ${template}`, `propay ${FENCE}`]));
      expect(leaves).toEqual([{ entity: 'goal_template', id: template, revision: 2, amount: '50.00' }]);
    }
  });

  it('and the items carry the workweeks of the period with all hours worked in them (B-204)', async () => {
    const id = await desk.start(await desk.live({ ...csatTemplate(), participants: { type: 'named', workerIds: [ann] } }));
    await putTime(bench, { id: 'shop', worker: 'ann', job: null, hours: 5, date: '2026-03-11' });
    await desk.enter(id, { values: [{ workerId: ann, value: 9_600 }] });
    const [item] = (await desk.approve(id)).body.lineItems!;
    const stored = (await readLineItem(bench.table, bench.scope, item!.id))!;
    expect(stored.premiumMethod).toBe('by_earned_hours');
    expect(stored.weeks.map(({ weekStart, earnedSeconds }) => [weekStart, earnedSeconds / 3_600])).toEqual([
      ['2026-02-23', 0],
      ['2026-03-02', 30],
      ['2026-03-09', 5],
      ['2026-03-16', 0],
      ['2026-03-23', 0],
      ['2026-03-30', 0],
    ]);
  });

  it('shows each only what is theirs', async () => {
    const id = await desk.start(await desk.live());
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    const own = await explain(id, { tokenId: await bench.api.grant('worker', { workerId: ann }) });
    expect(own.workers.map((one) => one.workerId)).toEqual([ann]);
    expect(own.nodes.length).toBe(4);
    expect(own.nodes.every((node) => node.id.endsWith(`:${ann}`))).toBe(true);
  });
});

describe('who sees and runs a goal (B-10, M-143, M-145)', () => {
  const scopeOf = (branchIds: readonly string[]) => ({ branchIds, divisionIds: [], routeIds: [] });
  const seen = async (options: object) =>
    (await bench.api.call<{ items: GoalBody[] }>('GET', '/v1/pro-goals', options)).body.items.map(({ id }) => id);
  let tenant: string;
  let branch: string;
  beforeEach(async () => {
    tenant = await desk.start(await desk.live());
    branch = await desk.start(await desk.live({ ...csatTemplate(), scope: { type: 'branch', branchId: BRANCH } }));
    for (const id of [tenant, branch]) await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
  });

  it('a manager runs those of the own scope; another’s are not there', async () => {
    const tokenId = await bench.api.grant('manager', { scope: scopeOf([BRANCH]) });
    expect(await seen({ tokenId })).toEqual([branch]);
    expect((await desk.get(`/v1/pro-goals/${tenant}`, { tokenId })).status).toBe(404);
    expect(await desk.post(`/v1/pro-goals/${tenant}/approve`, { inputsVersion: 'x' }, { tokenId })).toMatchObject({
      status: 404,
    });
    expect((await desk.approve(branch, {}, { tokenId })).status).toBe(200);
    const stranger = await bench.api.grant('manager', { scope: scopeOf([idOf('branch', 'b9')]) });
    expect(await seen({ tokenId: stranger })).toEqual([]);
    expect((await desk.post(`/v1/pro-goals/${branch}/unapprove`, { reason: 'x' }, { tokenId: stranger })).status).toBe(404);
    const { templateId } = await desk.goal(tenant);
    const start = { templateId, periodStart: '2026-02-01' };
    expect((await desk.post('/v1/pro-goals', start, { tokenId })).status).toBe(403);
  });

  it('whom the template names as manager runs it wherever its people are', async () => {
    const tokenId = await bench.api.grant('manager', { workerId: max });
    expect((await seen({ tokenId })).sort()).toEqual([tenant, branch].sort());
    expect((await desk.approve(tenant, {}, { tokenId })).status).toBe(200);
  });

  it('a manager who takes part sees the own result and may not run it', async () => {
    const tokenId = await bench.api.grant('manager', { workerId: ann });
    expect((await desk.results(tenant, { tokenId })).values.map((one) => one.workerId)).toEqual([ann]);
    expect((await desk.approve(tenant, {}, { tokenId })).status).toBe(403);
    expect((await desk.post(`/v1/pro-goals/${tenant}/cancel`, { reason: 'x' }, { tokenId })).status).toBe(403);
  });

  it('a worker sees own results alone, before and after the approval', async () => {
    const tokenId = await bench.api.grant('worker', { workerId: bob });
    const nobody = await bench.api.grant('worker', { workerId: idOf('worker', 'gone') });
    for (const approved of [false, true]) {
      if (approved) await desk.approve(tenant);
      expect((await seen({ tokenId })).sort()).toEqual([tenant, branch].sort());
      expect(await desk.results(tenant, { tokenId })).toMatchObject({
        values: [{ workerId: bob, value: 9_600, tierIndex: 1, reward: '200.00' }],
        missing: [],
        otherWorkerIds: [],
      });
      const goal = await desk.goal(tenant, { tokenId });
      expect(goal.result!.total).toBeUndefined();
      expect(goal.lineItemIds.every((id) => id.startsWith(`${bob}.`))).toBe(true);
      expect(goal.lineItemIds).toHaveLength(approved ? 1 : 0);
      expect(await seen({ tokenId: nobody })).toEqual([]);
      for (const path of ['', '/results', '/explain'])
        expect((await desk.get(`/v1/pro-goals/${tenant}${path}`, { tokenId: nobody })).status).toBe(404);
    }
    expect((await desk.post(`/v1/pro-goals/${tenant}/approve`, { inputsVersion: 'x' }, { tokenId })).status).toBe(403);
    await desk.post(`/v1/pro-goals/${branch}/cancel`, { reason: 'not held' });
    expect(await seen({ tokenId })).toEqual([tenant]);
    expect((await desk.get(`/v1/pro-goals/${branch}`, { tokenId })).status).toBe(404);
  });

  it('a crew lead sees the values of the own route’s goal and the own money alone', async () => {
    const route = await bench.put('route', 'r1', {
      name: 'North',
      branchId: BRANCH,
      divisionId: null,
      crewLeadId: lea,
      managerId: null,
      memberIds: [ann],
      order: null,
      active: true,
    });
    await bench.settle();
    const id = await desk.start(await desk.live({ ...csatTemplate(), scope: { type: 'route', routeId: route } }));
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    const tokenId = await bench.api.grant('crew_lead', { workerId: lea });
    const { values } = await desk.results(id, { tokenId });
    expect(new Map(values.map((one) => [one.workerId, [one.value, one.reward]]))).toEqual(
      new Map([
        [ann, [9_600, undefined]],
        [lea, [9_600, '200.00']],
      ]),
    );
  });

  it('an auditor reads all of it; another tenant finds nothing', async () => {
    expect((await desk.results(tenant, { as: 'auditor' })).values).toHaveLength(4);
    expect((await desk.approve(tenant, {}, { as: 'auditor' })).status).toBe(403);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/results'],
      ['GET', '/explain'],
      ['POST', '/approve'],
      ['POST', '/unapprove'],
      ['POST', '/cancel'],
    ] as const) {
      const body = path === '/approve' ? { inputsVersion: 'x' } : { reason: 'x' };
      const headers = { 'idempotency-key': `other-${path}` };
      const given = method === 'POST' ? { body, headers } : {};
      const answer = await bench.api.call(method, `/v1/pro-goals/${tenant}${path}`, { tenant: 'rival1', ...given });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
  });
});
