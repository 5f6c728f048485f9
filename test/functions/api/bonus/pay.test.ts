import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBudget, putJob, putTime, seedFence, workerId } from '#test/support/bonus-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

interface Item {
  id: string;
  workerId: string;
  amount: string;
  status: string;
  part: string;
  releaseOn: string;
  statementId: string | null;
}
interface Statement {
  id: string;
  reference: string | null;
  status: string;
  items: Item[];
  upcomingItems: Item[];
  payable: string;
  [field: string]: unknown;
}

const id = firstProPayId({ jobId: jobId('fence'), milestoneId: null });
let keys = 0;
const post = <T = Record<string, unknown>>(
  path: string,
  body: object = {},
  options: { as?: 'worker'; tokenId?: string; key?: string } = {},
) => bench.api.call<T>('POST', path, { body, headers: { 'idempotency-key': options.key ?? `pay-${++keys}` }, ...options });
async function approve(proPayId = id): Promise<Item[]> {
  const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', `/v1/propays/${proPayId}`)).body;
  const answer = await post<{ lineItems: Item[] }>(`/v1/propays/${proPayId}/approve`, { inputsVersion });
  expect(answer.status).toBe(200);
  await bench.settle();
  return answer.body.lineItems;
}
const statements = async (query: Record<string, string> = {}, options = {}) =>
  (await bench.api.call<{ items: Statement[] }>('GET', '/v1/statements', { query, ...options })).body.items;
const item = async (itemId: string) => (await bench.api.call<Item>('GET', `/v1/line-items/${itemId}`)).body;
const DAY = 86_400;

describe('statements', () => {
  it('open with the first item, carry its period, and are paid once', async () => {
    await seedFence(bench);
    await bench.settle();
    await approve();
    const open = await statements();
    expect(open).toHaveLength(4);
    expect(open.every((one) => one.status === 'Open' && /^ST-\d$/.test(one.reference!))).toBe(true);
    expect(open[0]!.period).toEqual({ startDate: '2026-03-09', endDate: '2026-03-22' });
    const ann = (await statements({ workerId: workerId('ann') }))[0]!;
    expect(ann).toMatchObject({ payable: '87.50', bonuses: '87.50', netBalance: '87.50', rolloverIn: '0.00' });
    expect(ann.items[0]!.statementId).toBe(ann.id);
    const early = await post(`/v1/statements/${ann.id}/pay`, { payDate: '2026-03-20' });
    expect(early).toMatchObject({ status: 409, body: { code: 'period-open' } });
    expect(await post(`/v1/statements/${ann.id}/pay`, { payDate: '2026-03-08' })).toMatchObject({
      status: 422,
      body: { code: 'invalid-pay-date' },
    });
    const accept = [{ code: 'period-open', reason: 'last day' }];
    const paid = await post<Statement>(`/v1/statements/${ann.id}/pay`, { payDate: '2026-03-20', accept }, { key: 'p1' });
    expect(paid).toMatchObject({ status: 200, body: { status: 'Paid', payable: '87.50', payDate: '2026-03-20' } });
    expect(paid.body.items.map((one) => one.status)).toEqual(['Paid']);
    expect(
      (await post<Statement>(`/v1/statements/${ann.id}/pay`, { payDate: '2026-03-20', accept }, { key: 'p1' })).body,
    ).toEqual(paid.body);
    expect(await post(`/v1/statements/${ann.id}/pay`, { payDate: '2026-03-20', accept })).toMatchObject({
      status: 409,
      body: { code: 'paid-is-final' },
    });
    expect((await bench.api.call<Statement>('GET', `/v1/statements/${ann.id}`)).body).toMatchObject({
      status: 'Paid',
      payable: '87.50',
    });
  });

  it('make the ProPay Paid with its last item, and refuse to unapprove what is partly paid (B-91, B-92)', async () => {
    await seedFence(bench);
    await bench.settle();
    await approve();
    bench.api.pass(20 * DAY);
    const open = await statements();
    for (const [index, one] of open.entries()) {
      expect((await post(`/v1/statements/${one.id}/pay`, { payDate: '2026-03-27' })).status).toBe(200);
      await bench.settle();
      const { status } = (await bench.api.call<{ status: string }>('GET', `/v1/propays/${id}`)).body;
      expect(status).toBe(index < 3 ? 'Approved' : 'Paid');
      expect(await post(`/v1/propays/${id}/unapprove`, { reason: 'oops' })).toMatchObject({
        status: 409,
        body: { code: index < 3 ? 'partly-paid' : 'paid-is-final' },
      });
    }
  });

  it('let exactly one of unapprove and pay succeed (fault 63)', async () => {
    await seedFence(bench);
    await bench.settle();
    await approve();
    bench.api.pass(20 * DAY);
    const ann = (await statements({ workerId: workerId('ann') }))[0]!;
    const [pay, undo] = await Promise.all([
      post(`/v1/statements/${ann.id}/pay`, { payDate: '2026-03-27' }),
      post(`/v1/propays/${id}/unapprove`, { reason: 'hours were wrong' }),
    ]);
    expect([pay!.status, undo!.status].filter((status) => status === 200)).toHaveLength(1);
  });

  it('hold what waits, and take it up in the period in which it becomes free (B-121, B-134)', async () => {
    const retention = { retentionBp: 2_000, retentionDays: 90 };
    await bench.context((context) => ({
      ...context,
      pools: [{ ...POOL, waitingDays: 14, retention: { crew: retention }, warrantyBp: 1_000, warrantyDays: 365 }],
    }));
    await seedFence(bench);
    await bench.settle();
    const items = (await approve()).filter((one) => one.workerId === workerId('ann'));
    expect(items.map((one) => [one.part, one.amount, one.releaseOn, one.status, one.statementId])).toEqual([
      ['main', '61.25', '2026-03-24', 'Held', null],
      ['retention', '17.50', '2026-06-08', 'Held', null],
      ['warranty', '8.75', '2027-03-10', 'Held', null],
    ]);
    expect(await statements()).toEqual([]);
    bench.api.pass(14 * DAY);
    const [free] = await statements({ workerId: workerId('ann') });
    expect(free).toMatchObject({ period: { startDate: '2026-03-23', endDate: '2026-04-05' }, payable: '61.25' });
    expect((await item(items[0]!.id)).statementId).toBe(free!.id);
    const accept = [{ code: 'period-open', reason: 'early' }];
    expect((await post(`/v1/statements/${free!.id}/pay`, { payDate: '2026-03-27', accept })).status).toBe(200);
    const released = await post<Item>(`/v1/line-items/${items[1]!.id}/release`);
    expect(released.body).toMatchObject({ status: 'In Process', releaseOn: '2026-03-24' });
    await bench.settle();
    const list = await statements({ workerId: workerId('ann'), status: 'Open' });
    // The period it falls into is paid already, so it waits for the next one.
    expect(list.map((one) => [one.period, one.payable])).toEqual([[{ startDate: '2026-04-06', endDate: '2026-04-19' }, '17.50']]);
    expect((await item(items[1]!.id)).statementId).toBe(list[0]!.id);
  });
});

