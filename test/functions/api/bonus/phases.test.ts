import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OTHER_TENANT } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putTime, workerId } from '#test/support/bonus-world.ts';
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
const whole = (action: string, body: object) => bench.api.call('POST', `${HOUSE_PATH}/${action}`, { body, headers: phaseKey() });

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

  it('tell the worker which phase paid, and what it was approved by (B-141)', async () => {
    await desk.approveAll(dig);
    const [item] = await desk.items();
    const { body } = await bench.api.call<{ lines: { lineItemId: string }[] }>('GET', `/v1/statements/${item!.statementId}`);
    expect(body.lines.filter((line) => line.lineItemId === item!.id)).toMatchObject([
      {
        jobs: [{ id: jobId('house') }],
        phase: { id: dig, name: 'Visit dig' },
        approved: { budgetSeconds: 36_000, actualSeconds: 28_800, savings: '60.00', own: { seconds: 28_800 } },
      },
    ]);
  });

  it('that are decided are no more projected: what is coming counts every cent once (B-141)', async () => {
    const coming = async () => (await bench.api.call('GET', `/v1/workers/${ann}/bonus`)).body;
    expect(await coming()).toMatchObject({ projected: '180.00', inProcess: '0.00' });
    await desk.approveAll(dig);
    const [item] = await desk.items();
    expect(item!.amount).toBe('60.00');
    expect((await coming()).projected).toBe('120.00');
    await desk.pay(item!.statementId!);
    expect((await coming()).projected).toBe('120.00');
  });

  it('are taken out and in again, and count in nothing while they are out (B-112)', async () => {
    expect(await desk.act(trim, 'exclude', { reason: 'a show house' })).toMatchObject({
      status: 200,
      body: { status: 'Excluded' },
    });
    expect(await desk.read()).toMatchObject({ payouts: '60.00', jobNet: '-30.00' });
    expect(await desk.approve(trim)).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect(await desk.act(trim, 'include')).toMatchObject({ status: 200, body: { status: 'Active' } });
    expect(await desk.read()).toMatchObject({ payouts: '180.00', jobNet: '90.00' });
    await desk.approveAll(dig);
    expect(await desk.act(dig, 'exclude', { reason: 'late' })).toMatchObject({ status: 409 });
  });

  it('of a canceled ProPay nobody decides on; restored, they are as they were', async () => {
    expect((await whole('cancel', { reason: 'not built' })).status).toBe(200);
    expect(await desk.act(dig, 'approve', { inputsVersion: 'any' })).toMatchObject({
      status: 409,
      body: { code: 'wrong-state' },
    });
    expect((await desk.act(dig, 'exclude', { reason: 'x' })).status).toBe(409);
    expect((await whole('restore', {})).status).toBe(200);
    await bench.settle();
    expect((await desk.approve(dig)).body.lineItems.map(({ amount }) => amount)).toEqual(['60.00']);
  });

  it('approve what was seen, where an entry comes late at the same time: nothing is paid that nobody saw', async () => {
    const { inputsVersion } = await desk.phase(dig);
    const late = putTime(bench, { id: 'late', worker: 'ann', job: 'house', visit: 'dig', hours: 1, date: '2026-03-02' });
    const [answer] = await Promise.all([desk.act(dig, 'approve', { inputsVersion }), late]);
    await bench.settle();
    const standing = (await desk.items()).map(({ amount }) => amount);
    const { status, sourceChange } = await desk.phase(dig);
    if (answer.status === 200) {
      expect([status, standing, sourceChange?.delta]).toEqual(['Approved', ['60.00'], '-30.00']);
    } else {
      expect([answer.status, status, standing]).toEqual([409, 'Active', []]);
    }
  });

  it('are either taken back or paid, never both', async () => {
    await desk.approveAll(dig);
    const [item] = await desk.items();
    const [undone, paid] = await Promise.all([desk.unapprove(dig), desk.pay(item!.statementId!)]);
    await bench.settle();
    const standing = (await desk.items()).find(({ id }) => id === item!.id)!.status;
    // Who pays after it was taken back pays the rest of the statement.
    expect(standing === 'Paid' ? [undone.status, paid.status] : [undone.status]).toEqual(
      standing === 'Paid' ? [409, 200] : [200],
    );
    expect(['Voided', 'Paid']).toContain(standing);
    expect((await desk.phase(dig)).status).toBe(standing === 'Paid' ? 'Paid' : 'Active');
  });

  it('answer one request once, however often it is sent', async () => {
    const { inputsVersion } = await desk.phase(dig);
    const headers = phaseKey();
    const answers = await Promise.all([1, 2, 3].map(() => desk.act(dig, 'approve', { inputsVersion }, { headers })));
    const again = await desk.act(dig, 'approve', { inputsVersion }, { headers });
    expect(again.status).toBe(200);
    for (const one of answers.filter(({ status }) => status === 200)) expect(one.body).toEqual(again.body);
    expect(await desk.act(dig, 'approve', { inputsVersion: 'other' }, { headers })).toMatchObject({ status: 422 });
    expect((await desk.items()).map(({ amount }) => amount)).toEqual(['60.00']);
  });

  it('are decided on by who is in charge, and shown to the others as far as it is theirs', async () => {
    const { inputsVersion } = await desk.phase(dig);
    for (const as of ['crew_lead', 'worker', 'auditor'] as const)
      expect((await desk.act(dig, 'approve', { inputsVersion }, { as })).status, as).toBe(403);
    const path = `${HOUSE_PATH}/phases`;
    expect((await bench.api.call('GET', path, { tenant: OTHER_TENANT })).status).toBe(404);
    const tokenId = await bench.api.grant('worker', { workerId: workerId('bob') });
    expect((await bench.api.call('GET', path, { tokenId })).status).toBe(404);
    const own = await bench.api.call<{ items: { result: { payouts: { workerId: string }[] } }[] }>('GET', path, {
      tokenId: await bench.api.grant('worker', { workerId: ann }),
    });
    expect(own.status).toBe(200);
    for (const { result } of own.body.items) for (const one of result.payouts) expect(one.workerId).toBe(ann);
  });
});

