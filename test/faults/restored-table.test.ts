import { afterEach, describe, expect, it } from 'vitest';
import { quickBooksTimeConnector } from '#functions/sync/quickbooks-time/index.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { exportDesk, seedPaidPeriod } from '#test/support/export-world.ts';
import { diedOf, mortal } from '#test/support/kill-everywhere.ts';
import { MINUTE, NOW, startModelBench } from '#test/support/model-bench.ts';
import { smallCompany } from '#test/support/model-source.ts';
import { type SourceDesk, startSourceDesk } from '#test/support/source-desk.ts';
import { copyTable, restoreTable } from '#test/support/table-copy.ts';

/** A table that was restored to an earlier time (X-35, fault 51). */

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const essence = (mirror: ReadonlyMap<string, MirrorRecord>) =>
  Object.fromEntries([...mirror].map(([key, { fields, tombstone }]) => [key, { fields, gone: tombstone !== null }]).sort());

describe('a table restored to an earlier time (X-35)', () => {
  it('has the next run of every connection read everything, once', async () => {
    const desk: SourceDesk = await startSourceDesk('quickbooks-time', quickBooksTimeConnector);
    stops.push(() => desk.stop());
    const nextRun = async () => {
      desk.pass(20 * 60);
      return (await desk.run())!;
    };
    await desk.connect(desk.account.settings);
    await desk.run();
    const copy = await copyTable(desk.api.db);
    // A day of work that the copy does not have, with stamps that lie before the cursors that it will be read by.
    await desk.order({ put: { jobcodes: [{ id: 17_600_102, name: 'Renamed since' }] } });
    await nextRun();
    const [entry] = [...(await desk.mirror()).keys()].filter((key) => key.startsWith('time:')).sort();
    await desk.order({ delete: { timesheets: [entry!.slice('time:'.length)] } });
    await nextRun();
    const now = essence(await desk.mirror());

    await restoreTable(desk.api.db, copy);
    const repaired = await nextRun();
    expect(repaired).toMatchObject({ trigger: 'repair', mode: 'full', outcome: 'succeeded' });
    expect((await desk.mirror()).get('job:17600102')!.fields).toMatchObject({ name: 'Renamed since' });
    // What is missing now has been missed once; the next complete listing proves it.
    desk.pass(24 * 3_600);
    await desk.run();
    expect(essence(await desk.mirror())).toEqual(now);
    expect(await nextRun()).toMatchObject({ trigger: 'schedule', mode: 'delta' });
  });

  it('goes on with no run that the copy has cut, wherever that was', async () => {
    const companyOf = () => smallCompany(NOW - 60 * MINUTE);
    const whole = await startModelBench(companyOf());
    stops.push(() => whole.stop());
    await whole.runToEnd();
    const expected = essence(await whole.mirror());
    let cut = 0;
    for (let kill = 3; kill <= 60; kill += 3) {
      const guard = { calls: 0, killAt: kill };
      const bench = await startModelBench(companyOf(), { wrapTable: (table) => mortal(table, guard) });
      stops.push(() => bench.stop());
      const died = await diedOf(bench.runToEnd());
      guard.killAt = Number.POSITIVE_INFINITY;
      if (died && (await bench.state()).openRun !== null) cut += 1;
      bench.clock.now += 20 * MINUTE;
      const tenant = { zone: 'America/New_York', currency: 'USD', epoch: 1 };
      const { run } = await bench.runToEnd({}, { tenant });
      expect(run, `cut at call ${kill}`).toMatchObject({ mode: 'full', legs: 1, outcome: 'succeeded' });
      expect(essence(await bench.mirror()), `cut at call ${kill}`).toEqual(expected);
      expect(await bench.state()).toMatchObject({ epoch: 1, openRun: null });
    }
    expect(cut).toBeGreaterThan(5);
  });

  it('repeats nothing that was exported and paid', async () => {
    const bench: BonusBench = await startBonusBench();
    stops.push(() => bench.stop());
    const desk = exportDesk(bench);
    await seedPaidPeriod(bench);
    const { id } = (await desk.prepare()).body;
    await desk.make(id);
    const file = (await desk.file(id)).body;
    const copy = await copyTable(bench.api.db);
    await desk.cancel(id);
    await desk.prepare();

    await restoreTable(bench.api.db, copy);
    await bench.settle();
    expect((await desk.file(id)).body).toBe(file);
    expect((await desk.list()).items.map((one) => [one.id, one.status])).toEqual([[id, 'Exported']]);
    expect((await desk.prepare()).body).toMatchObject({ code: 'already-exported' });
    const { items } = (await bench.api.call<{ items: { status: string }[] }>('GET', '/v1/statements')).body;
    expect(new Set(items.map(({ status }) => status))).toEqual(new Set(['Paid']));
  });
});
