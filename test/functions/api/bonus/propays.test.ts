import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  idOf,
  jobId,
  putBudget,
  putJob,
  putTime,
  putVisit,
  putWorker,
  seedFence,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

interface View {
  id: string;
  status: string;
  inputsVersion: string;
  ready: boolean;
  blockers: { code: string; acceptable: boolean; ids: string[] }[];
  result: Record<string, unknown> & { payouts?: { workerId: string; role: string; amount: string }[] };
  ifCompletedNow: Record<string, unknown> | null;
  lineItems: { id: string; amount: string; status: string; statementId: string | null; workerId: string }[];
  lineItemIds: string[];
  [field: string]: unknown;
}

const fence = { jobId: jobId('fence'), milestoneId: null };
const id = firstProPayId(fence);
let keys = 0;
const key = () => ({ 'idempotency-key': `key-${++keys}` });
const get = (path = `/v1/propays/${id}`, options = {}) => bench.api.call<View>('GET', path, options);
const approve = async (body: object = {}, options = {}) =>
  bench.api.call<View>('POST', `/v1/propays/${id}/approve`, {
    body: { inputsVersion: (await get()).body.inputsVersion, ...body },
    headers: key(),
    ...options,
  });

describe('reading', () => {
  it('gives a ProPay with the figures of the published example, in edge names', async () => {
    await seedFence(bench);
    await bench.settle();
    const { status, body, headers } = await get();
    expect(status).toBe(200);
    expect(headers.etag).toMatch(/^"r1\./);
    expect(body).toMatchObject({
      id,
      reference: 'PP-1',
      status: 'Active',
      ready: true,
      blockers: [],
      currency: 'USD',
      managerIds: [workerId('max')],
      crewLeadIds: [workerId('lea')],
      budget: { type: 'hours_budget', basis: 'HoursEst', budgetSeconds: 288_000 },
      wageBasis: 'at_start',
    });
    expect(body.result).toMatchObject({
      outcome: 'applies',
      budgetSeconds: 288_000,
      actualSeconds: 216_000,
      actualCost: '1500.00',
      blendedWage: '25.00',
      savedSeconds: 72_000,
      savings: '500.00',
      workerShare: '250.00',
      companyKeeps: '250.00',
      pools: { crew: '175.00', crewLead: '50.00', manager: '25.00', other: '0.00', company: '0.00' },
      approvable: true,
    });
  });

  it('lists by status, job and worker, and nothing of another tenant', async () => {
    await seedFence(bench);
    await bench.settle();
    const list = (query: object, options = {}) =>
      bench.api.call<{ items: View[] }>('GET', '/v1/propays', { query: query as never, ...options });
    for (const query of [
      {},
      { status: 'Active' },
      { jobId: jobId('fence') },
      { workerId: workerId('ann') },
      { status: 'Active', branchId: idOf('branch', 'b1') },
    ])
      expect((await list(query)).body.items.map((item) => item.id)).toEqual([id]);
    expect((await list({ status: 'Approved' })).body.items).toEqual([]);
    expect((await list({ branchId: idOf('branch', 'b1') })).status).toBe(400);
    expect((await get(undefined, { tenant: 'rival1' })).status).toBe(404);
  });

  it('shows a worker the own money only, and other people’s ProPays not at all (M-145)', async () => {
    await seedFence(bench);
    await putWorker(bench, 'zoe', 200_000);
    await bench.settle();
    const ann = await bench.api.grant('worker', { workerId: workerId('ann') });
    const zoe = await bench.api.grant('worker', { workerId: workerId('zoe') });
    const { body } = await get(undefined, { tokenId: ann });
    expect(body.result.payouts).toEqual([{ workerId: workerId('ann'), role: 'crew', amount: '87.50', seconds: 108_000 }]);
    expect(body.result).not.toHaveProperty('blendedWage');
    expect(body).not.toHaveProperty('budget');
    const mine = await bench.api.call<{ items: View[] }>('GET', '/v1/propays', { tokenId: ann });
    expect(mine.body.items.map((item) => item.id)).toEqual([id]);
    expect((await get(undefined, { tokenId: zoe })).status).toBe(404);
    expect((await bench.api.call<{ items: View[] }>('GET', '/v1/propays', { tokenId: zoe })).body.items).toEqual([]);
    const explained = await bench.api.call<{ workers: { workerId: string }[]; nodes: unknown[] }>(
      'GET',
      `/v1/propays/${id}/explain`,
      { tokenId: ann },
    );
    expect(explained.body.workers.map((one) => one.workerId)).toEqual([workerId('ann')]);
    expect(explained.body.nodes).toEqual([]);
  });

  it('keeps a manager to the own branch', async () => {
    await seedFence(bench);
    await bench.settle();
    const scope = { branchIds: [idOf('branch', 'b1')], divisionIds: [], routeIds: [] };
    const here = await bench.api.grant('manager', { scope });
    const there = await bench.api.grant('manager', { scope: { ...scope, branchIds: [idOf('branch', 'b2')] } });
    expect((await get(undefined, { tokenId: here })).status).toBe(200);
    expect((await get(undefined, { tokenId: there })).status).toBe(404);
    expect((await approve({}, { tokenId: there })).status).toBe(404);
    expect((await approve({}, { as: 'worker' })).status).toBe(403);
  });

  it('shows a manager work of the own hands elsewhere, but lets only who is in charge decide on it (B-10, M-143)', async () => {
    await seedFence(bench);
    await bench.settle();
    const scope = { branchIds: [idOf('branch', 'b2')], divisionIds: [], routeIds: [] };
    const ann = await bench.api.grant('manager', { scope, workerId: workerId('ann') });
    const max = await bench.api.grant('manager', { scope, workerId: workerId('max') });
    expect((await get(undefined, { tokenId: ann })).status).toBe(200);
    const command = async (verb: string, body: object) =>
      (
        await bench.api.call('POST', `/v1/propays/${id}/${verb}`, {
          body,
          tokenId: ann,
          headers: { 'idempotency-key': `elsewhere-${verb}` },
        })
      ).status;
    expect((await approve({}, { tokenId: ann })).status).toBe(403);
    expect(await command('cancel', { reason: 'mine' })).toBe(403);
    expect(await command('recalculate', { wageBasis: 'by_entry_date' })).toBe(403);
    expect((await get()).body.status).toBe('Active');
    expect((await approve({}, { tokenId: max })).status).toBe(200);
    expect(await command('unapprove', { reason: 'mine' })).toBe(403);
  });

  it('explains every payout by leaves that add up to it', async () => {
    await seedFence(bench);
    await bench.settle();
    const check = async () => {
      const { body } = await bench.api.call<{
        basis: string;
        nodes: { id: string }[];
        workers: { role: string; amount: string; leaves: { entity: string; amount: string }[] }[];
      }>('GET', `/v1/propays/${id}/explain`);
      expect(body.workers).toHaveLength(4);
      const cents = (text: string) => Number(text.replace('.', ''));
      for (const worker of body.workers)
        expect(worker.leaves.reduce((sum, leaf) => sum + cents(leaf.amount), 0)).toBe(cents(worker.amount));
      expect(
        body.workers
          .filter((one) => one.role === 'crew')
          .every((one) => one.leaves.every((leaf) => leaf.entity === 'time_entry')),
      ).toBe(true);
      expect(body.nodes.length).toBeGreaterThan(10);
      return body;
    };
    const before = await check();
    await approve();
    expect(await check()).toMatchObject({ workers: before.workers, basis: 'final' });
  });
});

describe('approval', () => {
  it('makes line items that add up to the payouts, once, whatever is repeated', async () => {
    await seedFence(bench);
    await bench.settle();
    const { inputsVersion } = (await get()).body;
    const send = () =>
      bench.api.call<View>('POST', `/v1/propays/${id}/approve`, {
        body: { inputsVersion },
        headers: { 'idempotency-key': 'once' },
      });
    const [first, twin] = await Promise.all([send(), send()]);
    const again = await send();
    expect([first!.status, twin!.status, again.status]).toEqual([200, 200, 200]);
    expect(again.body).toEqual(first!.body);
    expect(first!.body).toMatchObject({ status: 'Approved', approval: { total: '250.00', approvalDate: '2026-03-10' } });
    expect(first!.body.lineItems.map((item) => [item.amount, item.status])).toEqual([
      ['87.50', 'In Process'],
      ['87.50', 'In Process'],
      ['50.00', 'In Process'],
      ['25.00', 'In Process'],
    ]);
    const items = await bench.api.call<{ items: unknown[] }>('GET', '/v1/line-items', { query: { propayId: id } });
    expect(items.body.items).toHaveLength(4);
    const fresh = await approve();
    expect(fresh).toMatchObject({ status: 409, body: { code: 'approved-unapprove-first' } });
  });

  it('refuses what cannot be approved, and takes reasons for what can be accepted (B-87)', async () => {
    await seedFence(bench, { completed: false });
    await putTime(bench, { id: 'running', worker: 'ann', job: 'fence', hours: null });
    await bench.settle();
    const { body } = await get();
    expect(body.result).toMatchObject({ outcome: 'cannot-tell', missing: ['progress'] });
    expect(body.ifCompletedNow).toMatchObject({ savings: '500.00' });
    expect(body.blockers).toEqual([
      { code: 'not-complete', acceptable: true, ids: [] },
      { code: 'open-time-entry', acceptable: true, ids: [idOf('time', 'running')] },
    ]);
    const refused = await approve();
    expect(refused).toMatchObject({ status: 409, body: { code: 'not-complete' } });
    const accept = [{ code: 'not-complete', reason: 'done today' }];
    expect(await approve({ accept })).toMatchObject({ status: 409, body: { code: 'open-time-entry' } });
    const done = await approve({ accept: [...accept, { code: 'open-time-entry', reason: 'forgot to clock out' }] });
    expect(done).toMatchObject({ status: 200, body: { status: 'Approved', result: { savings: '500.00' } } });
    expect(done.body.approval).toMatchObject({ accepted: [{ code: 'not-complete' }, { code: 'open-time-entry' }] });
  });

  it('refuses old data, a missing manager and dates outside of the work', async () => {
    await seedFence(bench);
    await putJob(bench, 'fence', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z', crewLeadId: workerId('lea') });
    await bench.settle();
    expect(await approve()).toMatchObject({ status: 409, body: { code: 'manager-missing' } });
    const accept = [{ code: 'manager-missing', reason: 'nobody yet' }];
    expect(await approve({ accept, approvalDate: '2026-03-01' })).toMatchObject({
      status: 422,
      body: { code: 'approval-date-out-of-range' },
    });
    expect(await approve({ accept, approvalDate: '2026-03-11' })).toMatchObject({
      status: 422,
      body: { code: 'approval-date-out-of-range' },
    });
    bench.api.pass(3 * 86_400);
    expect(await approve({ accept })).toMatchObject({ status: 409, body: { code: 'stale-data' } });
    const done = await approve({ accept: [...accept, { code: 'stale-data', reason: 'source is down' }] });
    expect(done.status).toBe(200);
    expect(done.body.lineItems.map((item) => item.amount)).toEqual(['87.50', '87.50', '50.00']);
  });

  it('never approves figures that the approver did not see (fault 61)', async () => {
    await seedFence(bench);
    await bench.settle();
    const { inputsVersion } = (await get()).body;
    await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 4, date: '2026-03-05' });
    const refused = await approve({ inputsVersion });
    expect(refused).toMatchObject({ status: 409, body: { code: 'inputs-changed' } });
    const problem = refused.body as unknown as {
      inputsVersion: string;
      result: { savings: string };
      difference: { savings: string; byWorker: unknown[] };
    };
    expect(problem.result.savings).toBe('400.00');
    expect(problem.difference.savings).toBe('-100.00');
    expect(problem.difference.byWorker.length).toBeGreaterThan(0);
    expect((await get()).body).toMatchObject({ inputsVersion: problem.inputsVersion, result: { savings: '400.00' } });
    expect(await approve({ inputsVersion: problem.inputsVersion })).toMatchObject({ status: 200 });
  });

  it('shows a difference when a source moves after the approval, and clears it (B-96)', async () => {
    await seedFence(bench);
    await bench.settle();
    await approve();
    await putTime(bench, { id: 't00', worker: 'ann', job: 'fence', hours: 14, date: '2026-03-02' });
    await bench.settle();
    const changed = (await get()).body;
    expect(changed).toMatchObject({
      status: 'Approved',
      result: { savings: '500.00' },
      sourceChange: { state: 'Open', deltaSeconds: 14_400, delta: '-50.00' },
    });
    await putTime(bench, { id: 't00', worker: 'ann', job: 'fence', hours: 10, date: '2026-03-02' });
    await bench.settle();
    expect((await get()).body.sourceChange).toBeNull();
  });
});

