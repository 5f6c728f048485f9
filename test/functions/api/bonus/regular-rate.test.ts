import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLineItem } from '#store/pay-repository.ts';
import { NO_SCOPE } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBranch, putTime, putWorker, workerId } from '#test/support/bonus-world.ts';
import { DAY, payCalls, statementOf } from '#test/support/pay-calls.ts';
import { saveArea } from '#test/support/propay-desk.ts';

let bench: BonusBench;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  calls = payCalls(bench);
  await saveArea(bench, 'pay-law', { hoursSource: 'all' });
  await putBranch(bench);
  await putWorker(bench, 'ann', 200_000);
  // Example B: 50 hours in the week of 2 March.
  for (const [index, hours] of [10, 10, 10, 10, 10].entries())
    await putTime(bench, { id: `t${index}`, worker: 'ann', job: null, hours, date: `2026-03-0${index + 2}` });
  await bench.settle();
});
afterEach(() => bench.stop());

const BONUS = { type: 'bonus', purpose: 'safety', amount: '200.00', weeks: ['2026-03-02'] };
const GIFT = { ground: 'gift', reason: 'ten years with us' };
const make = (body: object = {}, options: object = {}) =>
  calls.post('/v1/line-items', { workerId: workerId('ann'), ...BONUS, ...body }, options);
const ann = statementOf('ann');

describe('a bonus by hand and the regular rate (B-209)', () => {
  it('counts in it unless somebody says otherwise, and owes its premium', async () => {
    const made = await make();
    await bench.settle();
    expect(made.body.rateExclusion).toBeNull();
    expect(await calls.statement(ann)).toMatchObject({ bonuses: '200.00', premium: '20.00', payable: '220.00' });
  });

  it('excluded on a ground of the law owes none, and keeps ground, law, reason and who decided it', async () => {
    const made = await make({ rateExclusion: GIFT });
    await bench.settle();
    expect(made.status).toBe(201);
    const kept = { ...GIFT, legalBasis: '29 CFR 778.212', by: expect.any(String) };
    expect(made.body.rateExclusion).toEqual(kept);
    expect((await readLineItem(bench.table, bench.scope, made.body.id))!.rateExclusion).toEqual(kept);
    expect(await calls.statement(ann)).toMatchObject({ bonuses: '200.00', premium: '0.00', payable: '200.00' });
    const audit = await bench.api.call<{ items: Record<string, unknown>[] }>('GET', '/v1/audit');
    expect(audit.body.items.find((entry) => entry.action === 'line_item.created')).toMatchObject({
      after: { rateExclusion: kept },
    });
  });

  it('beside one that counts takes nothing off its premium', async () => {
    await make();
    await make({ rateExclusion: { ...GIFT, ground: 'reimbursement' } });
    await bench.settle();
    expect(await calls.statement(ann)).toMatchObject({ bonuses: '400.00', premium: '20.00', payable: '420.00' });
  });

  it('keeps its exclusion where smaller ones take its place', async () => {
    const { id } = (await make({ rateExclusion: GIFT })).body;
    const replacements = [{ amount: '150.00' }, { amount: '50.00' }];
    const done = await calls.post(`/v1/line-items/${id}/void`, { reason: 'in two parts', replacements });
    expect((done.body.replacedBy as { rateExclusion: { ground: string } }[]).map((part) => part.rateExclusion.ground)).toEqual([
      'gift',
      'gift',
    ]);
    await bench.settle();
    expect(await calls.statement(ann)).toMatchObject({ premium: '0.00', payable: '200.00' });
  });

  it('is excluded by an admin alone, for a reason, and never a deduction', async () => {
    const manager = await bench.api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [idOf('branch', 'b1')] } });
    expect(await make({ rateExclusion: GIFT }, { tokenId: manager })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    for (const wrong of [{ ...GIFT, reason: '  ' }, { ...GIFT, ground: 'habit' }, { ground: 'gift' }])
      expect(await make({ rateExclusion: wrong }), JSON.stringify(wrong)).toMatchObject({
        status: 422,
        body: { code: 'invalid-body' },
      });
    const deduction = { type: 'deduction', purpose: 'correction', weeks: undefined, rateExclusion: GIFT };
    expect((await make(deduction)).body.code).toBe('invalid-body');
    expect((await calls.get('/v1/line-items')).body.items).toEqual([]);
    expect((await make({}, { tokenId: manager })).status).toBe(201);
  });
});

