import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { NO_SCOPE } from '#test/support/api.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putTime, putWage, seedFence, workerId } from '#test/support/bonus-world.ts';
import { DAY, payCalls, statementOf } from '#test/support/pay-calls.ts';

let bench: BonusBench;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  calls = payCalls(bench);
});
afterEach(() => bench.stop());

const fence = firstProPayId({ jobId: jobId('fence'), milestoneId: null });
const ann = statementOf('ann');
const PAY = { payDate: '2026-03-27' };
const managerOf = (branch: string) => bench.api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [idOf('branch', branch)] } });

async function approvedFence() {
  await seedFence(bench);
  await bench.settle();
  return calls.approve(fence);
}

const manual = (worker: string, type: 'bonus' | 'deduction', amount: string, more: object = {}) =>
  calls.post('/v1/line-items', { workerId: workerId(worker), type, purpose: 'correction', amount, ...more });

describe('reopening a paid statement (B-137)', () => {
  it('puts its items back In Process and its ProPay back to Approved, and it can be paid anew', async () => {
    await approvedFence();
    bench.api.pass(20 * DAY);
    for (const worker of ['ann', 'bob', 'lea', 'max'])
      expect((await calls.post(`/v1/statements/${statementOf(worker)}/pay`, PAY)).status).toBe(200);
    await bench.settle();
    expect(await calls.statusOf(fence)).toBe('Paid');
    const [paid] = (await calls.statement(ann)).items;

    const reopened = await calls.post(`/v1/statements/${ann}/reopen`, { reason: 'wrong date' });
    expect(reopened).toMatchObject({ status: 200, body: { status: 'Open', payable: '87.50', payDate: null } });
    expect(reopened.body.items.map((item) => [item.id, item.status, item.statementId])).toEqual([[paid!.id, 'In Process', ann]]);
    expect(await calls.statement(ann)).toMatchObject(reopened.body);
    expect((await calls.item(paid!.id)).events.map((event) => event.type)).toEqual(['paid', 'reopen']);
    // What follows the stream comes a moment later; unapproving does not wait for it and names what is still paid.
    expect((await calls.post(`/v1/propays/${fence}/unapprove`, { reason: 'look again' })).body.code).toBe('partly-paid');
    await bench.settle();
    expect(await calls.statusOf(fence)).toBe('Approved');

    expect((await calls.post(`/v1/statements/${ann}/reopen`, { reason: 'again' })).body.code).toBe('wrong-state');
    const again = await calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-31' });
    expect(again.body).toMatchObject({ status: 'Paid', payDate: '2026-03-31', payable: '87.50' });
    await bench.settle();
    expect(await calls.statusOf(fence)).toBe('Paid');
  });

  it('asks for a reason, an admin, and that no later statement is paid', async () => {
    await approvedFence();
    bench.api.pass(40 * DAY);
    const bonus = { type: 'bonus', purpose: 'safety', amount: '10.00' };
    const later = await calls.post('/v1/line-items', { workerId: workerId('ann'), ...bonus });
    const second = later.body.statementId as string;
    expect(second).toBe(statementOf('ann', '2026-04-06'));
    expect((await calls.post(`/v1/statements/${second}/pay`, PAY)).body.code).toBe('invalid-pay-date');
    const pay = { payDate: '2026-04-20', accept: [{ code: 'period-open', reason: 'early' }] };
    expect((await calls.post(`/v1/statements/${second}/pay`, pay)).body).toMatchObject({
      code: 'earlier-statement-open',
      statementIds: [ann],
    });
    expect((await calls.post(`/v1/statements/${ann}/pay`, PAY)).status).toBe(200);
    expect((await calls.post(`/v1/statements/${second}/pay`, pay)).status).toBe(200);
    expect((await calls.post(`/v1/statements/${ann}/reopen`, { reason: 'wrong' })).body).toMatchObject({
      code: 'later-statement-paid',
      statementIds: [second],
    });
    expect((await calls.post(`/v1/statements/${second}/reopen`, {})).status).toBe(422);
    const tokenId = await managerOf('b1');
    await bench.context((context) => ({ ...context, managersPayStatements: true }));
    expect((await calls.post(`/v1/statements/${second}/reopen`, { reason: 'mine' }, { tokenId })).status).toBe(403);
    expect((await calls.post(`/v1/statements/${second}/reopen`, { reason: 'both' })).status).toBe(200);
    expect((await calls.post(`/v1/statements/${ann}/reopen`, { reason: 'both' })).status).toBe(200);
  });

  it('takes back what had gone on to the next period because this one was closed', async () => {
    const items = await approvedFence();
    const mine = items.find((item) => item.workerId === workerId('ann'))!;
    const accept = [{ code: 'period-open', reason: 'early' }];
    expect((await calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-20', accept })).status).toBe(200);
    const bonus = await manual('ann', 'bonus', '10.00');
    expect(bonus.body.statementId).toBe(statementOf('ann', '2026-03-23'));
    const reopened = await calls.post(`/v1/statements/${ann}/reopen`, { reason: 'one more' });
    expect(reopened.body.items.map((item) => item.id).sort()).toEqual([bonus.body.id, mine.id].sort());
    expect(reopened.body.payable).toBe('97.50');
  });
});

describe('voiding a statement (B-137)', () => {
  it('is for empty ones alone: their period is closed, and what rolled in passes on', async () => {
    await approvedFence();
    expect((await manual('ann', 'deduction', '100.00')).status).toBe(201);
    expect((await calls.post(`/v1/statements/${ann}/void`)).body.code).toBe('wrong-state');
    bench.api.pass(20 * DAY);
    expect((await calls.post(`/v1/statements/${ann}/pay`, PAY)).body).toMatchObject({ payable: '0.00', rolloverOut: '-12.50' });
    const bonus = await manual('ann', 'bonus', '10.00');
    const second = bonus.body.statementId as string;
    expect(await calls.statement(second)).toMatchObject({ rolloverIn: '-12.50', payable: '0.00', rolloverOut: '-2.50' });
    expect((await calls.post(`/v1/line-items/${bonus.body.id}/void`, { reason: 'entered twice' })).body).toMatchObject({
      status: 'Voided',
      replacedBy: [],
      warnings: [],
    });
    expect((await calls.post(`/v1/statements/${second}/void`, {}, { as: 'manager' })).status).toBe(403);
    const done = await calls.post(`/v1/statements/${second}/void`, { reason: 'nothing left' });
    expect(done.body).toMatchObject({ status: 'Voided', payable: '0.00', items: [] });
    expect((await calls.post(`/v1/statements/${second}/void`)).body.code).toBe('wrong-state');
    expect((await calls.post(`/v1/statements/${second}/pay`, PAY)).body.code).toBe('wrong-state');
    // Its period takes nothing more, and the loss waits for the next bonus.
    const third = (await manual('ann', 'bonus', '20.00')).body.statementId as string;
    expect(third).toBe(statementOf('ann', '2026-04-06'));
    expect(await calls.statement(third)).toMatchObject({ rolloverIn: '-12.50', payable: '7.50', rolloverOut: '0.00' });
    expect((await calls.statement(second)).status).toBe('Voided');
    // Paid beneath it, nothing can be taken back; reopened, the whole chain follows.
    expect((await calls.post(`/v1/statements/${ann}/reopen`, { reason: 'the deduction was wrong' })).status).toBe(200);
    const deduction = (await calls.statement(ann)).items.find((item) => item.type === 'deduction')!;
    await calls.post(`/v1/line-items/${deduction.id}/void`, { reason: 'it was wrong' });
    expect(await calls.statement(third)).toMatchObject({ rolloverIn: '0.00', payable: '20.00' });
  });
});

describe('paying several statements at once', () => {
  it('pays each for itself, of one worker the earlier first, and tells what stands in the way', async () => {
    await approvedFence();
    const other = await manual('bob', 'bonus', '5.00');
    expect(other.status).toBe(201);
    bench.api.pass(20 * DAY);
    const late = await manual('ann', 'bonus', '7.00');
    const next = late.body.statementId as string;
    const accept = [{ code: 'period-open', reason: 'early' }];
    const items = [
      { id: next, payDate: '2026-03-31', accept },
      { id: ann, ...PAY },
      { id: statementOf('bob'), payDate: '2026-03-01' },
      { id: statementOf('lea'), ...PAY },
      { id: statementOf('nobody'), ...PAY },
    ];
    const done = await calls.post('/v1/statements/bulk-pay', { items }, { key: 'bulk' });
    expect(done.status).toBe(200);
    expect([...done.body.accepted].sort()).toEqual([ann, next, statementOf('lea')].sort());
    expect(done.body.refused.map(({ id, problem }) => [id, problem.code]).sort()).toEqual(
      [
        [statementOf('bob'), 'invalid-pay-date'],
        [statementOf('nobody'), 'not-found'],
      ].sort(),
    );
    expect((await calls.post('/v1/statements/bulk-pay', { items }, { key: 'bulk' })).body).toEqual(done.body);
    // Asked again under another key, what is paid already as asked counts as done.
    const again = await calls.post('/v1/statements/bulk-pay', { items: [{ id: ann, ...PAY }] });
    expect(again.body).toEqual({ accepted: [ann], refused: [] });
    const otherDay = await calls.post('/v1/statements/bulk-pay', { items: [{ id: ann, payDate: '2026-03-28' }] });
    expect(otherDay.body.refused[0]!.problem.code).toBe('paid-is-final');
  });

  it('is for managers only where the tenant says so, and in their own branches', async () => {
    await approvedFence();
    bench.api.pass(20 * DAY);
    const tokenId = await managerOf('b1');
    const elsewhere = await managerOf('b2');
    const pay = (token: string) => calls.post(`/v1/statements/${ann}/pay`, PAY, { tokenId: token });
    expect((await pay(tokenId)).status).toBe(403);
    await bench.context((context) => ({ ...context, managersPayStatements: true }));
    expect((await pay(elsewhere)).status).toBe(404);
    // A manager's own statement is seen wherever it lies, and paid by whoever is in charge of it.
    const own = await bench.api.grant('manager', {
      workerId: workerId('ann'),
      scope: { ...NO_SCOPE, branchIds: [idOf('branch', 'b2')] },
    });
    expect((await pay(own)).status).toBe(403);
    expect((await pay(tokenId)).status).toBe(200);
  });
});

describe('what workers say of their statements (B-142)', () => {
  it('is theirs alone to say; a change of the lines takes an agreement away', async () => {
    const items = await approvedFence();
    const tokenId = await bench.api.grant('worker', { workerId: workerId('ann') });
    const acknowledge = (options: object, body: object = {}) => calls.post(`/v1/statements/${ann}/acknowledge`, body, options);
    expect((await acknowledge({})).status).toBe(403);
    expect((await acknowledge({ tokenId: await bench.api.grant('worker', { workerId: workerId('bob') }) })).status).toBe(404);
    expect((await acknowledge({ as: 'auditor' })).status).toBe(403);
    const mine = items.find((item) => item.workerId === workerId('ann'))!;
    expect((await acknowledge({ tokenId }, { lineItemId: items.find((item) => item !== mine)!.id })).status).toBe(422);
    const done = await acknowledge({ tokenId });
    expect(done.body).toMatchObject({ acknowledgement: { at: bench.api.now() }, disputes: [] });
    expect((await calls.statement(ann)).acknowledgement).toEqual(done.body.acknowledgement);
    await calls.post(`/v1/line-items/${mine.id}/hold`, {});
    await calls.post(`/v1/line-items/${mine.id}/release`, {});
    expect((await calls.statement(ann)).acknowledgement).toBeNull();
    expect((await acknowledge({ tokenId }, { lineItemId: mine.id })).body).toMatchObject({
      acknowledgement: null,
      acknowledgedItems: [{ lineItemId: mine.id }],
    });
    await acknowledge({ tokenId });
    await manual('ann', 'bonus', '5.00');
    const after = await calls.statement(ann);
    expect(after).toMatchObject({ acknowledgement: null, acknowledgedItems: [{ lineItemId: mine.id }] });
    // Paying changes nothing of what was agreed to.
    await acknowledge({ tokenId });
    bench.api.pass(20 * DAY);
    expect((await calls.post(`/v1/statements/${ann}/pay`, PAY)).body.acknowledgement).not.toBeNull();
  });

  it('are disputed with a note, answered by a manager, and block payment where the tenant says so', async () => {
    await approvedFence();
    const tokenId = await bench.api.grant('worker', { workerId: workerId('ann') });
    const path = (verb: string) => `/v1/statements/${ann}/${verb}`;
    expect((await calls.post(path('dispute'), {}, { tokenId })).status).toBe(422);
    await calls.post(path('acknowledge'), {}, { tokenId });
    const said = await calls.post(path('dispute'), { note: 'Monday is missing' }, { tokenId });
    expect(said.body).toMatchObject({
      acknowledgement: null,
      disputes: [{ note: 'Monday is missing', lineItemId: null, answer: null }],
    });
    bench.api.pass(20 * DAY);
    await bench.context((context) => ({ ...context, disputeBlocksPayment: true }));
    expect((await calls.post(path('pay'), PAY)).body.code).toBe('dispute-open');
    expect((await calls.post(path('answer'), { note: 'no' }, { tokenId })).status).toBe(403);
    const manager = await managerOf('b1');
    const answered = await calls.post(path('answer'), { note: 'Monday was a holiday' }, { tokenId: manager });
    expect(answered.body.disputes).toMatchObject([{ answer: { note: 'Monday was a holiday' } }]);
    expect((await calls.post(path('answer'), { note: 'and again' })).body.code).toBe('wrong-state');
    expect((await calls.post(path('pay'), PAY)).status).toBe(200);
    // Without the setting a dispute stops nobody.
    await bench.context((context) => ({ ...context, disputeBlocksPayment: false }));
    const bob = await bench.api.grant('worker', { workerId: workerId('bob') });
    await calls.post(`/v1/statements/${statementOf('bob')}/dispute`, { note: 'too little' }, { tokenId: bob });
    expect((await calls.post(`/v1/statements/${statementOf('bob')}/pay`, PAY)).status).toBe(200);
  });
});

describe('wage figures (B-140)', () => {
  it('follow the items, not the wage alone, and stand still once they are paid', async () => {
    await approvedFence();
    const figures = async () => (await calls.statement(ann)).wageFigures;
    // 30 h of the fence lie before the period; ten more of another day lie in it.
    expect(await figures()).toEqual({ baseWage: null, bonusRate: null, effectiveWage: null });
    await putTime(bench, { id: 'inside', worker: 'ann', job: 'fence', hours: 10, date: '2026-03-11' });
    await bench.settle();
    expect(await figures()).toEqual({ baseWage: null, bonusRate: null, effectiveWage: null });
    await manual('ann', 'bonus', '12.50');
    await bench.settle();
    const known = { baseWage: '25.00', bonusRate: '10.00', effectiveWage: '35.00' };
    expect(await figures()).toEqual(known);
    const [row] = (await calls.get('/v1/statements', { workerId: workerId('ann') })).body.items;
    expect(row).toMatchObject({ wageFigures: known });
    await putWage(bench, 'ann', 300_000, '2026-03-09');
    await bench.settle();
    expect(await figures()).toEqual(known);
    await manual('ann', 'bonus', '100.00');
    await bench.settle();
    const later = { baseWage: '30.00', bonusRate: '20.00', effectiveWage: '50.00' };
    expect(await figures()).toEqual(later);
    bench.api.pass(20 * DAY);
    expect((await calls.post(`/v1/statements/${ann}/pay`, PAY)).body.wageFigures).toEqual(later);
    await putWage(bench, 'ann', 400_000, '2026-03-09');
    await putTime(bench, { id: 'more', worker: 'ann', job: 'fence', hours: 10, date: '2026-03-12' });
    await bench.settle();
    expect(await figures()).toEqual(later);
  });
});

describe('what workers are told of their lines (B-141)', () => {
  it('is what was approved: budget, time, savings, shares, and their own part of it', async () => {
    const retention = { retentionBp: 2_000, retentionDays: 30 };
    await bench.context((context) => ({ ...context, pools: [{ ...POOL, retention: { crew: retention } }] }));
    const items = await approvedFence();
    // What the sources say later changes nothing of it.
    await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 4, date: '2026-03-05' });
    await bench.settle();
    const tokenId = await bench.api.grant('worker', { workerId: workerId('ann') });
    await manual('ann', 'bonus', '5.00');
    const { lines, upcomingItems } = (await calls.statement(ann, { tokenId })) as unknown as {
      lines: Record<string, unknown>[];
      upcomingItems: unknown[];
    };
    const [main, held] = items.filter((item) => item.workerId === workerId('ann'));
    const approved = {
      budgetSeconds: 288_000,
      actualSeconds: 216_000,
      savedSeconds: 72_000,
      savings: '500.00',
      workerShare: '250.00',
      penalty: '0.00',
      completionBp: 10_000,
      pool: { crewBp: 7_000, crewLeadBp: 2_000, managerBp: 1_000, otherBp: 0, companyBp: 0, splitEnabled: true, splitBp: 5_000 },
      crewPool: '175.00',
      distribution: { formula: 'per_hour' },
      own: { seconds: 108_000, crewSeconds: 216_000, wages: ['25.00'] },
      disqualifiers: [],
      penalties: [],
    };
    const job = { id: jobId('fence'), name: 'Elm Street', number: 'fence' };
    expect(upcomingItems).toEqual([]);
    expect(lines).toHaveLength(2);
    expect(lines.find((line) => line.lineItemId === main!.id)).toEqual({
      ...{ lineItemId: main!.id, held: false, heldUntil: null, phase: null, jobs: [job], approved },
    });
    expect(lines.find((line) => line.lineItemId !== main!.id)).toMatchObject({ held: false, jobs: [], approved: null });
    const next = (await calls.statement(statementOf('ann', '2026-04-06'))) as unknown as { lines: Record<string, unknown>[] };
    expect(next.lines).toEqual([
      { lineItemId: held!.id, held: true, heldUntil: '2026-04-09', jobs: [job], phase: null, approved },
    ]);
  });
});
