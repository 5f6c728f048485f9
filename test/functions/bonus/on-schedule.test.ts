import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { readProPay, updateResultAction } from '#store/propay-repository.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBranch, putBudget, putJob, putVisit, seedFence, visitId } from '#test/support/bonus-world.ts';
import { nightHandler } from '#test/support/night.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

const tick = (time: string) =>
  nightHandler({ ...bench.ports, dueToday: async (hour) => (hour === 12 ? ['acme1', 'absent1', 'not a tenant'] : []) })(
    { time },
    'tick',
  );

describe('the daily work', () => {
  it('makes the ProPay of a visit that has come inside the horizon (M-129)', async () => {
    await putBranch(bench);
    await putJob(bench, 'mow', { recurring: true });
    await putVisit(bench, 'mow', 'v1', { scheduledDate: '2026-03-30' });
    await putBudget(bench, 'mow', 'v1', 5);
    await bench.settle();
    const target = { jobId: jobId('mow'), milestoneId: visitId('v1') };
    expect((await bench.state(target)).verdict).toMatchObject({ code: 'awaiting_generation' });
    bench.api.pass(7 * 86_400);
    await tick('2026-03-17T11:00:00.000Z');
    expect((await bench.state(target)).proPay).toBeNull();
    await tick('2026-03-17T12:00:00.000Z');
    const state = await bench.state(target);
    expect(state.proPay).toMatchObject({ status: 'Active' });
    expect(state.verdict).toBeNull();
  });

  it('finds a stored result that is not what its inputs say, reports it, and puts it right (I15)', async () => {
    const target = await seedFence(bench);
    await bench.settle();
    const { proPay, result } = (await readProPay(bench.table, bench.scope, firstProPayId(target)))!;
    const wrong = { ...result, calcRev: result.calcRev + 1, figures: { ...result.figures!, savingsCents: 1 } };
    await bench.table.write(bench.scope, [updateResultAction(bench.scope, proPay, wrong, result.calcRev)]);
    const reports = () => bench.api.logs.flatMap((line) => line.ResultDifferences ?? []);
    await tick('2026-03-17T12:00:00.000Z');
    expect(reports()).toEqual([1]);
    await tick('2026-03-18T12:00:00.000Z');
    expect(reports()).toEqual([1, 0]);
    expect((await readProPay(bench.table, bench.scope, proPay.id))!.result.figures!.savingsCents).toBe(50_000);
  });

  it('does the other tenants before it reports that one has failed', async () => {
    await seedFence(bench);
    await bench.settle();
    const broken = { ...bench.ports.table, queryAll: async () => Promise.reject(new Error('out of reach')) };
    const handle = nightHandler({ ...bench.ports, table: broken, dueToday: async () => ['absent1', 'acme1'] });
    await expect(handle({ time: '2026-03-17T12:00:00.000Z' }, 'tick')).rejects.toThrow('1 tenants failed');
  });
});
