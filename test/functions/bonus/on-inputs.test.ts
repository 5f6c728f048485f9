import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { readProPay } from '#store/propay-repository.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  idOf,
  jobId,
  putBranch,
  putBudget,
  putDrive,
  putJob,
  putTime,
  putVisit,
  putWage,
  putWorker,
  seedFence,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
const stopAll: (() => Promise<void>)[] = [];
beforeAll(() => {});
afterAll(async () => {
  for (const stop of stopAll) await stop();
});
const proPayOf = async (target: { jobId: string; milestoneId: string | null }) =>
  (await readProPay(bench.table, bench.scope, firstProPayId(target)))!;

describe('creation and figures', () => {
  it('makes the ProPay of a completed job with the published figures (B-9)', async () => {
    stopAll.push(bench.stop);
    const target = await seedFence(bench);
    await bench.settle();
    const { proPay, result } = await proPayOf(target);
    expect(proPay).toMatchObject({ reference: 'PP-1', status: 'Active', title: 'Elm Street', branchId: idOf('branch', 'b1') });
    expect(result).toMatchObject({ outcome: 'applies', missing: [], completedAtSource: true, cfgRev: 1 });
    expect(result.figures).toMatchObject({
      budgetSeconds: 288_000,
      actualCostCents: 150_000,
      savingsCents: 50_000,
      workerShareCents: 25_000,
      companyKeepsCents: 25_000,
    });
    expect(result.figures!.payouts).toEqual([
      { workerId: [workerId('ann'), workerId('bob')].sort()[0], role: 'crew', cents: 8_750, seconds: 108_000 },
      { workerId: [workerId('ann'), workerId('bob')].sort()[1], role: 'crew', cents: 8_750, seconds: 108_000 },
      { workerId: workerId('lea'), role: 'crew_lead', cents: 5_000, seconds: 0 },
      { workerId: workerId('max'), role: 'manager', cents: 2_500, seconds: 0 },
    ]);
    const { records, verdict } = await bench.state(target);
    expect(records.job!.bonus).toMatchObject({ proPayIds: [proPay.id], verdict: null });
    expect(verdict).toBeNull();
  });

  it('shows a projection while work runs, and cannot tell without any sign of progress (B-36, B-37)', async () => {
    stopAll.push(bench.stop);
    await putBranch(bench);
    await putWorker(bench, 'ann', 250_000);
    await putJob(bench, 'mow', { recurring: true });
    await putVisit(bench, 'mow', 'v1', { status: 'in_progress' });
    await putBudget(bench, 'mow', 'v1', 10);
    await putTime(bench, { id: 't1', worker: 'ann', job: 'mow', visit: 'v1', hours: 4 });
    await bench.settle();
    const target = { jobId: jobId('mow'), milestoneId: visitId('v1') };
    const first = (await proPayOf(target)).result;
    expect(first).toMatchObject({ outcome: 'cannot-tell', missing: ['progress'], figures: null, completionBp: null });
    expect(first.ifCompleted).toMatchObject({ savedSeconds: 21_600, savingsCents: 15_000 });
    await putVisit(bench, 'mow', 'v1', { status: 'in_progress', percentBp: 5_000 });
    await bench.settle();
    const second = (await proPayOf(target)).result;
    expect(second).toMatchObject({ outcome: 'applies', completionBp: 5_000 });
    expect(second.figures).toMatchObject({ budgetSeconds: 18_000, savingsCents: 2_500 });
    expect(second.ifCompleted).toMatchObject({ savingsCents: 15_000 });
  });

  it('names a missing wage, keeps an open clock and drive time apart', async () => {
    stopAll.push(bench.stop);
    await putBranch(bench);
    await putWorker(bench, 'ann', 250_000);
    await putWorker(bench, 'new', null);
    await putJob(bench, 'mow', { recurring: true });
    await putVisit(bench, 'mow', 'v1', { status: 'completed' });
    await putBudget(bench, 'mow', 'v1', 10);
    await putTime(bench, { id: 't1', worker: 'ann', job: 'mow', visit: 'v1', hours: 4 });
    await putTime(bench, { id: 't2', worker: 'new', job: 'mow', visit: 'v1', hours: 1 });
    await putTime(bench, { id: 't3', worker: 'ann', job: 'mow', visit: 'v1', hours: null });
    await putDrive(bench, { id: 'd1', worker: 'ann', job: 'mow', visit: 'v1', hours: 2 });
    await bench.settle();
    const target = { jobId: jobId('mow'), milestoneId: visitId('v1') };
    expect((await proPayOf(target)).result).toMatchObject({
      outcome: 'cannot-tell',
      missing: [`wage:${workerId('new')}`],
      openEntryIds: [idOf('time', 't3')],
    });
    await putWage(bench, 'new', 200_000, '2026-02-01');
    await bench.settle();
    const priced = (await proPayOf(target)).result;
    expect(priced).toMatchObject({ outcome: 'applies' });
    expect(priced.figures).toMatchObject({ actualSeconds: 18_000, actualCostCents: 12_000 });
    await bench.context((context) => ({ ...context, driveTimeInCost: true }));
    await bench.settle();
    expect((await proPayOf(target)).result.figures).toMatchObject({ actualSeconds: 25_200, actualCostCents: 17_000 });
  });

  it('keeps the verdict why there is no ProPay, and makes one when the reason goes', async () => {
    stopAll.push(bench.stop);
    await putBranch(bench);
    await putJob(bench, 'late', { status: 'pending', startDate: '2025-11-01' });
    await putBudget(bench, 'late', null, 10);
    await bench.settle();
    const target = { jobId: jobId('late'), milestoneId: null };
    expect((await bench.state(target)).verdict).toMatchObject({ code: 'before_launch_date' });
    expect((await bench.state(target)).records.job!.bonus.verdict).toBe('before_launch_date');
    await bench.context((context) => ({ ...context, launch: { mode: 'date', date: '2025-10-01' } }));
    await bench.settle();
    const state = await bench.state(target);
    expect(state.proPay).toMatchObject({ status: 'Active' });
    expect(state.verdict).toBeNull();
    expect(state.records.job!.bonus).toMatchObject({ proPayIds: [state.proPay!.id], verdict: null });
  });

  it('makes one ProPay per visit inside the horizon and none beyond it (M-129)', async () => {
    stopAll.push(bench.stop);
    await putBranch(bench);
    await putJob(bench, 'mow', { recurring: true });
    for (const [name, date] of [
      ['v1', '2026-03-12'],
      ['v2', '2026-06-01'],
    ] as const) {
      await putVisit(bench, 'mow', name, { scheduledDate: date });
      await putBudget(bench, 'mow', name, 5);
    }
    await bench.settle();
    expect((await bench.state({ jobId: jobId('mow'), milestoneId: visitId('v1') })).proPay).not.toBeNull();
    const later = await bench.state({ jobId: jobId('mow'), milestoneId: visitId('v2') });
    expect(later.proPay).toBeNull();
    expect(later.verdict).toMatchObject({ code: 'awaiting_generation' });
  });

  it('cancels an Active ProPay whose job is canceled at the source, with an audit entry (M-138)', async () => {
    stopAll.push(bench.stop);
    const target = await seedFence(bench);
    await bench.settle();
    await putJob(bench, 'fence', { status: 'canceled' });
    await bench.settle();
    const { proPay } = await proPayOf(target);
    expect(proPay).toMatchObject({ status: 'Canceled', revision: 2 });
    const audit = await bench.table.queryAll(bench.scope, { partition: 'T#acme1#AU#2026-03' });
    expect(audit.map((entry) => entry.action)).toEqual(expect.arrayContaining(['propay.created', 'propay.canceled']));
  });

  it('keeps a fixed wage when a new one appears, and takes it by entry date only (B-41)', async () => {
    stopAll.push(bench.stop);
    const target = await seedFence(bench);
    await bench.settle();
    await putWage(bench, 'ann', 300_000, '2026-03-03');
    await bench.settle();
    expect((await proPayOf(target)).result.figures!.actualCostCents).toBe(150_000);
  });
});
