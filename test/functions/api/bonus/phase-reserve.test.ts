import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBudget, putJob, putTime, putVisit, putWorker, visitId, workerId } from '#test/support/bonus-world.ts';
import { dig, frame, HOUSE, phaseDesk, phaseKey, phasesOn, seedHouse, trim } from '#test/support/phase-world.ts';

/** Phases that fill and draw a reserve (B-114 to B-116). */

let bench: BonusBench;
let desk: ReturnType<typeof phaseDesk>;
beforeEach(async () => {
  bench = await startBonusBench();
  desk = phaseDesk(bench);
});
afterEach(() => bench.stop());

const [ann, bob] = [workerId('ann'), workerId('bob')];
const reserve = async () => (await desk.read()).reserve!;
const alerts = async (kind: string) =>
  (
    await bench.api.call<{ items: { kind: string; items: { propayId: string; href: string }[] }[] }>('GET', '/v1/alerts')
  ).body.items.find((one) => one.kind === kind)?.items;

describe('a reserve', () => {
  beforeEach(async () => {
    await phasesOn(bench, 'reserve');
    await seedHouse(bench);
  });

  it('is filled, drawn and filled in the order of approvals (worked example): 60.00, 0, 120.00', async () => {
    expect(await reserve()).toEqual({ total: '0.00', byWorker: [], ended: false, movements: [] });
    expect(await desk.approve(dig)).toMatchObject({ status: 200, body: { lineItems: [], approval: { total: '60.00' } } });
    expect((await reserve()).total).toBe('60.00');
    expect(await desk.approve(frame)).toMatchObject({ status: 200, body: { lineItems: [], approval: { total: '-60.00' } } });
    expect(await reserve()).toMatchObject({ total: '0.00', byWorker: [{ workerId: ann, amount: '0.00' }] });
    expect(await desk.approve(trim)).toMatchObject({ status: 200, body: { lineItems: [] } });
    await bench.settle();
    expect(await desk.items()).toEqual([]);
    const shown = await desk.read();
    expect(shown).toMatchObject({ status: 'Approved', jobNet: '90.00', reserve: { total: '120.00', ended: true } });
    expect(shown.reserve!.movements.map(({ kind, phaseId, byWorker }) => [kind, phaseId, byWorker[0]!.amount])).toEqual([
      ['approval', dig, '60.00'],
      ['approval', frame, '-60.00'],
      ['approval', trim, '120.00'],
    ]);
    expect(shown.items.map(({ status, settled, stages }) => [status, settled, stages.reserve])).toEqual([
      ['Approved', true, '0.00'],
      ['Approved', true, '0.00'],
      ['Approved', false, '120.00'],
    ]);
  });

  it('is drawn by nothing that was approved later: another order, another end', async () => {
    await desk.approveAll(frame, trim, dig);
    expect((await reserve()).total).toBe('180.00');
  });

  it('goes back step by step: what was drawn refuses, the drawing itself gives back (B-112)', async () => {
    await desk.approveAll(dig, frame);
    expect(await desk.unapprove(dig)).toMatchObject({ status: 409, body: { code: 'partly-paid', workerIds: [ann] } });
    expect(await desk.unapprove(frame)).toMatchObject({ status: 200, body: { status: 'Active' } });
    expect((await reserve()).total).toBe('60.00');
    expect(await desk.unapprove(dig)).toMatchObject({ status: 200 });
    expect((await reserve()).total).toBe('0.00');
    expect((await desk.approve(dig)).status).toBe(200);
    expect((await reserve()).total).toBe('60.00');
  });

  it('is released in part and in full, into items of the release’s day (B-115)', async () => {
    await desk.approveAll(dig, frame, trim);
    expect(await alerts('reserve_left')).toEqual([{ propayId: HOUSE, href: `/v1/propays/${HOUSE}/phases` }]);
    const half = await desk.release({ releaseBp: 5_000 });
    expect(half).toMatchObject({
      status: 200,
      body: {
        reserve: { total: '60.00' },
        lineItems: [
          {
            workerId: ann,
            category: 'phase',
            amount: '60.00',
            approvalDate: '2026-03-10',
            source: { propayId: HOUSE, phaseId: 'reserve' },
          },
        ],
      },
    });
    expect((await desk.phase(trim)).stages).toEqual({ projected: '0.00', reserve: '60.00', approved: '60.00', paid: '0.00' });
    expect(await desk.unapprove(trim)).toMatchObject({ status: 409, body: { code: 'partly-paid' } });
    await bench.settle();
    expect(await desk.pay(half.body.lineItems![0]!.statementId!)).toMatchObject({ status: 200 });
    expect((await desk.phase(trim)).stages).toEqual({ projected: '0.00', reserve: '60.00', approved: '0.00', paid: '60.00' });
    expect((await desk.phase(trim)).status).toBe('Approved');
    expect(await alerts('reserve_left')).toHaveLength(1);
    const rest = await desk.release({ releaseBp: 10_000 });
    await bench.settle();
    expect(await alerts('reserve_left')).toBeUndefined();
    expect(await desk.release({ releaseBp: 10_000 })).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    await desk.pay(rest.body.lineItems![0]!.statementId!);
    expect(await desk.statuses()).toEqual(['Approved', 'Approved', 'Paid']);
    expect((await desk.proPay()).status).toBe('Paid');
    const log = await bench.api.call<{ items: { action: string }[] }>('GET', '/v1/audit', { query: { entityId: HOUSE } });
    expect(new Set(log.body.items.map(({ action }) => action))).toEqual(
      new Set(['propay.created', 'phase.approved', 'propay.reserve_released', 'propay.phases_settled']),
    );
  });

  it('tells on the statement which phase an item is of, and of a release the job alone (B-141)', async () => {
    await desk.approveAll(dig, frame, trim);
    const { body } = await desk.release({ releaseBp: 10_000 });
    await bench.settle();
    const [item] = body.lineItems!;
    const { statementId } = (await desk.items()).find(({ id }) => id === item!.id)!;
    const statement = await bench.api.call<{ lines: Record<string, unknown>[] }>('GET', `/v1/statements/${statementId}`);
    expect(statement.body.lines.filter(({ lineItemId }) => lineItemId === item!.id)).toMatchObject([
      { jobs: [{ id: jobId('house') }], phase: { id: 'reserve', name: null }, approved: null },
    ]);
  });

  it('is money that is coming until it is released, however it was drawn meanwhile (B-141)', async () => {
    const projected = async () => (await bench.api.call('GET', `/v1/workers/${ann}/bonus`)).body.projected;
    expect(await projected()).toBe('180.00');
    await desk.approveAll(dig, frame);
    expect(await projected()).toBe('120.00');
    await desk.approveAll(trim);
    expect(await projected()).toBe('120.00');
    await desk.release({ releaseBp: 5_000 });
    expect(await projected()).toBe('60.00');
  });

  it('is not released twice by one request, nor more than is there by two', async () => {
    await desk.approveAll(dig, trim);
    const same = phaseKey();
    const twice = await Promise.all([1, 2].map(() => desk.release({ releaseBp: 5_000 }, { headers: same })));
    const [first] = twice.filter(({ status }) => status === 200);
    expect(first!.body.lineItems!.map(({ amount }) => amount)).toEqual(['90.00']);
    expect((await reserve()).total).toBe('90.00');
    const all = await Promise.all([1, 2, 3].map(() => desk.release({ releaseBp: 10_000 })));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await desk.items()).map(({ amount }) => amount)).toEqual(['90.00', '90.00']);
    expect((await reserve()).total).toBe('0.00');
  });

  it('stands or falls with the order in which an approval and its undoing arrive', async () => {
    await desk.approveAll(dig);
    await Promise.all([desk.unapprove(dig), desk.approve(frame)]);
    await bench.settle();
    const { total, movements } = await reserve();
    const [first, second] = await desk.statuses();
    // Either the loss found the reserve and holds it, or the reserve was gone before it came.
    expect([first, second, total]).toEqual(
      movements.some(({ kind }) => kind === 'unapproval') ? ['Active', 'Approved', '0.00'] : ['Approved', 'Approved', '0.00'],
    );
  });
});