describe('line items', () => {
  it('can be held, released, extended and voided, under one id, and never after they are paid', async () => {
    await seedFence(bench);
    await bench.settle();
    const [first, second] = await approve();
    const act = (itemId: string, action: string, body: object = {}) => post<Item>(`/v1/line-items/${itemId}/${action}`, body);
    expect((await act(first!.id, 'release')).status).toBe(409);
    expect((await act(first!.id, 'hold', { note: 'check hours' })).body).toMatchObject({ status: 'Held', statementId: null });
    expect(await item(first!.id)).toMatchObject({ status: 'Held' });
    expect((await act(first!.id, 'release')).body).toMatchObject({ status: 'In Process' });
    expect((await act(first!.id, 'hold', { until: '2026-03-30' })).body).toMatchObject({ status: 'Held' });
    bench.api.pass(20 * DAY);
    expect(await item(first!.id)).toMatchObject({ status: 'In Process' });
    expect((await act(second!.id, 'void', { reason: 'wrong person' })).body).toMatchObject({
      status: 'Voided',
      statementId: null,
    });
    expect(await act(second!.id, 'hold')).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    await bench.settle();
    const mine = (await statements({ workerId: first!.workerId }))[0]!;
    await post(`/v1/statements/${mine.id}/pay`, { payDate: '2026-03-31', accept: [{ code: 'period-open', reason: 'now' }] });
    expect(await act(first!.id, 'void', { reason: 'x' })).toMatchObject({ status: 409, body: { code: 'paid-is-final' } });
    const byStatus = async (status: string) =>
      (await bench.api.call<{ items: Item[] }>('GET', '/v1/line-items', { query: { status } })).body.items.map((one) => one.id);
    expect(await byStatus('Paid')).toEqual([first!.id]);
    expect(await byStatus('Voided')).toEqual([second!.id]);
    expect(await byStatus('In Process')).toHaveLength(2);
    expect(await byStatus('Held')).toEqual([]);
  });

  it('are voided by an unapproval, and made anew by the next approval', async () => {
    await seedFence(bench);
    await bench.settle();
    const before = await approve();
    const undone = await post<{ status: string }>(`/v1/propays/${id}/unapprove`, { reason: 'hours were wrong' });
    expect(undone).toMatchObject({ status: 200, body: { status: 'Active', lineItemIds: [] } });
    await bench.settle();
    expect(await statements()).toEqual([]);
    const after = await approve();
    expect(after.map((one) => one.id)).not.toContain(before[0]!.id);
    const all = (await bench.api.call<{ items: Item[] }>('GET', '/v1/line-items', { query: { propayId: id } })).body.items;
    expect(all.filter((one) => one.status === 'Voided')).toHaveLength(4);
    expect(all.filter((one) => one.status === 'In Process')).toHaveLength(4);
  });

  it('are seen by their worker alone, and of another tenant by nobody', async () => {
    await seedFence(bench);
    await bench.settle();
    const [first] = await approve();
    const ann = await bench.api.grant('worker', { workerId: workerId('ann') });
    const max = await bench.api.grant('worker', { workerId: workerId('max') });
    const own = await bench.api.call<{ items: Item[] }>('GET', '/v1/line-items', { tokenId: ann });
    expect(own.body.items.map((one) => one.workerId)).toEqual([workerId('ann')]);
    expect((await bench.api.call('GET', `/v1/line-items/${first!.id}`, { tokenId: max })).status).toBe(404);
    expect((await bench.api.call('GET', `/v1/line-items/${first!.id}`, { tenant: 'rival1' })).status).toBe(404);
    const mine = (await statements({}, { tokenId: ann }))[0]!;
    expect(mine.workerId).toBe(workerId('ann'));
    expect((await bench.api.call('GET', `/v1/statements/${mine.id}`, { tokenId: max })).status).toBe(404);
    expect((await post(`/v1/statements/${mine.id}/pay`, { payDate: '2026-03-20' }, { tokenId: ann })).status).toBe(403);
  });

  it('carry a crew’s loss into deductions where the pool says so (B-60, B-136)', async () => {
    await bench.context((context) => ({ ...context, pools: [{ ...POOL, rollOverNegative: true }] }));
    await seedFence(bench);
    await putBudget(bench, 'fence', null, 56);
    await putJob(bench, 'second', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z', managerId: workerId('max') });
    await putBudget(bench, 'second', null, 30);
    await putTime(bench, { id: 's1', worker: 'ann', job: 'second', hours: 10 });
    await bench.settle();
    const loss = await approve();
    expect(loss.map((one) => one.amount)).toEqual(['-17.50', '-17.50']);
    const [ann] = await statements({ workerId: workerId('ann') });
    expect(ann).toMatchObject({ deductions: '-17.50', netBalance: '-17.50', payable: '0.00', rolloverOut: '-17.50' });
    await approve(firstProPayId({ jobId: jobId('second'), milestoneId: null }));
    expect((await statements({ workerId: workerId('ann') }))[0]).toMatchObject({ bonuses: '175.00', payable: '157.50' });
    expect(idOf('job', 'second')).toBe(jobId('second'));
  });

  it('carry no loss where deductions are blocked: it is dropped, now and what came before (B-218)', async () => {
    const silent = { premiumPolicy: null, workweekStart: null, stateRule: null, minimumWages: [] };
    const block = (deductionPolicy: 'blocked' | null) =>
      bench.context((context) => ({
        ...context,
        payLaw: { ...context.payLaw, branches: { [idOf('branch', 'b1')]: { ...silent, deductionPolicy } } },
      }));
    await bench.context((context) => ({ ...context, pools: [{ ...POOL, rollOverNegative: true }] }));
    await seedFence(bench);
    await putBudget(bench, 'fence', null, 56);
    await bench.settle();
    const fence = () =>
      bench.api.call<{ result: { payouts: unknown[]; notes: string[] } }>(
        'GET',
        `/v1/propays/${firstProPayId({ jobId: jobId('fence'), milestoneId: null })}`,
      );
    expect((await fence()).body.result.payouts).toHaveLength(2);
    await block('blocked');
    await bench.settle();
    expect((await fence()).body.result).toMatchObject({ payouts: [], notes: ['over-budget'] });
    await block(null);
    await bench.settle();
    expect((await approve()).map((one) => one.amount)).toEqual(['-17.50', '-17.50']);
    const own = async () => (await statements({ workerId: workerId('ann') }))[0];
    expect(await own()).toMatchObject({ rolloverOut: '-17.50', writtenOff: '0.00' });
    await block('blocked');
    expect(await own()).toMatchObject({ rolloverOut: '0.00', writtenOff: '17.50', payable: '0.00' });
  });
});
