import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBudget, putJob, putTime, putWage, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { overrideDesk } from '#test/support/override-desk.ts';
import { payCalls } from '#test/support/pay-calls.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

const person = (name: string) => overrideDesk(bench, `/v1/workers/${workerId(name)}`);
const job = (name: string) => overrideDesk(bench, `/v1/jobs/${jobId(name)}`);
const figures = async (name: string) => (await bench.state({ jobId: jobId(name), milestoneId: null })).result;

async function link(entity: 'worker' | 'job', lost: string, survivor: string): Promise<string> {
  const targetId = entity === 'worker' ? workerId(survivor) : jobId(survivor);
  const body = { entity, connectionId: 'acme1.1', sourceId: lost, targetId };
  const made = await bench.api.call<{ id: string }>('POST', '/v1/links', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await bench.settle();
  return made.body.id;
}
async function part(linkId: string): Promise<void> {
  expect((await payCalls(bench).post(`/v1/links/${linkId}/discard`)).status).toBe(200);
  await bench.settle();
}

describe('overrides of people follow a confirmed link (X-28, M-149, E-1 to E-3)', () => {
  beforeEach(async () => {
    await seedFence(bench);
    await putWorker(bench, 'ann2', null);
    await bench.settle();
  });

  it('role and state hold for the record that stands for the person, on its page, in its list, for who is signed in', async () => {
    const token = await bench.api.grant('worker', { workerId: workerId('ann2') });
    await person('ann').set('role', { value: 'crew_lead', reason: 'leads here' });
    await person('ann').set('active', { value: 'archived' });
    const linkId = await link('worker', 'ann', 'ann2');
    const { overrides, history } = (await person('ann2').read()).body;
    expect(overrides).toMatchObject({
      role: { value: 'crew_lead', reason: 'leads here', from: workerId('ann') },
      active: { value: 'archived', from: workerId('ann'), conflict: true },
    });
    expect(history.map(({ field, from }) => [field, from])).toEqual([
      ['role', workerId('ann')],
      ['active', workerId('ann')],
    ]);
    expect(await person('ann2').record()).toMatchObject({ role: 'crew_lead', status: 'archived' });
    const archived = async () =>
      (await bench.api.call<{ items: { id: string }[] }>('GET', '/v1/workers', { query: { status: 'archived' } })).body.items
        .map(({ id }) => id)
        .sort();
    expect(await archived()).toEqual([workerId('ann'), workerId('ann2')].sort());
    expect((await bench.api.call('GET', '/v1/me', { tokenId: token })).status).toBe(401);

    await part(linkId);
    expect((await person('ann2').read()).body).toMatchObject({ overrides: {}, history: [] });
    expect(await archived()).toEqual([workerId('ann')]);
    expect((await person('ann').read()).body.overrides).toMatchObject({ role: { value: 'crew_lead' } });
    expect((await bench.api.call('GET', '/v1/me', { tokenId: token })).status).toBe(200);
  });

  it('what was decided of the person’s present record stands, also when the link goes', async () => {
    await person('ann').set('role', { value: 'crew_lead' });
    await person('ann').set('active', { value: 'deactivated' });
    await person('ann2').set('role', { value: 'manager' });
    const linkId = await link('worker', 'ann', 'ann2');
    expect((await person('ann2').read()).body.overrides).toMatchObject({
      role: { value: 'manager' },
      active: { value: 'deactivated', from: workerId('ann') },
    });
    await person('ann2').set('active', { value: 'active' });
    await part(linkId);
    expect((await person('ann2').read()).body.overrides).toMatchObject({
      role: { value: 'manager' },
      active: { value: 'active' },
    });
  });

  it('is set and cleared on the record that stands for the person, and refused on the other one', async () => {
    await person('ann').set('role', { value: 'crew_lead' });
    await link('worker', 'ann', 'ann2');
    const refused = await person('ann').set('role', { value: 'worker' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'wrong-state', aliasOf: workerId('ann2') } });
    expect((await person('ann2').clear('role')).body.overrides).toEqual({});
    expect((await person('ann2').read()).body.history).toEqual([
      expect.objectContaining({ field: 'role', value: 'crew_lead', clearedBy: expect.any(String), from: workerId('ann') }),
    ]);
    expect(await person('ann2').record()).toMatchObject({ role: 'worker' });
  });

  it('a wage set here goes on before what the new system says, until it is cleared or the link goes', async () => {
    // 30 h of Ann at 30.00 instead of 25.00: the cost of 60 h is 1,650.00.
    await person('ann').set('wage', { wage: '30.00', effectiveFrom: '2026-01-01' });
    await putJob(bench, 'shed', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
    await putBudget(bench, 'shed', null, 20);
    await bench.settle();
    await putWage(bench, 'ann2', 200_000, '2025-06-01');
    const linkId = await link('worker', 'ann', 'ann2');
    expect(await person('ann2').record()).toMatchObject({ wage: '30.00', overridden: ['wage'] });
    await putTime(bench, { id: 's1', worker: 'ann2', job: 'shed', hours: 10, date: '2026-03-06' });
    await bench.settle();
    const costOf = async () => (await figures('shed'))?.figures?.actualCostCents;
    expect(await costOf()).toBe(30_000);
    const { nodes } = (
      await payCalls(bench).get(
        `/v1/propays/${(await bench.state({ jobId: jobId('shed'), milestoneId: null })).proPay!.id}/explain`,
      )
    ).body as never as {
      nodes: readonly unknown[];
    };
    expect(JSON.stringify(nodes)).toContain(`${workerId('ann')}.wage`);
    await part(linkId);
    await putTime(bench, { id: 's1', worker: 'ann2', job: 'shed', hours: 11, date: '2026-03-06' });
    await bench.settle();
    expect(await costOf()).toBe(22_000);
    expect(await person('ann2').record()).toMatchObject({ wage: '20.00', overridden: [] });
    expect(await person('ann').record()).toMatchObject({ wage: '30.00', overridden: ['wage'] });
  });

  it('a chain hands everything on, and what is parted from it takes its own along', async () => {
    await bench.put('worker', 'ann3', { ...BLANK_WORKER, displayName: 'Ann 3', branchId: idOf('branch', 'b1') });
    await person('ann').set('role', { value: 'crew_lead' });
    await person('ann2').set('active', { value: 'deactivated' });
    const first = await link('worker', 'ann', 'ann2');
    await link('worker', 'ann2', 'ann3');
    expect((await person('ann3').read()).body.overrides).toMatchObject({
      role: { from: workerId('ann') },
      active: { from: workerId('ann2') },
    });
    await part(first);
    for (const name of ['ann2', 'ann3']) expect(Object.keys((await person(name).read()).body.overrides)).toEqual(['active']);
  });

  it('of linking and deciding at the same moment nothing is lost', async () => {
    await person('ann').set('role', { value: 'crew_lead' });
    const [set, linked] = await Promise.all([
      person('ann2').set('active', { value: 'deactivated' }),
      bench.api.call('POST', '/v1/links', {
        body: { entity: 'worker', connectionId: 'acme1.1', sourceId: 'ann', targetId: workerId('ann2') },
      }),
    ]);
    expect(linked.status).toBe(201);
    const { overrides } = (await person('ann2').read()).body;
    expect(overrides.role).toMatchObject({ value: 'crew_lead' });
    // Either it came first, or it was told that the record had changed under it.
    expect([set.status, overrides.active?.value ?? null]).toEqual(set.status === 200 ? [200, 'deactivated'] : [412, null]);
  });
});

describe('overrides of jobs follow a confirmed link (X-28, E-6, E-7)', () => {
  it('manager and missing budget hold for the job that goes on, and its ProPay follows them', async () => {
    await seedFence(bench, { completed: false });
    await putJob(bench, 'again', { name: 'Fence', managerId: workerId('max'), crewLeadId: workerId('lea') });
    await bench.settle();
    await job('fence').set('manager', { value: workerId('bob') });
    const linkId = await link('job', 'fence', 'again');
    const manages = async () => (await figures('fence'))?.people.managerIds;
    expect(await manages()).toEqual([workerId('bob')]);
    expect((await job('again').read()).body).toMatchObject({
      overrides: { manager: { value: workerId('bob'), from: jobId('fence') } },
      history: [{ field: 'manager', from: jobId('fence') }],
    });
    await job('again').set('manager', { value: workerId('ann') });
    await bench.settle();
    expect(await manages()).toEqual([workerId('ann')]);
    expect((await job('fence').set('manager', { value: workerId('bob') })).status).toBe(409);
    await job('again').clear('manager');
    await bench.settle();
    expect(await manages()).toEqual([workerId('max')]);
    await part(linkId);
    expect(await manages()).toEqual([workerId('bob')]);
  });

  it('a budget that was added goes with the job, and with the link', async () => {
    await seedFence(bench);
    await putBudget(bench, 'fence', null, 0, { budgetSeconds: null });
    await putJob(bench, 'again', { name: 'Fence', status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
    await bench.settle();
    const set = await job('fence').set('budget', { budgetSeconds: 90 * 3_600 });
    expect(set.status, JSON.stringify(set.body)).toBe(200);
    await bench.settle();
    const linkId = await link('job', 'fence', 'again');
    expect((await job('again').read()).body.overrides).toMatchObject({ budget: { from: jobId('fence') } });
    expect((await figures('fence'))?.figures).toMatchObject({ budgetSeconds: 90 * 3_600, actualSeconds: 60 * 3_600 });
    await part(linkId);
    expect((await job('again').read()).body.overrides).toEqual({});
    expect((await figures('fence'))?.figures).toMatchObject({ budgetSeconds: 90 * 3_600 });
  });
});
