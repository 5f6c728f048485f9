import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { workerId } from '#test/support/bonus-world.ts';
import { dig, frame, HOUSE, HOUSE_PATH, phaseDesk, phaseKey, phasesOn, seedHouse, trim } from '#test/support/phase-world.ts';

/** Phased ProPays whose phases are paid on their own (B-110 to B-113). */

let bench: BonusBench;
let desk: ReturnType<typeof phaseDesk>;
beforeEach(async () => {
  bench = await startBonusBench();
  desk = phaseDesk(bench);
});
afterEach(() => bench.stop());

const ann = workerId('ann');

describe('independent phases', () => {
  beforeEach(async () => {
    await phasesOn(bench, 'independent');
    await seedHouse(bench);
  });

  it('pay on their own; the one over budget pays nothing and takes nothing back (worked example)', async () => {
    const shown = await desk.read();
    expect(shown).toMatchObject({ mode: 'independent', status: 'Active', jobNet: '90.00', payouts: '180.00', reserve: null });
    expect(
      shown.items.map(({ id, status, ready, result, stages }) => [id, status, ready, result.savings, stages.projected]),
    ).toEqual([
      [dig, 'Active', true, '60.00', '60.00'],
      [frame, 'Active', true, '-90.00', '0.00'],
      [trim, 'Active', true, '120.00', '120.00'],
    ]);
    expect(await desk.proPay()).toMatchObject({
      phaseMode: 'independent',
      status: 'Active',
      ready: false,
      result: { savings: '90.00' },
    });
    const [first, second, third] = await desk.approveAll(dig, frame, trim);
    expect(first).toMatchObject({
      status: 200,
      body: {
        status: 'Approved',
        approval: { total: '60.00' },
        lineItems: [{ workerId: ann, category: 'phase', amount: '60.00' }],
      },
    });
    expect(first!.body.lineItems[0]!.source).toEqual({ propayId: HOUSE, phaseId: dig });
    expect(second).toMatchObject({ status: 200, body: { status: 'Approved', settled: true, lineItems: [] } });
    expect(third!.body.lineItems.map(({ amount }) => amount)).toEqual(['120.00']);
    expect((await desk.items()).map(({ amount }) => amount).sort()).toEqual(['120.00', '60.00']);
    expect(await desk.read()).toMatchObject({ status: 'Approved', jobNet: '90.00', payouts: '180.00' });
  });

  it('are Paid with their last item, and the ProPay with the last of them', async () => {
    await desk.approveAll(dig, frame);
    const [item] = await desk.items();
    expect(await desk.pay(item!.statementId!)).toMatchObject({ status: 200 });
    expect(await desk.statuses()).toEqual(['Paid', 'Approved', 'Active']);
    expect((await desk.phase(dig)).stages).toEqual({ projected: '0.00', reserve: '0.00', approved: '0.00', paid: '60.00' });
    expect(await desk.unapprove(dig)).toMatchObject({ status: 409, body: { code: 'paid-is-final' } });
    expect((await desk.proPay()).status).toBe('Active');
    await desk.approveAll(trim);
    expect((await desk.proPay()).status).toBe('Approved');
    const open = (await desk.items()).find(({ status }) => status !== 'Paid');
    expect(await desk.pay(open!.statementId!)).toMatchObject({ status: 200 });
    expect(await desk.statuses()).toEqual(['Paid', 'Approved', 'Paid']);
    expect((await desk.proPay()).status).toBe('Paid');
  });

  it('are refused as a whole: approving, unapproving, canceling', async () => {
    const { inputsVersion } = await desk.proPay();
    const whole = (action: string, body: object) =>
      bench.api.call('POST', `${HOUSE_PATH}/${action}`, { body, headers: phaseKey() });
    expect(await whole('approve', { inputsVersion })).toMatchObject({ status: 409, body: { code: 'phased' } });
    await desk.approveAll(dig);
    expect(await whole('unapprove', { reason: 'x' })).toMatchObject({ status: 409, body: { code: 'phased' } });
    expect(await whole('cancel', { reason: 'x' })).toMatchObject({ status: 409, body: { code: 'approved-unapprove-first' } });
    const bulk = await bench.api.call<{ items: { status: number; code: string }[] }>('POST', '/v1/propays/bulk-approve', {
      body: { items: [{ id: HOUSE, inputsVersion }] },
      headers: phaseKey(),
    });
    expect(JSON.stringify(bulk.body)).toContain('phased');
  });

  it('take an approval back: items voided, figures calculated again', async () => {
    await desk.approveAll(dig);
    expect(await desk.unapprove(dig)).toMatchObject({ status: 200, body: { status: 'Active', approval: null } });
    expect((await desk.items()).map(({ status }) => status)).toEqual(['Voided']);
    expect(await desk.unapprove(dig)).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect((await desk.approve(dig)).body.lineItems.map(({ amount }) => amount)).toEqual(['60.00']);
    expect((await desk.items()).map(({ status }) => status).sort()).toEqual(['In Process', 'Voided']);
  });

  it('approve what the approver saw, once, whoever asks how often', async () => {
    const { inputsVersion } = await desk.phase(dig);
    expect(await desk.act(dig, 'approve', { inputsVersion: 'old' })).toMatchObject({
      status: 409,
      body: { code: 'inputs-changed', inputsVersion, difference: { savings: '0.00' } },
    });
    const answers = await Promise.all([1, 2, 3].map(() => desk.act(dig, 'approve', { inputsVersion })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await desk.items()).map(({ amount }) => amount)).toEqual(['60.00']);
    const race = await Promise.all([desk.unapprove(dig), desk.approve(frame), desk.unapprove(dig), desk.approve(trim)]);
    expect(race.filter(({ status }) => status === 200)).toHaveLength(3);
    await bench.settle();
    expect(await desk.statuses()).toEqual(['Active', 'Approved', 'Approved']);
    const standing = (await desk.items()).filter(({ status }) => status !== 'Voided');
    expect(standing.map(({ amount }) => amount)).toEqual(['120.00']);
  });
});
