import { afterEach, expect, it } from 'vitest';
import { MINUTE, type ModelBench, NOW, startModelBench } from '#test/support/model-bench.ts';
import { smallCompany } from '#test/support/model-source.ts';

let bench: ModelBench;
afterEach(() => bench.stop());

const parentOf = async (id: string) => {
  const mirror = await bench.mirror();
  const { parentJobId } = mirror.get(`job:${id}`)!.fields as { parentJobId: string | null };
  return [...mirror.values()].find((one) => one.id === parentJobId)?.sourceId ?? null;
};

it('jobs that are each other’s parent, or their own, are stored as they are, once, and no run turns in circles (fault 27)', async () => {
  const at = NOW - 60 * MINUTE;
  const source = smallCompany(at);
  source.put('jobs', { id: 'j1', at, fields: { name: 'One', branchId: 'b1', parentJobId: 'j2' } });
  source.put('jobs', { id: 'j2', at, fields: { name: 'Two', branchId: 'b1', parentJobId: 'j1' } });
  source.put('jobs', { id: 'j3', at, fields: { name: 'Three', branchId: 'b1', parentJobId: 'j3' } });
  bench = await startModelBench(source);
  await bench.runToEnd();
  expect([await parentOf('j1'), await parentOf('j2'), await parentOf('j3')]).toEqual(['j2', 'j1', 'j3']);
  for (const minutes of [20, 61, 24 * 60]) {
    const calls = source.calls;
    const run = await bench.nextRun(minutes);
    expect([run.outcome, run.legs]).toEqual(['succeeded', 1]);
    expect(source.calls - calls).toBeLessThan(40);
    for (const { counts } of run.streams) expect(counts.changed + counts.created).toBe(0);
  }
});
