import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBudget, putJob, putTime, seedFence, workerId } from '#test/support/bonus-world.ts';
import { proPayOf } from '#test/support/group-world.ts';
import { payCalls } from '#test/support/pay-calls.ts';

let bench: BonusBench;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  calls = payCalls(bench);
});
afterEach(() => bench.stop());

const link = (lost: string, survivor: string) =>
  bench.api.call<{ id: string; code?: string }>('POST', '/v1/links', {
    body: { entity: 'job', connectionId: 'acme1.1', sourceId: lost, targetId: jobId(survivor) },
  });
async function join(lost: string, survivor: string): Promise<string> {
  const made = await link(lost, survivor);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await bench.settle();
  return made.body.id;
}
const stateOf = (job: string) => bench.state({ jobId: jobId(job), milestoneId: null });
const actualOf = async (job: string) => (await stateOf(job)).result?.figures?.actualSeconds;
const code = async (job: string) => (await stateOf(job)).verdict?.code ?? null;
const DONE = { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' } as const;

/** The fence as the new system has it: it goes on there, with a budget and a manager of its own. */
async function putAgain(budgetHours: number | null = null): Promise<void> {
  await putJob(bench, 'again', { ...DONE, name: 'Fence', crewLeadId: workerId('lea'), managerId: workerId('max') });
  if (budgetHours !== null) await putBudget(bench, 'again', null, budgetHours);
  await putTime(bench, { id: 'n1', worker: 'ann', job: 'again', hours: 4, date: '2026-03-06' });
  await bench.settle();
}

describe('one job in two systems (X-28)', () => {
  it('has one ProPay: the running one goes on with the time of both, and nothing is made twice', async () => {
    await seedFence(bench, { completed: false });
    await bench.settle();
    await putAgain(90);
    expect((await stateOf('again')).proPay?.status).toBe('Active');
    await join('fence', 'again');
    expect((await stateOf('fence')).proPay?.status).toBe('Active');
    expect(await actualOf('fence')).toBe(64 * 3_600);
    expect((await stateOf('fence')).result).toMatchObject({ completedAtSource: true });
    expect((await stateOf('again')).proPay).toMatchObject({ status: 'Canceled', sourceCancel: 'gone' });
    await putTime(bench, { id: 'n2', worker: 'bob', job: 'again', hours: 2, date: '2026-03-07' });
    await bench.settle();
    expect(await actualOf('fence')).toBe(66 * 3_600);
    const items = await calls.approve(proPayOf('fence'), { accept: [] });
    expect(items.length).toBeGreaterThan(0);
    expect(await code('again')).toBeNull();
  });

  it('gets none under the other number, and by nobody’s hand', async () => {
    await seedFence(bench);
    await bench.settle();
    await putJob(bench, 'again', { ...DONE, name: 'Fence' });
    await join('fence', 'again');
    await putBudget(bench, 'again', null, 90);
    await putTime(bench, { id: 'n1', worker: 'ann', job: 'again', hours: 4, date: '2026-03-06' });
    await bench.settle();
    expect((await stateOf('again')).proPay).toBeNull();
    expect(await code('again')).toBe('already_has_propay');
    expect((await calls.post('/v1/propays', { jobId: jobId('again') })).status).toBe(409);
    expect(await actualOf('fence')).toBe(64 * 3_600);
  });

  it('takes the time of before along where only the new one has a ProPay', async () => {
    await seedFence(bench);
    await putBudget(bench, 'fence', null, 0, { budgetSeconds: null });
    await bench.settle();
    expect((await stateOf('fence')).proPay).toBeNull();
    await putAgain(90);
    expect(await actualOf('again')).toBe(4 * 3_600);
    await join('fence', 'again');
    expect(await actualOf('again')).toBe(64 * 3_600);
    expect(await code('fence')).toBe('already_has_propay');
  });

  it('is two again when the link is taken back, as if it had never been', async () => {
    await seedFence(bench);
    await bench.settle();
    await putAgain();
    const before = (await stateOf('fence')).result!.figures;
    const linkId = await join('fence', 'again');
    expect((await stateOf('fence')).result!.figures).not.toEqual(before);
    expect((await calls.post(`/v1/links/${linkId}/discard`)).status).toBe(200);
    await bench.settle();
    expect((await stateOf('fence')).result!.figures).toEqual(before);
    expect(await code('again')).toBe('no_budget');
  });

  it('says what the new system’s time would have meant for an approved one', async () => {
    await seedFence(bench);
    await bench.settle();
    await calls.approve(proPayOf('fence'));
    await putAgain();
    await join('fence', 'again');
    const changes = (await calls.get(`/v1/propays/${proPayOf('fence')}/source-changes`)).body;
    expect(changes).toMatchObject({ state: 'Open', deltaSeconds: 4 * 3_600 });
  });

  it('leads to no circle, is joined once, and not where both were approved or visits have the ProPays', async () => {
    await seedFence(bench);
    await bench.settle();
    await putAgain(90);
    for (const job of ['fence', 'again']) await calls.approve(proPayOf(job));
    expect(await link('fence', 'again')).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    await putJob(bench, 'mowing', { recurring: true });
    await putJob(bench, 'third');
    expect((await link('fence', 'mowing')).body.code).toBe('wrong-state');
    const twins = await Promise.all([link('fence', 'third'), link('third', 'fence')]);
    expect(twins.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});
