import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putJob, putTime, seedFence, workerId } from '#test/support/bonus-world.ts';
import { DAY, type Item, payCalls } from '#test/support/pay-calls.ts';
import { deskOfJob, type ProPayDesk } from '#test/support/propay-desk.ts';

/** Lead pay (B-61) from the pool that says how long leads wait to the statement that pays it. */

let bench: BonusBench;
let calls: ReturnType<typeof payCalls>;
let fence: ProPayDesk;
beforeEach(async () => {
  bench = await startBonusBench();
  await bench.context((context) => ({ ...context, pools: [] }));
  calls = payCalls(bench);
  // Leads wait for a fifth of theirs; the crew for nothing.
  const made = await bench.api.call('POST', '/v1/bonus-pools', {
    body: {
      ...{ name: 'Standard', default: true, crewBp: 7_000, crewLeadBp: 2_000, managerBp: 1_000, otherBp: 0, companyBp: 0 },
      ...{ splitEnabled: true, splitBp: 5_000, retention: { crew_lead: { retentionBp: 2_000, retentionDays: 90 } } },
    },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await seedFence(bench);
  await bench.settle();
  fence = deskOfJob(bench, 'fence');
});
afterEach(() => bench.stop());

const [ann, bob, lea, max] = ['ann', 'bob', 'lea', 'max'].map(workerId) as [string, string, string, string];
const leadItems = (items: readonly Item[]) =>
  items.filter(({ category }) => category === 'lead_pay').map((item) => [item.workerId, item.part, item.amount, item.releaseOn]);
const explain = async (options = {}) =>
  (
    await bench.api.call<{
      nodes: { id: string; value: unknown; inputs: object[] }[];
      workers: { role: string; amount: string }[];
      leadPay: { workerId: string; amount: string; leaves: { entity: string; id: string; amount: string }[] }[];
    }>('GET', `/v1/propays/${fence.id}/explain`, options)
  ).body;

describe('lead pay', () => {
  it('is paid beside the pools, in parts as the lead’s own share is, and traced to who says that they lead', async () => {
    expect(await fence.get()).toMatchObject({ leadPay: '0.00', result: { leadPay: '0.00' } });
    expect((await fence.patch({ leadPay: '100.00' })).body).toMatchObject({
      leadPay: '100.00',
      result: { leadPay: '100.00', savings: '500.00', companyKeeps: '250.00' },
    });
    const items = await calls.approve(fence.id);
    // The day of the approval and 90 days on.
    expect(leadItems(items)).toEqual([
      [lea, 'main', '80.00', '2026-03-10'],
      [lea, 'retention', '20.00', '2026-06-08'],
    ]);
    expect(
      items
        .filter(({ category }) => category === 'propay')
        .map(({ amount }) => amount)
        .sort(),
    ).toEqual(['10.00', '25.00', '40.00', '87.50', '87.50'].sort());
    expect(await fence.get()).toMatchObject({ status: 'Approved', approval: { total: '350.00' } });
    const told = await explain();
    expect(told.leadPay).toMatchObject([
      { workerId: lea, amount: '100.00', leaves: [{ entity: 'job', id: jobId('fence'), amount: '100.00' }] },
    ]);
    expect(told.workers.filter(({ role }) => role === 'crew_lead')).toMatchObject([{ amount: '50.00' }]);
    expect(told.nodes.find(({ id }) => id === `B-61/${fence.id}/lead-pay:${lea}`)).toMatchObject({ value: 10_000 });
    expect((await explain({ tokenId: await bench.api.grant('worker', { workerId: ann }) })).leadPay).toEqual([]);
    const main = items.find(({ category, part }) => category === 'lead_pay' && part === 'main')!;
    const statement = await calls.statement(main.statementId!);
    expect(statement).toMatchObject({ status: 'Open', bonuses: '120.00', payable: '120.00' });
    expect(
      (statement.lines as { lineItemId: string; jobs: object[] }[]).find((one) => one.lineItemId === main.id)!.jobs,
    ).toMatchObject([{ id: jobId('fence') }]);
    bench.api.pass(20 * DAY);
    expect((await calls.post(`/v1/statements/${main.statementId}/pay`, { payDate: '2026-03-27' })).body.status).toBe('Paid');
    await bench.settle();
    // The lead waits for a part, so the ProPay is not Paid.
    expect(await calls.statusOf(fence.id)).toBe('Approved');
  });

  it('is divided evenly among the leads, and belongs to nobody where there is none', async () => {
    await fence.patch({ crewLeadIds: [lea, max], leadPay: '100.01' });
    const items = await calls.approve(fence.id);
    const cents = leadItems(items).map(([worker, , amount]) => [worker, Number(String(amount).replace('.', ''))] as const);
    const sumOf = (id: string) => cents.filter(([worker]) => worker === id).reduce((sum, [, one]) => sum + one, 0);
    expect([sumOf(lea), sumOf(max)].sort()).toEqual([5_000, 5_001]);
    await calls.post(`/v1/propays/${fence.id}/unapprove`, { reason: 'again' });
    expect((await fence.patch({ crewLeadIds: [] })).body).toMatchObject({ leadPay: '100.01', result: { leadPay: '0.00' } });
    expect(leadItems(await calls.approve(fence.id))).toEqual([]);
  });

  it('is lowered by an overrun, to nothing at most, and the crew still gets nothing', async () => {
    await fence.patch({ leadPay: '100.00' });
    // 82 h of 80 h at 25.00: 50.00 over.
    await putTime(bench, { id: 'more', worker: 'ann', job: 'fence', hours: 22, date: '2026-03-05' });
    await bench.settle();
    expect(await fence.get()).toMatchObject({ result: { savings: '-50.00', leadPay: '50.00', payouts: [] } });
    expect(leadItems(await calls.approve(fence.id)).map(([, , amount]) => amount)).toEqual(['40.00', '10.00']);
    await calls.post(`/v1/propays/${fence.id}/unapprove`, { reason: 'again' });
    await putTime(bench, { id: 'more', worker: 'ann', job: 'fence', hours: 30, date: '2026-03-05' });
    await bench.settle();
    expect(await fence.get()).toMatchObject({ result: { savings: '-250.00', leadPay: '0.00' } });
    expect(await calls.approve(fence.id)).toEqual([]);
  });

  it('is gone with a failed question, untouched by penalties', async () => {
    const disqualifier = await bench.api.call<{ id: string }>('POST', '/v1/disqualifiers', {
      body: { name: 'Clean site', category: 'Safety' },
    });
    const penalty = await bench.api.call<{ id: string }>('POST', '/v1/penalties', {
      body: { name: 'Late', category: 'Attendance', kind: 'fixed', amount: '75.00' },
    });
    await calls.post(`/v1/propays/${fence.id}/sync-definitions`);
    await fence.patch({ leadPay: '100.00' });
    const answer = async (path: string, body: object) => {
      const { headers } = await bench.api.call('GET', `/v1/propays/${fence.id}`);
      return bench.api.call('PUT', `/v1/propays/${fence.id}/${path}`, { body, headers: { 'if-match': headers.etag! } });
    };
    expect((await answer(`penalties/${penalty.body.id}`, { count: 1 })).body).toMatchObject({
      result: { penalty: '75.00', leadPay: '100.00' },
    });
    expect((await answer(`disqualifiers/${disqualifier.body.id}`, { state: 'failed' })).body).toMatchObject({
      result: { leadPay: '0.00' },
    });
    expect(await calls.approve(fence.id)).toEqual([]);
  });

  it('stands still once it is approved, and an approver who saw another amount is refused', async () => {
    const { inputsVersion } = await fence.get();
    await fence.patch({ leadPay: '100.00' });
    expect(await calls.post(`/v1/propays/${fence.id}/approve`, { inputsVersion })).toMatchObject({
      status: 409,
      body: { code: 'inputs-changed' },
    });
    await calls.approve(fence.id);
    expect(await fence.patch({ leadPay: '50.00' })).toMatchObject({ status: 409, body: { code: 'approved-unapprove-first' } });
    for (const role of ['crew_lead', 'worker', 'auditor'] as const)
      expect((await fence.patch({ leadPay: '50.00' }, { tokenId: await bench.api.grant(role, { workerId: bob }) })).status).toBe(
        403,
      );
  });

  it('follows the sources only by decision: what an overrun takes later is a difference, adjusted to the cent', async () => {
    await fence.patch({ leadPay: '100.00' });
    await calls.approve(fence.id);
    await putTime(bench, { id: 'more', worker: 'ann', job: 'fence', hours: 22, date: '2026-03-05' });
    await bench.settle();
    const changes = (await calls.get(`/v1/propays/${fence.id}/source-changes`)).body as unknown as {
      inputsVersion: string;
      delta: string;
      byWorker: { workerId: string; role: string; difference: string }[];
    };
    // 250.00 of pools and 50.00 of the lead pay.
    expect(changes.delta).toBe('-300.00');
    expect(changes.byWorker).toContainEqual({ workerId: lea, role: 'crew_lead', difference: '-100.00' });
    const accepted = await calls.post(`/v1/propays/${fence.id}/source-changes/accept`, {
      inputsVersion: changes.inputsVersion,
      reason: 'confirmed',
    });
    expect(accepted.body.lineItems.find(({ workerId: who }) => who === lea)).toMatchObject({
      category: 'adjustment',
      amount: '-100.00',
    });
  });

  it('is lost with a job that was canceled before its approval', async () => {
    await fence.patch({ leadPay: '100.00' });
    await putJob(bench, 'fence', { status: 'canceled', crewLeadId: lea, managerId: max });
    await bench.settle();
    expect((await fence.get()).status).toBe('Canceled');
  });
});