describe('the hours of a pay period (B-202)', () => {
  const confirm = (...startDates: string[]) =>
    saveArea(bench, 'pay-law', { confirmedHours: startDates.map((startDate) => ({ calendarId: 'tenant', startDate })) });
  const premiumLabels = async () =>
    (await calls.get('/v1/line-items', { workerId: workerId('ann') })).body.items
      .filter((item) => item.type === 'premium')
      .map((item) => (item.premium as { label: string | null }).label);

  beforeEach(() => saveArea(bench, 'pay-law', { hoursSource: 'jobs_only' }));

  it('can be confirmed where the sources do not promise them: its weeks are complete, and their premiums paid without a question', async () => {
    await make();
    await bench.settle();
    expect(await premiumLabels()).toEqual(['incomplete']);
    bench.api.pass(20 * DAY);
    const pay = () => calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-27' });
    expect((await pay()).body.code).toBe('premium-incomplete');
    const saved = await confirm('2026-02-23');
    expect(saved.status).toBe(200);
    expect((saved.body as { values: { confirmedHours: unknown } }).values.confirmedHours).toEqual([
      { calendarId: 'tenant', startDate: '2026-02-23', endDate: '2026-03-08', by: expect.any(String), at: bench.api.now() },
    ]);
    expect((await pay()).body).toMatchObject({ status: 'Paid', payable: '220.00' });
  });

  it('is asked of every pay period that a week lies in', async () => {
    await saveArea(bench, 'payroll', { frequency: 'semimonthly', periodStart: { startDays: [1, 5] } });
    await make();
    await bench.settle();
    bench.api.pass(40 * DAY);
    const open = (await calls.get('/v1/statements', { workerId: workerId('ann') })).body.items[0]!;
    const pay = () => calls.post(`/v1/statements/${open.id}/pay`, { payDate: '2026-04-10' });
    expect((await confirm('2026-03-01')).status).toBe(200);
    expect((await pay()).body.code).toBe('premium-incomplete');
    expect((await confirm('2026-03-01', '2026-03-05')).status).toBe(200);
    expect((await pay()).body.status).toBe('Paid');
  });

  it('keeps who confirmed it, whatever is sent, and takes back what is left out', async () => {
    await confirm('2026-02-09');
    const first = {
      calendarId: 'tenant',
      startDate: '2026-02-09',
      endDate: '2026-02-22',
      by: expect.any(String),
      at: bench.api.now(),
    };
    bench.api.pass(DAY);
    const both = await saveArea(bench, 'pay-law', {
      confirmedHours: [
        { calendarId: 'tenant', startDate: '2026-02-23', endDate: '2030-01-01', by: 'the boss' },
        { calendarId: 'tenant', startDate: '2026-02-09' },
      ],
    });
    const { confirmedHours } = (both.body as { values: { confirmedHours: { by: string; endDate: string }[] } }).values;
    expect(confirmedHours[0]).toEqual(first);
    expect(confirmedHours[1]).toMatchObject({ endDate: '2026-03-08', by: expect.not.stringContaining('boss') });
    expect(((await confirm()).body as { values: { confirmedHours: unknown } }).values.confirmedHours).toEqual([]);
  });

  it.each([
    ['a day that is no first day', 'tenant', '2026-02-24', 422, 'invalid-body'],
    ['a period that is not over', 'tenant', '2026-03-09', 409, 'period-open'],
    ['a calendar that is not there', 'b9', '2026-02-23', 422, 'unknown-reference'],
  ])('refuses %s', async (_what, calendarId, startDate, status, code) => {
    const saved = await saveArea(bench, 'pay-law', { confirmedHours: [{ calendarId, startDate }] });
    expect(saved).toMatchObject({ status, body: { code } });
  });

  it('refuses a period that is named twice', async () => {
    expect(await confirm('2026-02-23', '2026-02-23')).toMatchObject({ status: 422, body: { code: 'duplicate-id' } });
  });
});