describe('phases by rules (B-111)', () => {
  it('gather what matches first, and all the rest in one', async () => {
    const rule = (id: string, keyword: string) => ({ id, name: id, serviceType: null, keyword, divisionId: null });
    await phasesOn(bench, 'independent', { rules: [rule('ground', 'DIG'), rule('none', 'roof')] });
    await seedHouse(bench);
    const { items } = await desk.read();
    expect(items.map(({ id, name, result }) => [id, name, result.savings])).toEqual([
      ['ground', 'ground', '60.00'],
      // 20 and 16 hours of budget, 23 and 12 worked.
      ['other', 'Other', '30.00'],
    ]);
    await desk.approveAll('ground', 'other');
    expect((await desk.items()).map(({ amount }) => amount).sort()).toEqual(['30.00', '60.00']);
    expect((await desk.proPay()).status).toBe('Approved');
  });

  it('hold no figures for the whole: neither amounts by hand nor lead pay (B-61, B-70)', async () => {
    await phasesOn(bench, 'independent');
    await seedHouse(bench);
    const patch = async (body: object) => {
      const { headers } = await bench.api.call('GET', HOUSE_PATH);
      return bench.api.call('PATCH', HOUSE_PATH, { body, headers: { 'if-match': headers.etag! } });
    };
    const amounts = [{ workerId: ann, amount: '90.00' }];
    for (const body of [{ distribution: { formula: 'manual', amounts } }, { leadPay: '50.00' }])
      expect(await patch(body)).toMatchObject({ status: 409, body: { code: 'phased' } });
    expect((await patch({ distribution: { formula: 'per_head' } })).status).toBe(200);
  });
});
