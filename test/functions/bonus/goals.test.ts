import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBranch, putWorker, workerId } from '#test/support/bonus-world.ts';
import { BRANCH, csatTemplate, type GoalBody, goalDesk } from '#test/support/goal-world.ts';
import { nightHandler } from '#test/support/night.ts';

let bench: BonusBench;
let desk: ReturnType<typeof goalDesk>;
beforeEach(async () => {
  bench = await startBonusBench({ start: '2026-03-10T12:00:00.000Z' });
  desk = goalDesk(bench);
  await putBranch(bench);
  for (const name of ['ann', 'bob', 'max']) await putWorker(bench, name, null);
  await bench.settle();
});
afterEach(() => bench.stop());

/** The day's work of the tenant, some days later. */
async function days(count: number): Promise<void> {
  bench.api.pass(count * 86_400);
  await tick();
}
const tick = () =>
  nightHandler({ ...bench.ports, dueToday: async () => ['acme1'] })(
    { time: `${bench.api.now().slice(0, 13)}:00:00.000Z` },
    'tick',
  );
const goals = async (query: Record<string, string> = {}) =>
  (await bench.api.call<{ items: GoalBody[] }>('GET', '/v1/pro-goals', { query })).body.items;
const periods = async (templateId: string) => (await goals({ templateId })).map(({ period }) => period.startDate);
const change = async (id: string, body: object) => {
  const path = `/v1/pro-goal-templates/${id}`;
  const { headers } = await desk.get(path);
  const answer = await bench.api.call('PATCH', path, { body, headers: { 'if-match': headers.etag! } });
  expect(answer.status).toBe(200);
};

describe('goals that begin by themselves (B-161, B-167)', () => {
  it('one for each period that begins after the template went live, once, missed days included', async () => {
    const id = await desk.live();
    await tick();
    // March had begun before: it is started by hand, or not at all.
    expect(await periods(id)).toEqual([]);
    await days(21);
    expect(await periods(id)).toEqual([]);
    await days(1);
    await tick();
    expect(await periods(id)).toEqual(['2026-04-01']);
    await days(92);
    expect(await periods(id)).toEqual(['2026-04-01', '2026-05-01', '2026-06-01', '2026-07-01']);
    expect((await goals())[0]).toMatchObject({ id: `${id}.2026-04-01`, status: 'Active', templateVersion: 2 });
    const { body } = await bench.api.call<{ items: { action: string; actor: object }[] }>('GET', '/v1/audit', {
      query: { entityId: `${id}.2026-07-01` },
    });
    expect(body.items).toMatchObject([{ action: 'goal.started', actor: { kind: 'system' } }]);
  });

  it('by the clock of the goal’s branch', async () => {
    await putBranch(bench, 'far', 'Pacific/Auckland');
    await bench.settle();
    const scope = { type: 'branch', branchId: idOf('branch', 'far') };
    const far = await desk.live({ ...csatTemplate(), scope });
    const near = await desk.live();
    // 2026-03-31 13:00 UTC is April in Auckland already.
    bench.api.pass(21 * 86_400 + 3_600);
    await tick();
    expect([await periods(far), await periods(near)]).toEqual([['2026-04-01'], []]);
  });

  it('with what the template says by then; those that run keep what they began with', async () => {
    const id = await desk.live();
    await days(22);
    await change(id, { name: 'Happy clients' });
    await days(30);
    expect((await goals({ templateId: id })).map(({ name, templateVersion }) => [name, templateVersion])).toEqual([
      ['Customer satisfaction', 2],
      ['Happy clients', 3],
    ]);
  });

  it('without a gap where the cadence changes', async () => {
    const id = await desk.live();
    await days(22);
    await change(id, { cadence: 'weekly' });
    await days(40);
    expect((await goals({ templateId: id })).map(({ period }) => [period.startDate, period.endDate])).toEqual([
      ['2026-04-01', '2026-04-30'],
      ['2026-05-01', '2026-05-03'],
      ['2026-05-04', '2026-05-10'],
      ['2026-05-11', '2026-05-17'],
    ]);
  });

  it('once where the template names one period, and never after it was archived', async () => {
    const period = { startDate: '2026-03-20', endDate: '2026-04-20' };
    const { cadence: _cadence, ...template } = csatTemplate();
    const once = await desk.live({ ...template, period });
    const archived = await desk.live();
    await desk.post(`/v1/pro-goal-templates/${archived}/archive`);
    await days(60);
    await days(1);
    expect((await goals()).map(({ id, period: at }) => [id, at])).toEqual([[`${once}.2026-03-20`, period]]);
  });

  it('the same goal where somebody starts it by hand at the same time', async () => {
    const id = await desk.live();
    bench.api.pass(22 * 86_400);
    const [started] = await Promise.all([desk.post('/v1/pro-goals', { templateId: id, periodStart: '2026-04-01' }), tick()]);
    expect([200, 201]).toContain(started.status);
    expect(await periods(id)).toEqual(['2026-04-01']);
  });
});

