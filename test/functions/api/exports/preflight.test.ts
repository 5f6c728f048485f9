import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { putTime, putWorker, workerId } from '#test/support/bonus-world.ts';
import {
  CODES,
  exportDesk,
  nameWorker,
  PEOPLE,
  type Problem,
  STATEMENTS,
  seedPaidPeriod,
  target,
} from '#test/support/export-world.ts';
import { DAY, payCalls, statementOf } from '#test/support/pay-calls.ts';
import { saveArea } from '#test/support/propay-desk.ts';

/** Everything that is wrong with an export is told before its file is made, with whom and what it is about and who acts (B-223). */

let bench: BonusBench;
let desk: ReturnType<typeof exportDesk>;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  desk = exportDesk(bench);
  calls = payCalls(bench);
  await seedPaidPeriod(bench);
});
afterEach(() => bench.stop());

const { ann, bob, lea, cal } = STATEMENTS as { ann: string; bob: string; lea: string; cal: string };
const named = (...statementIds: string[]) => ({ period: undefined, statementIds });
const tell = (problems: readonly Problem[], severity: string) =>
  problems
    .filter((one) => one.severity === severity)
    .map(({ code, who, workerId: worker, subject }) => [code, who, worker, subject]);

/** Prepares an export, expects these errors, that they keep the file from being made, and gives its id. */
async function refused(body: object, errors: readonly unknown[]): Promise<string> {
  const prepared = await desk.prepare(body);
  expect(prepared.status, JSON.stringify(prepared.body)).toBe(201);
  expect(tell(prepared.body.preflight, 'error')).toEqual(errors);
  const made = await desk.make(prepared.body.id);
  expect([made.status, made.body.code]).toEqual([409, 'preflight-failed']);
  expect(tell(made.body.preflight, 'error')).toEqual(errors);
  expect((await desk.get(prepared.body.id)).status).toBe('Draft');
  return prepared.body.id;
}

describe('people', () => {
  it('without a payroll id are asked for, until they have one', async () => {
    await nameWorker(bench, 'ann', { ...PEOPLE.ann, payrollId: null });
    const id = await refused(named(ann), [['payroll-id-missing', 'admin', workerId('ann'), null]]);
    await nameWorker(bench, 'ann', PEOPLE.ann);
    expect((await desk.get(id)).preflight).toEqual([]);
    expect((await desk.make(id)).body.status).toBe('Exported');
  });

  it('may go without one where somebody enters the lines by hand', async () => {
    await desk.targets({ quickbooks: target('bonus_plus_premium', { codes: {} }) });
    await nameWorker(bench, 'ann', { ...PEOPLE.ann, payrollId: null });
    const { body } = await desk.prepare({ target: 'quickbooks', ...named(ann) });
    expect(tell(body.preflight, 'warning')).toEqual([['payroll-id-missing', 'admin', workerId('ann'), null]]);
    expect((await desk.make(body.id)).body.status).toBe('Exported');
  });

  it('with one payroll id are two people for us and one for payroll', async () => {
    await nameWorker(bench, 'bob', { ...PEOPLE.bob, payrollId: '000101' });
    const both = ['ann', 'bob'].map(workerId).sort();
    await refused(
      named(ann, bob),
      both.map((id) => ['payroll-id-duplicate', 'admin', id, null]),
    );
  });

  it('with one name are pointed out', async () => {
    await nameWorker(bench, 'bob', { ...PEOPLE.bob, displayName: " ann o'neil" });
    const { body } = await desk.prepare(named(ann, bob));
    const both = ['ann', 'bob'].map(workerId).sort();
    expect(tell(body.preflight, 'warning')).toEqual(both.map((id) => ['duplicate-name', 'payroll', id, null]));
    expect((await desk.make(body.id)).status).toBe(200);
  });

  it('need both of their names in Gusto', async () => {
    await desk.targets({ gusto: target('bonus_only', { codes: {} }) });
    await nameWorker(bench, 'ann', { ...PEOPLE.ann, lastName: null });
    await refused({ target: 'gusto', ...named(ann) }, [['field-invalid', 'admin', workerId('ann'), 'last_name']]);
  });
});

