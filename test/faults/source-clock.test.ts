import { afterEach, describe, expect, it } from 'vitest';
import { instantFromMs, msOf } from '#kernel/instant.ts';
import type { Connector } from '#mirror/connector.ts';
import { MINUTE, type ModelBench, NOW, startModelBench } from '#test/support/model-bench.ts';
import { type ModelSource, smallCompany } from '#test/support/model-source.ts';

let bench: ModelBench;
let aheadMs = 0;
afterEach(() => bench.stop());

/** The model source with a clock of its own, which it tells with every page. */
function telling(connector: Connector): Connector {
  const told = () => instantFromMs(bench.clock.now + aheadMs);
  return {
    ...connector,
    open: async (options) => {
      const session = await connector.open(options);
      return { ...session, readPage: async (request) => ({ ...(await session.readPage(request)), sourceTime: told() }) };
    },
  };
}

async function start(hours: number): Promise<ModelSource> {
  aheadMs = hours * 60 * MINUTE;
  const source = smallCompany(NOW + aheadMs - 60 * MINUTE);
  bench = await startModelBench(source, { connector: telling(source.connector()) });
  await bench.runToEnd();
  return source;
}

const rename = (source: ModelSource, name: string) =>
  source.put('jobs', { id: 'j1', at: bench.clock.now + aheadMs, fields: { name, branchId: 'b1' } });
const nameOf = async () => ((await bench.mirror()).get('job:j1')!.fields as { name: string }).name;
const watermark = async () => msOf((await bench.state()).streams.jobs!.watermark!);

describe('a source whose clock is wrong (fault 21)', () => {
  it.each([1, -1])('by an hour (%d) loses nothing: the watermark comes from its own stamps', async (hours) => {
    const source = await start(hours);
    for (let n = 1; n <= 4; n++) {
      rename(source, `Name ${n}`);
      await bench.nextRun();
      expect(await nameOf()).toBe(`Name ${n}`);
      expect(await watermark()).toBeLessThanOrEqual(bench.clock.now + aheadMs);
    }
  });

  it('and goes back an hour, what it stamps behind the watermark is found by the next reconciliation, and nothing goes back', async () => {
    const source = await start(0);
    rename(source, 'Before');
    await bench.nextRun();
    const reached = await watermark();
    aheadMs = -60 * MINUTE;
    source.put('jobs', {
      id: 'j2',
      at: bench.clock.now + aheadMs,
      fields: { name: 'Renamed in the second hour', branchId: 'b1' },
    });
    // Stamped older than what is stored: an older one never replaces a newer one (M-95).
    source.put('jobs', { id: 'j1', at: bench.clock.now + aheadMs, fields: { name: 'Older', branchId: 'b1' } });
    await bench.nextRun();
    expect(await watermark()).toBeGreaterThanOrEqual(reached);
    await bench.nextRun(24 * 60);
    expect(((await bench.mirror()).get('job:j2')!.fields as { name: string }).name).toBe('Renamed in the second hour');
    expect(await nameOf()).toBe('Before');
    expect(await watermark()).toBeGreaterThanOrEqual(reached);
  });
});
