import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { aboveStraightPay } from '#bonus/rules/no-caps.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { putBranch, putBudget, putJob, putTime, putWorker, workerId } from '#test/support/bonus-world.ts';
import { deskOfJob } from '#test/support/propay-desk.ts';

describe('a payout beside the straight pay of the same work (B-62)', () => {
  const time = (workerId: string, seconds: number, wageE4: number | null) => ({ workerId, seconds, wageE4 });
  const payout = (workerId: string, cents: number) => ({ workerId, role: 'crew' as const, cents });

  test('is above it from one cent more on, over all entries and wages together', () => {
    const isAbove = aboveStraightPay([time('ann', 36_000, 250_000), time('ann', 1_800, 300_000), time('bob', 3_600, 250_000)]);
    expect([26_500, 26_501].map((cents) => isAbove(payout('ann', cents)))).toEqual([false, true]);
    expect([2_500, 2_501].map((cents) => isAbove(payout('bob', cents)))).toEqual([false, true]);
    expect(isAbove(payout('bob', -2_501))).toBe(false);
  });

  test('counts fractions of a cent exactly, beyond what a double holds', () => {
    const isAbove = aboveStraightPay([time('ann', 1, 360_001), time('big', 1_000_000_000, 100_000_000)]);
    expect([isAbove(payout('ann', 1)), isAbove(payout('ann', 2))]).toEqual([false, true]);
    expect(isAbove(payout('big', 277_777_777_777))).toBe(false);
    expect(isAbove(payout('big', 277_777_777_778))).toBe(true);
  });

  test('is not compared where there is no own time, or no wage', () => {
    const isAbove = aboveStraightPay([time('ann', 3_600, null), time('bob', 0, 250_000)]);
    expect(['ann', 'bob', 'max'].map((who) => isAbove(payout(who, 1_000_000)))).toEqual([false, false, false]);
  });
});

describe('the approver', () => {
  let bench: BonusBench;
  beforeEach(async () => {
    bench = await startBonusBench();
    await putBranch(bench);
    for (const name of ['ann', 'bob', 'max']) await putWorker(bench, name, 250_000);
  });
  afterEach(() => bench.stop());

  /** Ann 10 h, Bob 30 h of 100 h: the crew's 2/3 by head gives both more than Ann has earned. */
  async function shed(): Promise<void> {
    await bench.context((context) => ({ ...context, pools: [{ ...POOL, distribution: { formula: 'per_head' } }] }));
    await putJob(bench, 'shed', {
      status: 'completed',
      completedAt: '2026-03-06T20:00:00.000Z',
      managerId: workerId('max'),
    });
    await putBudget(bench, 'shed', null, 100);
    await putTime(bench, { id: 'a', worker: 'ann', job: 'shed', hours: 10 });
    await putTime(bench, { id: 'b', worker: 'bob', job: 'shed', hours: 30 });
    await bench.settle();
  }

  it('is told of it, and may approve all the same: there is no cap', async () => {
    await shed();
    const desk = deskOfJob(bench, 'shed');
    const { warnings, result } = await desk.get();
    expect(warnings).toEqual(['payout-above-straight-pay']);
    // 60 h saved at 25.00: 750.00 for the people, 525.00 of it for the crew; 250.00 earned Ann straight.
    expect(result.payouts).toEqual(
      expect.arrayContaining([
        { workerId: workerId('ann'), role: 'crew', amount: '262.50', seconds: 36_000, aboveStraightPay: true },
        { workerId: workerId('bob'), role: 'crew', amount: '262.50', seconds: 108_000 },
        { workerId: workerId('max'), role: 'manager', amount: '75.00', seconds: 0 },
      ]),
    );
    const approved = await desk.approve();
    expect([approved.status, approved.body.status]).toEqual([200, 'Approved']);
  });

  it('alone is told, not whose money it is', async () => {
    await shed();
    const tokenId = await bench.api.grant('worker', { workerId: workerId('ann') });
    const { warnings, result } = await deskOfJob(bench, 'shed').get({ tokenId });
    expect(warnings).toEqual([]);
    expect(result.payouts).toEqual([{ workerId: workerId('ann'), role: 'crew', amount: '262.50', seconds: 36_000 }]);
  });

  it('hears nothing of payouts that are not above it', async () => {
    await shed();
    await putTime(bench, { id: 'a2', worker: 'ann', job: 'shed', hours: 20, date: '2026-03-03' });
    await bench.settle();
    const { warnings, result } = await deskOfJob(bench, 'shed').get();
    expect(warnings).toEqual([]);
    expect(result.payouts?.filter((one) => 'aboveStraightPay' in one)).toEqual([]);
    expect(result.payouts?.map(({ workerId: id }) => id)).toContain(workerId('ann'));
  });
});
