import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shownWage } from '#bonus/inputs/overrides.ts';
import { gather } from '#functions/bonus/gather.ts';
import { showsSame } from '#model/bonus-block.ts';
import { jobKey, milestoneKey, workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { NO_FACTS } from '#model/own-facts.ts';
import { firstProPayId } from '#model/propay-item.ts';
import type { Table } from '#store/table.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  jobId,
  putBranch,
  putBudget,
  putJob,
  putTime,
  putVisit,
  putWage,
  putWorker,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';
import { nightHandler } from '#test/support/night.ts';

let bench: BonusBench;
/** Actions that the functions have written to blocks of records. */
let blocks = 0;
beforeEach(async () => {
  blocks = 0;
  bench = await startBonusBench({
    wrap: (table) => ({
      ...table,
      write: (async (scope, actions, token) => {
        blocks += actions.filter((action) => action.kind === 'update' && action.update.expression === 'SET #b = :b').length;
        return table.write(scope, actions, token);
      }) as Table['write'],
    }),
  });
});
afterEach(() => bench.stop());

const gone = { tombstone: { at: '2026-03-09T00:00:00.000Z', runId: 'R', reason: 'feed' as const } };
const jobBlock = async (name: string) => (await bench.state({ jobId: jobId(name), milestoneId: null })).records.job!.bonus;
const visitBlock = async (job: string, name: string) =>
  (await bench.state({ jobId: jobId(job), milestoneId: visitId(name) })).records.milestones[0]!.bonus;
const wagesOf = async (name: string) =>
  decodeMirrorRecord((await bench.table.get(bench.scope, workerKey(bench.scope, workerId(name))))!).bonus;

describe('what the bonus layer keeps for list rows', () => {
  it('a job shows all its ProPays however many of its visits are settled at the same time', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `v${i}`);
    await putBranch(bench);
    await putJob(bench, 'mow', { recurring: true });
    for (const name of names) {
      await putVisit(bench, 'mow', name);
      await putBudget(bench, 'mow', name, 5);
    }
    await bench.feed(await bench.inputs());
    const ids = names.map((name) => firstProPayId({ jobId: jobId('mow'), milestoneId: visitId(name) }));
    expect([...(await jobBlock('mow')).proPayIds].sort()).toEqual(ids.sort());
    // One for each visit, and far fewer than that for the job.
    expect(blocks).toBeLessThanOrEqual(names.length + 6);
  });

  it('loses no id where several processes settle visits of one job at once', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `v${i}`);
    await putBranch(bench);
    await putJob(bench, 'mow', { recurring: true });
    const batches = [await bench.inputs()];
    for (const name of names) {
      await putBudget(bench, 'mow', name, 5);
      await putVisit(bench, 'mow', name);
      batches.push(await bench.inputs());
    }
    expect((await Promise.all(batches.map((batch) => bench.feed(batch)))).flat()).toEqual([]);
    expect((await jobBlock('mow')).proPayIds).toHaveLength(names.length);
  });

  it('the wage in force today, and on its day the one announced, without anybody waking up', async () => {
    await putWorker(bench, 'ann', 250_000, '2026-01-01');
    await putWage(bench, 'ann', 200_000, '2025-01-01');
    await putWage(bench, 'ann', 275_000, '2026-04-01');
    await bench.settle();
    const block = await wagesOf('ann');
    expect(block.wages).toEqual([
      { effectiveFrom: '2026-01-01', rateE4: 250_000, currency: 'USD' },
      { effectiveFrom: '2026-04-01', rateE4: 275_000, currency: 'USD' },
    ]);
    const shownOn = (day: string) => shownWage({ bonus: block, own: NO_FACTS }, day)?.wageE4 ?? null;
    expect(['2025-12-31', '2026-03-31', '2026-04-01'].map(shownOn)).toEqual([null, 250_000, 275_000]);
    await putWage(bench, 'ann', 250_000, '2026-01-01', gone);
    await putWage(bench, 'ann', 275_000, '2026-04-01', gone);
    await bench.settle();
    expect((await wagesOf('ann')).wages.map(({ rateE4 }) => rateE4)).toEqual([200_000]);
  });

  it('a wage that was there before its worker is shown once the worker is', async () => {
    await putWage(bench, 'new', 210_000, '2026-02-01');
    await bench.settle();
    await putWorker(bench, 'new', null);
    await bench.settle();
    expect((await wagesOf('new')).wages.map(({ rateE4 }) => rateE4)).toEqual([210_000]);
  });

  it('budget and begun of a job and its milestones, as time comes and goes (M-31)', async () => {
    await putBranch(bench);
    await putWorker(bench, 'ann', 250_000);
    await putJob(bench, 'wall', { status: 'pending' });
    await putVisit(bench, 'wall', 'm1', { status: 'pending' });
    await putBudget(bench, 'wall', null, 80);
    await putBudget(bench, 'wall', 'm1', 20);
    await bench.settle();
    const shown = async () => [await jobBlock('wall'), await visitBlock('wall', 'm1')].map((block) => block.begun);
    expect((await jobBlock('wall')).budget).toMatchObject({ budgetSeconds: 288_000, basis: 'HoursEst', tasks: [] });
    expect((await visitBlock('wall', 'm1')).budget).toMatchObject({ budgetSeconds: 72_000 });
    expect(await shown()).toEqual([false, false]);
    await putTime(bench, { id: 't1', worker: 'ann', job: 'wall', visit: 'm1', hours: 1 });
    await bench.settle();
    expect(await shown()).toEqual([true, true]);
    await putTime(bench, { id: 't1', worker: 'ann', job: 'wall', visit: 'm1', hours: 1 }, {}, gone);
    await bench.settle();
    expect(await shown()).toEqual([false, false]);
    await putVisit(bench, 'wall', 'm1', { status: 'scheduled' });
    await bench.settle();
    expect(await shown()).toEqual([true, false]);
  });

  it('the same of a recurring job, whose visits know only their own time', async () => {
    await putBranch(bench);
    await putWorker(bench, 'ann', 250_000);
    await putJob(bench, 'mow', { recurring: true, status: 'pending' });
    for (const name of ['v1', 'v2']) await putVisit(bench, 'mow', name, { status: 'pending' });
    await putBudget(bench, 'mow', null, 100);
    await bench.settle();
    const shown = async () => {
      const all = [await jobBlock('mow'), await visitBlock('mow', 'v1'), await visitBlock('mow', 'v2')];
      return all.map((block) => block.begun);
    };
    expect((await jobBlock('mow')).budget).toMatchObject({ budgetSeconds: 360_000 });
    expect(await shown()).toEqual([false, false, false]);
    const time = (visit: string, envelope = {}) =>
      putTime(bench, { id: `t-${visit}`, worker: 'ann', job: 'mow', visit, hours: 1 }, {}, envelope);
    await time('v1');
    await time('v2');
    await bench.settle();
    expect(await shown()).toEqual([true, true, true]);
    await time('v1', gone);
    await bench.settle();
    expect(await shown()).toEqual([true, false, true]);
    await time('v2', gone);
    await bench.settle();
    expect(await shown()).toEqual([false, false, false]);
    // A job's own budget and its visits' in one batch.
    await putBudget(bench, 'mow', null, 50);
    await putBudget(bench, 'mow', 'v1', 5);
    await bench.settle();
    expect((await jobBlock('mow')).budget).toMatchObject({ budgetSeconds: 180_000 });
    expect((await visitBlock('mow', 'v1')).budget).toMatchObject({ budgetSeconds: 18_000 });
  });

  it('is written only when different, and heals with the next pass', async () => {
    await putBranch(bench);
    await putWorker(bench, 'ann', 250_000);
    await putJob(bench, 'mow', { recurring: true });
    await putVisit(bench, 'mow', 'v1');
    await putBudget(bench, 'mow', 'v1', 5);
    const first = await bench.inputs();
    await bench.feed(first);
    await putTime(bench, { id: 't1', worker: 'ann', job: 'mow', visit: 'v1', hours: 1 });
    const second = await bench.inputs();
    await bench.feed(second);
    const [done, whole] = [blocks, [await jobBlock('mow'), await visitBlock('mow', 'v1'), await wagesOf('ann')]];
    for (const batch of [second, first, [...second, ...first]]) await bench.feed(batch);
    await putTime(bench, { id: 't2', worker: 'ann', job: 'mow', visit: 'v1', hours: 2 });
    await bench.settle();
    expect(blocks).toBe(done);
    for (const key of [
      workerKey(bench.scope, workerId('ann')),
      jobKey(bench.scope, jobId('mow')),
      milestoneKey(bench.scope, jobId('mow'), visitId('v1')),
    ])
      await bench.table.write(bench.scope, [{ kind: 'update', key, update: { expression: 'REMOVE #b', names: { '#b': 'b' } } }]);
    expect(await bench.inputs()).not.toHaveLength(0);
    for (let day = 17; day < 24; day++)
      await nightHandler({ ...bench.ports, dueToday: async () => ['acme1'] })({ time: `2026-03-${day}T12:00:00.000Z` }, 'tick');
    const healed = [await jobBlock('mow'), await visitBlock('mow', 'v1'), await wagesOf('ann')];
    expect(healed.every((block, at) => block.revision === 1 && showsSame(block, whole[at]!))).toBe(true);
  });
});

describe('gathering', () => {
  it('serves who comes during a round together in the next one, and each its own answer', async () => {
    const rounds: number[][] = [];
    const ask = gather<number, number>(async (_key, asked) => {
      rounds.push([...asked]);
      await Promise.resolve();
      if (asked.includes(13)) throw new Error('unlucky');
      return asked.map((one) => one * 2);
    });
    expect(await Promise.all([1, 2, 3].map((one) => ask('a', one)))).toEqual([2, 4, 6]);
    expect(rounds).toEqual([[1], [2, 3]]);
    await expect(ask('a', 13)).rejects.toThrow('unlucky');
    expect(await ask('a', 4)).toBe(8);
  });
});