describe('participants (B-162)', () => {
  const scope = { type: 'branch', branchId: BRANCH };
  const move = (name: string, fields: Partial<typeof BLANK_WORKER>) =>
    bench.put('worker', name, { ...BLANK_WORKER, displayName: `Worker ${name}`, branchId: BRANCH, ...fields });
  const ids = async (goalId: string) => (await desk.results(goalId)).values.map((one) => one.workerId);

  it('are those in scope on the last day: who moves afterwards stays, who left before is not one', async () => {
    const id = await desk.live({ ...csatTemplate(), scope });
    const goalId = await desk.start(id, '2026-03-01');
    expect(await ids(goalId)).toEqual([workerId('ann'), workerId('bob'), workerId('max')].sort());
    await move('bob', { terminationDate: '2026-03-20', sourceActive: false });
    await putWorker(bench, 'new', null);
    await days(21);
    expect(await ids(goalId)).toEqual([workerId('ann'), workerId('max'), workerId('new')].sort());
    // The last day is over: from now on the list stands.
    await days(1);
    await putBranch(bench, 'b2');
    await move('ann', { branchId: idOf('branch', 'b2') });
    await putWorker(bench, 'late', null);
    await bench.settle();
    await tick();
    expect(await ids(goalId)).toEqual([workerId('ann'), workerId('max'), workerId('new')].sort());
    await desk.enter(goalId, { values: [{ workerId: null, value: 9_600 }] });
    const { body } = await desk.approve(goalId);
    expect(body.lineItems!.map((item) => item.workerId)).toEqual([workerId('ann'), workerId('max'), workerId('new')].sort());
  });

  it('by role as the connection maps it, or by name', async () => {
    await bench.context((context) => ({
      ...context,
      connections: { 'acme1.1': { provider: 'aspire', name: 'Aspire', roleMap: { Foreman: 'crew_lead' } } },
    }));
    await move('bob', { sourceRole: 'Foreman' });
    await bench.settle();
    const leads = await desk.live({ ...csatTemplate(), participants: { type: 'roles', roles: ['crew_lead', 'manager'] } });
    expect(await ids(await desk.start(leads))).toEqual([workerId('bob')]);
    const named = await desk.live({ ...csatTemplate(), participants: { type: 'named', workerIds: [workerId('max')] } });
    expect(await ids(await desk.start(named))).toEqual([workerId('max')]);
  });

  it('of a route are its members and its lead', async () => {
    const route = await bench.put('route', 'r1', {
      name: 'North',
      branchId: BRANCH,
      divisionId: null,
      crewLeadId: workerId('max'),
      managerId: null,
      memberIds: [workerId('ann')],
      order: null,
      active: true,
    });
    await bench.settle();
    const id = await desk.live({ ...csatTemplate(), scope: { type: 'route', routeId: route } });
    expect(await ids(await desk.start(id))).toEqual([workerId('ann'), workerId('max')].sort());
  });
});

describe('items of a goal', () => {
  it('whose own records never arrived are followed by the day’s work (B-92, B-133)', async () => {
    const goalId = await desk.start(
      await desk.live({ ...csatTemplate(), participants: { type: 'named', workerIds: [workerId('ann')] } }),
    );
    await desk.enter(goalId, { values: [{ workerId: null, value: 9_600 }] });
    const accept = [{ code: 'period-open', reason: 'early' }];
    expect((await desk.approve(goalId, { accept })).status).toBe(200);
    // Nothing of the stream is delivered.
    await bench.inputs();
    await tick();
    const { body } = await desk.get<{ items: { id: string; reference: string | null }[] }>('/v1/statements');
    expect(body.items).toMatchObject([{ reference: expect.stringMatching(/^ST-\d+$/) }]);
    bench.api.pass(30 * 86_400);
    expect((await desk.post(`/v1/statements/${body.items[0]!.id}/pay`, { payDate: '2026-04-03' })).status).toBe(200);
    expect((await desk.goal(goalId)).status).toBe('Approved');
    await tick();
    expect((await desk.goal(goalId)).status).toBe('Paid');
  });
});
