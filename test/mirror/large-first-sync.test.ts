import { afterEach, expect, it } from 'vitest';
import { addDays } from '#kernel/instant.ts';
import { MINUTE, type ModelBench, NOW, startModelBench } from '#test/support/model-bench.ts';
import { ModelSource } from '#test/support/model-source.ts';

let bench: ModelBench;
afterEach(() => bench.stop());

const JOBS = 12;
/** Two years of tickets, one a week. */
const WEEKS = 104;
const PAGE = 60;

function contracts(): ModelSource {
  const source = new ModelSource();
  const at = NOW - 60 * MINUTE;
  source.pageSize = PAGE;
  source.put('branches', { id: 'b1', at, fields: { name: 'Yard' } });
  for (let job = 0; job < JOBS; job++) {
    source.put('jobs', { id: `j${job}`, at, fields: { name: `Contract ${job}`, branchId: 'b1', recurring: true } });
    for (let week = 0; week < WEEKS; week++)
      source.put('milestones', {
        id: `t${job}-${week}`,
        at,
        fields: { jobId: `j${job}`, name: `Week ${week}`, scheduledDate: addDays('2026-03-23', 7 * week) },
      });
  }
  return source;
}

it('a very large first sync goes on in legs, shows its pages as they arrive, and is pending until it is done (X-30)', async () => {
  const source = contracts();
  bench = await startModelBench(source);
  const shown: number[] = [];
  let legs = 0;
  for (let leg = await oneLeg(source, 5); ; leg = await oneLeg(source, 5, leg)) {
    legs += 1;
    shown.push([...(await bench.mirror()).values()].filter(({ entity }) => entity === 'milestone').length);
    if (leg === null) break;
    expect(await bench.state()).toMatchObject({ state: 'pending', firstSyncDone: false, lastSuccessfulAt: null });
  }
  expect(legs).toBeGreaterThan(4);
  // Each leg shows what it has read, long before the last of them ends.
  expect(shown[0]).toBeGreaterThan(0);
  for (const [leg, count] of shown.slice(1, 4).entries()) expect(count).toBeGreaterThan(shown[leg]!);
  expect(shown.at(-1)).toBe(JOBS * WEEKS);
  expect(await bench.state()).toMatchObject({ state: 'active', firstSyncDone: true, openRun: null });
}, 60_000);

/** A leg that has time for so many calls; the message of the next one, null where the run has ended. */
async function oneLeg(source: ModelSource, calls: number, after: { runId: string; leg: number } | null = null) {
  const before = source.calls;
  const result = await bench.run(after === null ? {} : { kind: 'leg', ...after }, {
    remainingMs: () => (source.calls - before < calls ? 180_000 : 1_000),
  });
  if (result.kind === 'continues') return { runId: result.runId, leg: result.leg };
  expect(result).toMatchObject({ kind: 'finished', run: { outcome: 'succeeded', trigger: 'initial' } });
  return null;
}
