import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBranch, putTime, putWage, putWorker, workerId } from '#test/support/bonus-world.ts';
import { DAY, payCalls, statementOf } from '#test/support/pay-calls.ts';
import { saveArea } from '#test/support/propay-desk.ts';

let bench: BonusBench;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  calls = payCalls(bench);
  await saveArea(bench, 'pay-law', { hoursSource: 'all' });
  await putBranch(bench);
  await bench.settle();
});
afterEach(() => bench.stop());

interface Alert {
  readonly kind: string;
  readonly items: readonly Record<string, unknown>[];
}
const of = async (kind: string, query: Record<string, string> = {}) =>
  (await bench.api.call<{ items: Alert[] }>('GET', '/v1/alerts', { query })).body.items.find((one) => one.kind === kind)?.items ??
  [];
const ann = statementOf('ann');
const LISTED = [{ statementId: ann, workerId: workerId('ann'), href: `/v1/statements/${ann}` }];

/** Hours of ann on five days from 2 March on, and a bonus by hand of that week. */
async function week(hours: number, wageE4: number | null): Promise<void> {
  await putWorker(bench, 'ann', wageE4);
  for (const day of [2, 3, 4, 5, 6])
    await putTime(bench, { id: `t${day}`, worker: 'ann', job: null, hours, date: `2026-03-0${day}` });
  await bench.settle();
}

async function bonus(amount = '200.00', weekStart = '2026-03-02'): Promise<void> {
  const body = { workerId: workerId('ann'), type: 'bonus', purpose: 'safety', amount, weeks: [weekStart] };
  expect((await calls.post('/v1/line-items', body)).status).toBe(201);
  await bench.settle();
}

const pay = () => calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-30' });

describe('a premium that is not paid (B-210)', () => {
  it('asks for its payment once the payday of its statement is past', async () => {
    await week(10, 200_000);
    await bonus();
    // The period ends on 22 March; payday is a week later.
    bench.api.pass(19 * DAY);
    expect([(await of('statements_to_pay')).length, await of('premiums_overdue')]).toEqual([1, []]);
    bench.api.pass(DAY);
    expect(await of('premiums_overdue')).toEqual(LISTED);
    await saveArea(bench, 'pay-law', { paydayDays: 14 });
    expect(await of('premiums_overdue')).toEqual([]);
    await saveArea(bench, 'pay-law', { paydayDays: 0 });
    expect((await pay()).status).toBe(200);
    await bench.settle();
    expect(await of('premiums_overdue')).toEqual([]);
  });

  it('is asked for of premiums alone', async () => {
    await week(8, 200_000);
    await bonus();
    bench.api.pass(30 * DAY);
    expect([(await of('statements_to_pay')).length, await of('premiums_overdue')]).toEqual([1, []]);
  });
});

describe('a week below the minimum wage (B-216)', () => {
  it('is told on the statement and asked about, and keeps nobody from paying', async () => {
    await putWorker(bench, 'ann', 65_000);
    await putTime(bench, { id: 'one', worker: 'ann', job: null, hours: 10, date: '2026-03-09' });
    await bench.settle();
    // 65.00 and a bonus of 7.50 are exactly the 72.50 that 10 hours ask for.
    await bonus('7.50', '2026-03-09');
    expect((await calls.statement(ann)).wageFloors).toEqual([]);
    await putWage(bench, 'ann', 50_000, '2026-03-05');
    await bonus('4.00', '2026-03-09');
    const floors = [
      {
        ...{ weekStart: '2026-03-09', totalSeconds: 36_000, missing: [] },
        ...{ pay: '61.50', minimumPay: '72.50', short: '11.00' },
      },
    ];
    expect((await calls.statement(ann)).wageFloors).toEqual(floors);
    expect(await of('below_minimum_wage')).toEqual(LISTED);
    bench.api.pass(20 * DAY);
    expect((await pay()).body).toMatchObject({ status: 'Paid', wageFloors: floors });
    expect(await of('below_minimum_wage')).toEqual([]);
  });

  it('holds for every hour under California’s law, where no bonus makes up for it', async () => {
    await putWorker(bench, 'ann', 165_000);
    const own = { premiumPolicy: null, workweekStart: null, stateRule: 'california', deductionPolicy: null };
    const minimumWages = [{ effectiveFrom: '2026-01-01', wageE4: 169_000 }];
    await saveArea(bench, 'pay-law', { branches: { [idOf('branch', 'b1')]: { ...own, minimumWages } } });
    await putTime(bench, { id: 'one', worker: 'ann', job: null, hours: 10, date: '2026-03-09' });
    await bench.settle();
    await bonus('500.00', '2026-03-09');
    expect((await calls.statement(ann)).wageFloors).toMatchObject([{ pay: '165.00', minimumPay: '169.00', short: '4.00' }]);
  });

  it('cannot be told without a wage, and says so', async () => {
    await putWorker(bench, 'ann', null);
    await putTime(bench, { id: 'one', worker: 'ann', job: null, hours: 10, date: '2026-03-09' });
    await bench.settle();
    await bonus('500.00', '2026-03-09');
    expect((await calls.statement(ann)).wageFloors).toEqual([
      {
        ...{ weekStart: '2026-03-09', totalSeconds: 36_000, missing: [`wage:${workerId('ann')}`] },
        ...{ pay: null, minimumPay: null, short: null },
      },
    ]);
    expect(await of('below_minimum_wage')).toEqual([]);
  });
});

describe('a policy that is off (B-201)', () => {
  const silent = { workweekStart: null, stateRule: null, deductionPolicy: null, minimumWages: [] };
  const b1 = idOf('branch', 'b1');

  it('is told as long as it is, with who chose it and when', async () => {
    expect(await of('premium_policy_off')).toEqual([]);
    await saveArea(bench, 'pay-law', { premiumPolicy: 'off' });
    const at = bench.api.now();
    bench.api.pass(DAY);
    await saveArea(bench, 'pay-law', { paydayDays: 3, switchedOff: { tenant: { by: 'somebody else' } } });
    const [notice] = await of('premium_policy_off');
    const audit = await bench.api.call<{ items: { actor: { id: string } }[] }>('GET', '/v1/audit');
    expect(notice).toEqual({ by: audit.body.items[0]!.actor.id, at, href: '/v1/settings/pay-law' });
    await saveArea(bench, 'pay-law', { premiumPolicy: 'equal_weeks' });
    expect(await of('premium_policy_off')).toEqual([]);
  });

  it('names the branch that chose it', async () => {
    const branches = { [b1]: { ...silent, premiumPolicy: 'off' } };
    expect((await saveArea(bench, 'pay-law', { branches })).status).toBe(200);
    expect(await of('premium_policy_off')).toMatchObject([{ branchId: b1, at: bench.api.now() }]);
    expect(await of('premium_policy_off', { branchId: 'b2' })).toEqual([]);
    expect(await of('premium_policy_off', { branchId: b1 })).toHaveLength(1);
  });
});