describe('a reserve of several people', () => {
  it('releases one percentage, or a person’s own, to the cent: half of 120.01 is 60.01, 60.00 stays', async () => {
    await phasesOn(bench, 'reserve', { pool: { crewBp: 10_000 } });
    for (const [name, wage] of [
      ['ann', 400_033],
      ['bob', 133_333],
    ] as const)
      await putWorker(bench, name, wage);
    await putJob(bench, 'house', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
    // One phase for each: 3 h saved at 40.0033 are 120.01; at 13.3333 they are 40.00.
    for (const name of ['ann', 'bob']) {
      await putVisit(bench, 'house', `of-${name}`, { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
      await putBudget(bench, 'house', `of-${name}`, 8);
      await putTime(bench, { id: `t-${name}`, worker: name, job: 'house', visit: `of-${name}`, hours: 5 });
    }
    await bench.settle();
    await desk.approveAll(visitId('of-ann'), visitId('of-bob'));
    expect((await reserve()).byWorker).toEqual(
      [
        { workerId: ann, amount: '120.01' },
        { workerId: bob, amount: '40.00' },
      ].sort((a, b) => (a.workerId < b.workerId ? -1 : 1)),
    );
    const stranger = { releaseBp: 5_000, overrides: [{ workerId: workerId('zoe'), releaseBp: 1 }] };
    expect(await desk.release(stranger)).toMatchObject({ status: 422, body: { code: 'unknown-reference' } });
    const { status, body } = await desk.release({ releaseBp: 5_000, overrides: [{ workerId: bob, releaseBp: 10_000 }] });
    expect(status).toBe(200);
    expect(body.lineItems!.map(({ workerId: who, amount }) => [who, amount]).sort()).toEqual(
      [
        [ann, '60.01'],
        [bob, '40.00'],
      ].sort(),
    );
    expect((await reserve()).byWorker).toContainEqual({ workerId: ann, amount: '60.00' });
    expect((await reserve()).total).toBe('60.00');
  });

  it('holds back of a release what the pool holds back (B-121)', async () => {
    await phasesOn(bench, 'reserve', { pool: { warrantyBp: 2_000, warrantyDays: 365 } });
    await seedHouse(bench);
    await desk.approveAll(dig);
    const { body } = await desk.release({ releaseBp: 10_000 });
    expect(body.lineItems!.map(({ part, amount, status }) => [part, amount, status])).toEqual([
      ['main', '48.00', 'In Process'],
      ['warranty', '12.00', 'Held'],
    ]);
  });
});