describe('commands', () => {
  it('edits under If-Match, and refuses edits that could move approved money (B-90)', async () => {
    await seedFence(bench);
    await bench.settle();
    const patch = (body: object, revision: number) =>
      bench.api.call<View>('PATCH', `/v1/propays/${id}`, { body, headers: { 'if-match': `"r${revision}"` } });
    const up = await patch({ adjustment: { type: 'percentage_increase', valueBp: 1_000 } }, 1);
    expect(up).toMatchObject({ status: 200, body: { result: { budgetSeconds: 316_800, savings: '700.00' } } });
    expect((await patch({ title: 'x' }, 1)).status).toBe(412);
    expect(await patch({ adjustment: { type: 'manual_amount', value: '10.00' } }, 2)).toMatchObject({
      status: 422,
      body: { code: 'adjustment-unit-mismatch' },
    });
    expect(await patch({ manualPool: { crewBp: 1, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 } }, 2)).toMatchObject({
      status: 422,
      body: { code: 'pool-not-100' },
    });
    expect(await patch({ crewLeadIds: ['unknownunknown00'] }, 2)).toMatchObject({
      status: 422,
      body: { code: 'unknown-reference' },
    });
    await approve();
    expect(await patch({ excludedWorkerIds: [workerId('ann')] }, 3)).toMatchObject({
      status: 409,
      body: { code: 'approved-unapprove-first' },
    });
    expect(await patch({ title: 'Elm Street 12' }, 3)).toMatchObject({
      status: 200,
      body: { title: 'Elm Street 12', result: { savings: '700.00' } },
    });
  });

  it('cancels, restores and deletes, and an admin alone makes another after a deletion', async () => {
    await seedFence(bench);
    await bench.settle();
    const post = (action: string, body: object = {}) =>
      bench.api.call<View>('POST', `/v1/propays/${id}/${action}`, { body, headers: key() });
    expect(await post('cancel', { reason: 'double' })).toMatchObject({
      status: 200,
      body: { status: 'Canceled', canceledReason: 'double' },
    });
    expect(await post('cancel', { reason: 'double' })).toMatchObject({ status: 409 });
    await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 4, date: '2026-03-05' });
    await bench.settle();
    expect((await get()).body.result).toMatchObject({ savings: '500.00' });
    expect(await post('restore')).toMatchObject({ status: 200, body: { status: 'Active', result: { savings: '400.00' } } });
    const create = (options = {}) =>
      bench.api.call<View>('POST', '/v1/propays', { body: { jobId: jobId('fence'), reason: 'again' }, ...options });
    expect(await create()).toMatchObject({ status: 409, body: { code: 'not-eligible', reason: 'already_has_propay' } });
    const gone = await bench.api.call<View>('DELETE', `/v1/propays/${id}`, { headers: { 'if-match': '"r3"' } });
    expect(gone).toMatchObject({ status: 200, body: { status: 'Deleted' } });
    const scope = { branchIds: [idOf('branch', 'b1')], divisionIds: [], routeIds: [] };
    const manager = await bench.api.grant('manager', { scope });
    expect(await create({ tokenId: manager })).toMatchObject({ status: 409, body: { reason: 'propay_deleted' } });
    const made = await create();
    expect(made).toMatchObject({ status: 201, body: { reference: 'PP-2', status: 'Active' } });
    expect(made.headers.location).toBe(`/v1/propays/${jobId('fence')}.-.2`);
    await bench.settle();
    expect((await bench.state(fence)).proPay).toMatchObject({ n: 2, status: 'Active' });
  });

  it('makes a ProPay by hand with a budget that the source lacks', async () => {
    await seedFence(bench);
    await putJob(bench, 'bare', { status: 'in_progress' });
    await bench.settle();
    const create = (body: object) => bench.api.call<View>('POST', '/v1/propays', { body });
    expect(await create({ jobId: jobId('bare') })).toMatchObject({
      status: 409,
      body: { code: 'not-eligible', reason: 'no_budget' },
    });
    const made = await create({ jobId: jobId('bare'), budget: { budgetSeconds: 7_200 } });
    expect(made).toMatchObject({ status: 201, body: { budget: { budgetSeconds: 7_200, basis: 'hand' } } });
    expect((await bench.state({ jobId: jobId('bare'), milestoneId: null })).verdict).toBeNull();
    expect((await create({ jobId: 'A'.repeat(16) })).status).toBe(404);
  });

  it('recalculates by entry date after a preview that stores nothing (B-95)', async () => {
    await seedFence(bench);
    await bench.put('wage_record', 'ann/2026-03-03', {
      workerId: workerId('ann'),
      effectiveFrom: '2026-03-03',
      rateE4: 300_000,
      currency: 'USD',
      burdenBp: null,
    });
    await bench.settle();
    const post = (body: object) => bench.api.call<View>('POST', `/v1/propays/${id}/recalculate`, { body });
    expect(await post({ wageBasis: 'by_entry_date', preview: true })).toMatchObject({
      body: { result: { actualCost: '1600.00' } },
    });
    expect((await get()).body).toMatchObject({ wageBasis: 'at_start', result: { actualCost: '1500.00' } });
    await post({ wageBasis: 'by_entry_date' });
    expect((await get()).body).toMatchObject({ wageBasis: 'by_entry_date', result: { actualCost: '1600.00' } });
    await bench.settle();
    expect((await post({ wageBasis: 'at_start' })).body.result).toMatchObject({ actualCost: '1500.00' });
  });

  it('previews a ProPay and bare inputs with any key replaced', async () => {
    await seedFence(bench);
    await bench.settle();
    const preview = (body: object) =>
      bench.api.call<{ base: View['result']; result: View['result']; difference: unknown[] }>('POST', '/v1/propays/preview', {
        body,
      });
    const full = await preview({ propayId: id, overlay: { splitBp: 10_000 } });
    expect(full.body).toMatchObject({ base: { workerShare: '250.00' }, result: { workerShare: '500.00' } });
    expect(full.body.difference).toContainEqual({ workerId: workerId('lea'), role: 'crew_lead', from: '50.00', to: '100.00' });
    const bare = await preview({
      inputs: {
        budget: { type: 'labor_budget', budgetAmount: '100.00' },
        entries: [{ workerId: 'a', seconds: 3_600, wage: '20.00' }],
        pool: { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 },
        distribution: { formula: 'per_hour' },
      },
    });
    expect(bare.body.result).toMatchObject({ savings: '80.00', payouts: [{ workerId: 'a', role: 'crew', amount: '40.00' }] });
    expect((await preview({ inputs: { budget: { type: 'x' } } })).status).toBe(422);
  });

  it('approves several, each for itself', async () => {
    await seedFence(bench);
    await putJob(bench, 'mow', { recurring: true, managerId: workerId('max'), crewLeadId: workerId('lea') });
    await putVisit(bench, 'mow', 'v1', { status: 'completed' });
    await putBudget(bench, 'mow', 'v1', 5);
    await bench.settle();
    const other = firstProPayId({ jobId: jobId('mow'), milestoneId: visitId('v1') });
    const items = [
      { id, inputsVersion: (await get()).body.inputsVersion },
      { id: other, inputsVersion: (await get(`/v1/propays/${other}`)).body.inputsVersion },
    ];
    const send = () =>
      bench.api.call<{ accepted: string[]; refused: { id: string; problem: { code: string } }[] }>(
        'POST',
        '/v1/propays/bulk-approve',
        {
          body: { items },
          headers: { 'idempotency-key': 'bulk' },
        },
      );
    const { body } = await send();
    expect(body.accepted).toEqual([id]);
    expect(body.refused).toMatchObject([{ id: other, problem: { code: 'cannot-tell' } }]);
    expect((await send()).body).toEqual(body);
  });
});
