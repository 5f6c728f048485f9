import { afterEach, beforeEach, expect, it } from 'vitest';
import { inParallel } from '#kernel/in-parallel.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { putBudget, putJob, putTime, putVisit, putWorker, visitId } from '#test/support/bonus-world.ts';
import { phaseDesk, phasesOn, type ShownPhase } from '#test/support/phase-world.ts';

/** A phased job with more phases than one transaction holds. */

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

const NAMES = Array.from({ length: 120 }, (_, index) => `p${index}`);

it('who approves a phase on figures that moved in all of them is told the present ones, which are kept', async () => {
  await phasesOn(bench, 'independent');
  await putWorker(bench, 'ann', 300_000);
  await putJob(bench, 'house', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
  await inParallel(NAMES, async (name) => {
    await putVisit(bench, 'house', name, { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
    await putBudget(bench, 'house', name, 10);
  });
  await putTime(bench, { id: 't', worker: 'ann', job: 'house', visit: 'p0', hours: 8, date: '2026-03-02' });
  await bench.settle();
  const desk = phaseDesk(bench);
  const first = visitId('p0');
  const seen = (await desk.phase(first)).inputsVersion;
  // Every budget grows before the stream has brought any of them.
  await inParallel(NAMES, async (name) => {
    await putBudget(bench, 'house', name, 12);
  });
  const refused = await desk.approve(first, { inputsVersion: seen });
  expect(refused).toMatchObject({ status: 409, body: { code: 'inputs-changed', difference: { savings: '60.00' } } });
  const shown = (await desk.read()).items;
  expect(shown).toHaveLength(NAMES.length);
  const { inputsVersion } = refused.body as ShownPhase;
  expect(shown.find(({ id }) => id === first)!.inputsVersion).toBe(inputsVersion);
  expect(await desk.approve(first, { inputsVersion })).toMatchObject({ status: 200, body: { approval: { total: '120.00' } } });
  await bench.settle();
  expect((await desk.statuses()).filter((status) => status === 'Approved')).toHaveLength(1);
}, 60_000);
