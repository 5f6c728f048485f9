import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readContext } from '#store/settings-repository.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBranch, putTime, putWorker, workerId } from '#test/support/bonus-world.ts';
import { DAY, payCalls, statementOf } from '#test/support/pay-calls.ts';
import { saveArea } from '#test/support/propay-desk.ts';

/** Who computes the overtime premium, as the tenant declares it for each export target (B-221). */

let bench: BonusBench;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  calls = payCalls(bench);
  await putBranch(bench);
  await bench.settle();
});
afterEach(() => bench.stop());

const target = (mode: string, more: object = {}) => ({ mode, bonusOutsideOvertime: false, codes: {}, ...more });
const targets = (list: object) => saveArea(bench, 'exports', { targets: list });
const ann = statementOf('ann');

/** Example B: 50 hours at 20.00, a bonus of 200.00, so a premium of 20.00. */
async function exampleB(hoursSource = 'all'): Promise<void> {
  await saveArea(bench, 'pay-law', { hoursSource });
  await putWorker(bench, 'ann', 200_000);
  for (const day of [2, 3, 4, 5, 6])
    await putTime(bench, { id: `t${day}`, worker: 'ann', job: null, hours: 10, date: `2026-03-0${day}` });
  await bench.settle();
  const body = { workerId: workerId('ann'), type: 'bonus', purpose: 'safety', amount: '200.00', weeks: ['2026-03-02'] };
  expect((await calls.post('/v1/line-items', body)).status).toBe(201);
  await bench.settle();
}

describe('a premium that payroll computes', () => {
  it('is shown, but neither payable nor asked about; what is paid stays as it was', async () => {
    await exampleB();
    const counted = { premium: '20.00', informationalPremium: '0.00', payable: '220.00' };
    const shown = { premium: '0.00', informationalPremium: '20.00', payable: '200.00' };
    expect(await calls.statement(ann)).toMatchObject(counted);
    await targets({ gusto: target('bonus_only') });
    expect(await calls.statement(ann)).toMatchObject(shown);
    expect((await calls.get('/v1/statements', { workerId: workerId('ann') })).body.items).toMatchObject([shown]);
    expect((await calls.statement(ann)).items.map(({ type }) => type).sort()).toEqual(['bonus', 'premium']);
    // One target that takes our premiums makes them count again.
    await targets({ gusto: target('bonus_by_workweek'), adp: target('bonus_plus_premium') });
    expect(await calls.statement(ann)).toMatchObject(counted);
    await targets({ gusto: target('bonus_by_workweek') });
    bench.api.pass(30 * DAY);
    const overdue = (await bench.api.call<{ items: { kind: string }[] }>('GET', '/v1/alerts')).body.items;
    expect(overdue.map(({ kind }) => kind)).not.toContain('premiums_overdue');
    const paid = await calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-04-01' });
    expect(paid.body).toMatchObject({ status: 'Paid', ...shown });
    await targets({});
    expect(await calls.statement(ann)).toMatchObject(shown);
  });

  it('asks for nobody’s acceptance while hours may be missing', async () => {
    await exampleB('jobs_only');
    bench.api.pass(30 * DAY);
    const pay = () => calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-04-01' });
    expect((await pay()).body.code).toBe('premium-incomplete');
    await targets({ gusto: target('bonus_only') });
    expect((await pay()).body).toMatchObject({ status: 'Paid', payable: '200.00' });
  });
});

describe('settings under which nobody would pay the premium', () => {
  const silent = { workweekStart: null, stateRule: null, deductionPolicy: null, minimumWages: [] };

  it('are refused from both sides', async () => {
    expect((await targets({ adp: target('bonus_plus_premium') })).status).toBe(200);
    const refused = { status: 422, body: { code: 'premium-paid-by-nobody', target: 'adp' } };
    expect(await saveArea(bench, 'pay-law', { premiumPolicy: 'off' })).toMatchObject(refused);
    const branches = { [idOf('branch', 'b1')]: { ...silent, premiumPolicy: 'off' } };
    expect(await saveArea(bench, 'pay-law', { branches })).toMatchObject(refused);
    expect((await readContext(bench.table, bench.scope))!.payLaw.premiumPolicy).toBe('by_earned_hours');
    await targets({ adp: target('bonus_only') });
    expect((await saveArea(bench, 'pay-law', { premiumPolicy: 'off' })).status).toBe(200);
    expect(await targets({ adp: target('bonus_plus_premium') })).toMatchObject(refused);
    expect((await readContext(bench.table, bench.scope))!.exportTargets.adp?.mode).toBe('bonus_only');
  });

  it('are also a payroll that computes it on an earning outside of overtime', async () => {
    const outside = { bonusOutsideOvertime: true };
    for (const mode of ['bonus_only', 'bonus_by_workweek'])
      expect(await targets({ gusto: target(mode, outside) })).toMatchObject({
        status: 422,
        body: { code: 'premium-paid-by-nobody', target: 'gusto' },
      });
    expect((await targets({ gusto: target('bonus_plus_premium', outside) })).status).toBe(200);
  });

  it('are the tenant’s own matter outside of the United States', async () => {
    await bench.context((context) => ({ ...context, country: 'CA' }));
    expect((await saveArea(bench, 'pay-law', { premiumPolicy: 'off' })).status).toBe(200);
    expect((await targets({ generic: target('bonus_plus_premium') })).status).toBe(200);
  });
});

describe('the targets (B-221, B-224)', () => {
  it('are none until somebody chooses a mode', async () => {
    const { body } = await bench.api.call<{ values: unknown }>('GET', '/v1/settings/exports');
    expect(body.values).toEqual({ targets: {} });
  });

  it.each([
    [{ gusto: { bonusOutsideOvertime: false, codes: {} } }, 'invalid-body'],
    [{ gusto: target('sometimes') }, 'invalid-body'],
    [{ sap: target('bonus_only') }, 'invalid-body'],
    [{ gusto: target('bonus_only', { codes: { tips: 'T' } }) }, 'invalid-body'],
    [{ gusto: target('bonus_only', { codes: { bonus: '' } }) }, 'invalid-body'],
    [{ adp: target('bonus_plus_premium', { codes: { bonus: 'B', premium_flsa_207: 'B ' } }) }, 'duplicate-id'],
  ])('refuse %j', async (list, code) => {
    expect(await targets(list)).toMatchObject({ status: 422, body: { code } });
  });

  it('are changed by an admin alone', async () => {
    const { headers } = await bench.api.call('GET', '/v1/settings/exports');
    const body = { area: 'exports', values: { targets: {} } };
    const options = { body, headers: { 'if-match': headers.etag! }, as: 'manager' as const };
    expect((await bench.api.call('PUT', '/v1/settings/exports', options)).status).toBe(403);
  });
});