describe('the layout', () => {
  it('asks for the company’s own code', async () => {
    await desk.targets({ adp: target('bonus_only'), paychex: target('bonus_only', { template: { companyCode: 'TOO-LONG-1' } }) });
    for (const name of ['adp', 'paychex'])
      await desk.cancel(await refused({ target: name, ...named(ann) }, [['company-code-missing', 'admin', null, null]]));
  });

  it('asks for codes that are missing or that payroll does not take', async () => {
    const template = { companyCode: 'ACM' };
    await desk.targets({ adp: target('bonus_plus_premium', { template, codes: { bonus: 'BONUS', premium_flsa_207: '40' } }) });
    const id = await refused({ target: 'adp', ...named(cal) }, [
      ['code-unknown', 'admin', null, 'bonus'],
      ['code-unknown', 'admin', null, 'premium_flsa_207'],
      ['code-missing', 'admin', null, 'premium_state_only'],
      ['field-too-long', 'admin', workerId('cal'), 'Earnings 3 Code'],
    ]);
    await desk.targets({ adp: target('bonus_plus_premium', { template }) });
    expect((await desk.make(id)).body.status).toBe('Exported');
  });

  it('does not take what is too long or of other characters', async () => {
    await desk.targets({ paychex: target('bonus_only', { template: { companyCode: '1' } }) });
    await nameWorker(bench, 'ann', { ...PEOPLE.ann, payrollId: '12345678901' });
    await nameWorker(bench, 'bob', { ...PEOPLE.bob, payrollId: 'Nº7' });
    const id = await refused({ target: 'paychex', ...named(ann, bob) }, [
      ['field-too-long', 'admin', workerId('ann'), 'Worker ID'],
      ['field-invalid', 'admin', workerId('bob'), 'Worker ID'],
    ]);
    await desk.cancel(id);
    const columns = ['Employee ID', 'Earning Code', 'Dollars'];
    await desk.targets({ paycom: target('bonus_only', { template: { columns } }) });
    await refused({ target: 'paycom', ...named(bob) }, [['character-not-allowed', 'admin', workerId('bob'), 'Employee ID']]);
  });

  it('of Paycom is confirmed by naming its columns', async () => {
    await desk.targets({ paycom: target('bonus_only') });
    await refused({ target: 'paycom', ...named(ann) }, [['layout-unconfirmed', 'admin', null, null]]);
    for (const columns of [
      ['Employee ID', 'Dollars', 'Hours'],
      ['Employee ID', 'Earning Code', 'Dollars', 'Dollars'],
    ])
      expect((await desk.targets({ paycom: target('bonus_only', { template: { columns } }) })).body.code).toBe(
        'template-incomplete',
      );
  });

  it('of Gusto holds no weeks (B-226)', async () => {
    await desk.targets({ gusto: target('bonus_by_workweek', { codes: {} }) });
    await refused({ target: 'gusto', ...named(ann) }, [['mode-unsupported', 'admin', null, null]]);
  });

  it('has no place for what goes by hand', async () => {
    await desk.targets({ gusto: target('bonus_only', { codes: {} }) });
    const { body } = await desk.prepare({ target: 'gusto', ...named(bob) });
    expect(tell(body.preflight, 'warning')).toEqual([['negative-line', 'payroll', workerId('bob'), 'bonus_deduction']]);
    await desk.cancel(body.id);
    await desk.targets({ gusto: target('bonus_plus_premium', { codes: {} }) });
    const { id } = (await desk.prepare({ target: 'gusto', ...named(cal) })).body;
    const made = (await desk.make(id)).body;
    const byHand = [
      ['worksheet-line', 'payroll', workerId('cal'), 'premium_flsa_207'],
      ['worksheet-line', 'payroll', workerId('cal'), 'premium_state_only'],
    ];
    expect(tell(made.preflight, 'warning')).toEqual(byHand);
    expect(made.files.map(({ part, total }) => [part, total])).toEqual([
      ['file', '90.00'],
      ['worksheet', '50.63'],
    ]);
  });
});

describe('statements', () => {
  it('on which nothing is paid have no line, and are told', async () => {
    const { body } = await desk.prepare(named(lea, ann));
    expect(tell(body.preflight, 'warning')).toEqual([['zero-line', 'payroll', workerId('lea'), null]]);
    await desk.make(body.id);
    expect((await desk.file(body.id)).body.trim().split('\r\n')).toHaveLength(3);
  });

  it('of a period that payroll has closed are refused', async () => {
    await desk.targets({ generic: target('bonus_plus_premium', { codes: CODES, closedThrough: '2026-03-22' }) });
    const id = await refused(named(ann), [['closed-period', 'payroll', workerId('ann'), null]]);
    await desk.targets({ generic: target('bonus_plus_premium', { codes: CODES, closedThrough: '2026-03-21' }) });
    expect((await desk.make(id)).status).toBe(200);
  });

  it('of the period that are not paid are pointed out', async () => {
    await calls.post(`/v1/statements/${ann}/reopen`, { reason: 'wrong date' });
    const { body } = await desk.prepare();
    expect(body.statementIds).not.toContain(ann);
    expect(tell(body.preflight, 'warning')).toContainEqual(['statement-unpaid', 'manager', workerId('ann'), null]);
  });

  it('go in the mode they were prepared in, or not at all', async () => {
    const { id } = (await desk.prepare(named(ann))).body;
    await desk.targets({ generic: target('bonus_only') });
    expect(tell((await desk.get(id)).preflight, 'error')).toEqual([['mode-changed', 'admin', null, null]]);
    await desk.targets({});
    expect((await desk.make(id)).body.code).toBe('preflight-failed');
  });

  it('whose premium lacks hours go with a reason (B-205)', async () => {
    await saveArea(bench, 'pay-law', { hoursSource: 'jobs_only' });
    await putWorker(bench, 'dan', 200_000);
    await nameWorker(bench, 'dan', { displayName: 'Dan', payrollId: '7' });
    for (const day of [23, 24, 25, 26, 27])
      await putTime(bench, { id: `dan${day}`, worker: 'dan', job: null, hours: 10, date: `2026-03-${day}` });
    await bench.settle();
    await calls.post('/v1/line-items', {
      workerId: workerId('dan'),
      type: 'bonus',
      purpose: 'safety',
      amount: '200.00',
      weeks: ['2026-03-23'],
    });
    await bench.settle();
    bench.api.pass(20 * DAY);
    const dan = statementOf('dan', '2026-03-23');
    const accept = [{ code: 'premium-incomplete', reason: 'the sheets are in' }];
    expect((await calls.post(`/v1/statements/${dan}/pay`, { payDate: '2026-04-10', accept })).body).toMatchObject({
      payable: '220.00',
    });
    const { body } = await desk.prepare(named(dan));
    expect(tell(body.preflight, 'error')).toEqual([['premium-incomplete', 'manager', workerId('dan'), '2026-03-23']]);
    expect((await desk.make(body.id)).body.code).toBe('premium-incomplete');
    expect((await desk.make(body.id, { accept: [{ code: 'premium-incomplete', reason: ' ' }] })).body.code).toBe(
      'premium-incomplete',
    );
    const made = await desk.make(body.id, { accept });
    expect(made.body).toMatchObject({ status: 'Exported', total: '220.00', accepted: accept });
  });
});
